"""What a study would cost, before it starts: counted, and corrected by finished runs."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from isogloss.core import Language
from isogloss.models import ModelSize, model_size
from isogloss.study.plan.arithmetic import Work, forward_pass, memory_mb, update
from isogloss.study.plan.calibration import Calibration, planned_runs
from isogloss.study.plan.pretraining import counting_context
from isogloss.study.plan.runs import Run, StudyPlan
from isogloss.study.plan.speed import Speed, measure_speed
from isogloss.study.store.prepared import Prepared
from isogloss.study.store.run_folder import run_folder
from isogloss.tasks import task_form
from isogloss.training import MaskedLMObjective

# Rows that dev loss and scores are computed on, as in study/run.
_DEV_ROWS, _SCORED_ROWS, _DEV_EXAMPLES = 48, 4096, 200
# Labelled sentences are short: a third of the longest row is a fair guess until they are read. What
# may take several rows, as paragraphs do, is read.
_SENTENCE: Final = 1 / 3
# Translations of a language that are looked for among one another, each a sentence.
_TRANSLATIONS: Final = 1000
# Translations on which a checkpoint is held against what training made of it, as in study/run.
_GUARDED: Final = 200
_GUARDED_IN_FINETUNING: Final = 40
# Forward-backward passes of one measurement of the languages' gradients.
_MEASURED: Final = 1.4
_FORWARD: Final = 1 / 3
# Stages whose training reads whole rows of text.
_ON_TEXT: Final = ("start", "pretrain")
# Calls of a layer that take as long as a run needs to begin and to end, and a study beside its
# runs: to load libraries, encode text, write tables and the report.
_CALLS_OF_A_RUN, _CALLS_OF_A_STUDY = 120.0, 6_000.0


@dataclass(frozen=True)
class RunCost:
    """The cost of one run.

    Attributes:
        seconds: of one core of this machine.
        memory_mb: of its process.
        epochs: how often each language's text is read, by language; of a pretraining only.
        timed: whether the time is that of finished runs like it, and not counted alone.
    """

    seconds: float
    memory_mb: float
    epochs: dict[str, float]
    timed: bool = False


@dataclass(frozen=True)
class Estimate:
    """The cost of a study.

    Attributes:
        n_runs: trainings and scores in all.
        n_finished: of them done already.
        n_open: choices still to be made; the runs of the chosen setting come on top.
        passes: forward-backward passes of the runs to do.
        seconds: of one core, for the runs to do and all that is around them.
        memory_mb: of the largest run's process.
        timed_by: folders of finished runs that times are taken from, and how many runs of each.
        runs: cost of each run that is to do, by run id.
    """

    n_runs: int
    n_finished: int
    n_open: int
    passes: float
    seconds: float
    memory_mb: float
    timed_by: dict[str, int]
    runs: dict[str, RunCost]

    @property
    def n_timed(self) -> int:
        """Runs to do whose time is that of finished runs like them; the rest is counted."""
        return sum(one.timed for one in self.runs.values())

    def first_stage(self, plan: StudyPlan, seeds: tuple[int, ...]) -> "Estimate":
        """Return the part of it that is the first stage of seeds until decided.

        Args:
            plan: with the runs of all seeds.
            seeds: of the first stage.
        """
        part = {run_id: run for run_id, run in plan.runs.items() if run.plan.seed in seeds}
        costs = {run_id: one for run_id, one in self.runs.items() if run_id in part}
        around = self.seconds - sum(one.seconds for one in self.runs.values())
        left = [part[run_id] for run_id in costs]
        return replace(
            self,
            n_runs=len(part),
            n_finished=len(part) - len(costs),
            passes=sum(run.updates * run.plan.passes for run in left),
            seconds=sum(one.seconds for one in costs.values()) + (around if costs else 0.0),
            memory_mb=max((one.memory_mb for one in costs.values()), default=0.0),
            runs=costs,
        )


def estimate(plan: StudyPlan, prepared: Prepared, like: Path | None = None) -> Estimate:
    """Count the work of the runs to do and divide it by the speed of this machine.

    Where runs like them are finished, their times are corrected by those (`calibration.py`).

    Args:
        plan: of the study.
        prepared: its material; its folder holds the finished runs.
        like: folder of another study whose finished runs say how long such runs take.
    """
    finished = {one for one in plan.runs if run_folder(prepared.folder, one).is_finished()}
    left = {run_id: run for run_id, run in plan.runs.items() if run_id not in finished}
    speed = measure_speed()
    known = _calibration(plan, prepared, speed, like) if left else Calibration()
    counted = {run_id: cost_of(run, prepared, speed) for run_id, run in left.items()}
    costs = {
        run_id: cost
        if (factor := known.factor(left[run_id])) is None
        else replace(cost, seconds=cost.seconds * factor, timed=True)
        for run_id, cost in counted.items()
    }
    around = speed.seconds(Work(_CALLS_OF_A_STUDY, 0, 0)) if left else 0.0
    return Estimate(
        n_runs=len(plan.runs),
        n_finished=len(finished),
        n_open=len(plan.open_choices),
        passes=sum(run.updates * _passes(run) for run in left.values()),
        seconds=sum(cost.seconds for cost in costs.values()) + around,
        memory_mb=max((cost.memory_mb for cost in costs.values()), default=0.0),
        timed_by=known.sources,
        runs=costs,
    )


def _calibration(
    plan: StudyPlan, prepared: Prepared, speed: Speed, like: Path | None
) -> Calibration:
    """Return what the finished runs of a study, and of another, say of times."""
    known = Calibration()
    known.learn(
        plan.runs.values(), prepared.folder, lambda run: cost_of(run, prepared, speed).seconds
    )
    other = planned_runs(like) if like is not None and like != prepared.folder else None
    if like is not None and other is not None:
        runs, material = other
        known.learn(runs.values(), like, lambda run: cost_of(run, material, speed).seconds)
    return known


def cost_of(run: Run, prepared: Prepared, speed: Speed) -> RunCost:
    """Return the cost of one run.

    Args:
        run: of a plan.
        prepared: material, for sizes of text and numbers of examples.
        speed: of this machine.
    """
    size = model_size(run.model)
    vocabulary = prepared.trimmed_tokens or size.vocabulary or prepared.vocabulary_size
    shape = _Shape(size, vocabulary, _predicted(run))
    work = Work(_CALLS_OF_A_RUN, 0, 0)
    for part in (_training(run, prepared, shape), _tests(run, prepared, shape)):
        work = work.plus(part)
    memory = memory_mb(
        size,
        vocabulary if run.stage != "finetune" else 0,
        rows=run.plan.rows,
        length=run.plan.length,
        predicted=shape.predicted,
    )
    return RunCost(speed.seconds(work), memory, _epochs(run, prepared))


@dataclass(frozen=True)
class _Shape:
    """A model with its output layer, and the share of tokens that the layer sees."""

    size: ModelSize
    vocabulary: int
    predicted: float

    def forward(self, rows: float, length: float) -> Work:
        return forward_pass(
            self.size, self.vocabulary, rows=rows, length=length, predicted=self.predicted
        )

    def update(self, rows: float, length: float) -> Work:
        return update(
            self.size, self.vocabulary, rows=rows, length=length, predicted=self.predicted
        )


def _predicted(run: Run) -> float:
    """Return the share of tokens that are predicted; a task's own output layer costs nothing."""
    objective = run.plan.objective
    return objective.rate if isinstance(objective, MaskedLMObjective) else 0.0


def _passes(run: Run) -> float:
    """Return what an update costs; the encoder of a head that is trained alone has no backward."""
    return _FORWARD if run.stage == "start" else run.plan.passes


def _training(run: Run, prepared: Prepared, shape: _Shape) -> Work:
    """Return the work of a run's updates and of the measurements of gradients between them."""
    length = float(run.plan.length)
    if run.stage == "finetune":
        shapes = [_row_shape(run, prepared, language, "train") for language in run.learned]
        length = sum(mean for _, mean in shapes) / len(shapes)
    measured = run.updates / run.conflict * _MEASURED if run.conflict else 0.0
    passes = run.updates * _passes(run) + measured
    return shape.update(run.plan.rows, length).times(passes)


def _tests(run: Run, prepared: Prepared, shape: _Shape) -> Work:
    """Return the work of dev losses along a run and of the scores at its end."""
    length = run.plan.length
    if run.stage in _ON_TEXT:
        points = run.dev_points if run.updates else 1
        rows = points * _DEV_ROWS * len(run.plan.languages)
        guarded = shape.forward(2 * _GUARDED * len(run.translations), length * _SENTENCE)
        return shape.forward(rows, length).plus(guarded)
    if run.stage == "finetune":
        n_guarded = 2 * _GUARDED_IN_FINETUNING * len(run.translations)
        work = shape.forward(n_guarded, length * _SENTENCE)
        for target in run.targets:
            per_example, mean = _row_shape(run, prepared, target, run.scored_on)
            n_examples = prepared.n_examples(run.task, target, run.scored_on)
            work = work.plus(shape.forward(n_examples * per_example, mean))
        for language in run.learned if run.is_joint else ():
            if prepared.n_examples(run.task, language, "dev"):
                per_example, mean = _row_shape(run, prepared, language, "train")
                n_examples = _DEV_EXAMPLES * run.dev_points
                work = work.plus(shape.forward(n_examples * per_example, mean))
        return work
    rows = sum(
        min(_SCORED_ROWS, prepared.n_tokens(one, run.scored_on) // (length - 1))
        for one in run.targets
    )
    translated = _TRANSLATIONS * sum(
        prepared.has_parallel(run.targets[0], one, run.scored_on) for one in run.targets[1:]
    )
    return shape.forward(rows, length).plus(shape.forward(2 * translated, length * _SENTENCE))


def _row_shape(run: Run, prepared: Prepared, language: Language, split: str) -> tuple[float, float]:
    """Return (rows per example, mean positions of a row) of a fine-tuning's task."""
    if task_form(run.task).one_row:
        return 1.0, run.plan.length * _SENTENCE
    return prepared.row_shape(run.task, language, split, run.plan.length)


def _epochs(run: Run, prepared: Prepared) -> dict[str, float]:
    """Return how often a pretraining reads each language's text."""
    if run.stage != "pretrain":
        return {}
    sampler = run.plan.sampler.build(counting_context(prepared, run.plan))
    epochs = sampler.epochs_per_language(run.updates).tolist()
    return {str(one): value for one, value in zip(run.plan.languages, epochs, strict=True)}
