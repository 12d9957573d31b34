"""How a pretrained model is fine-tuned and tested: which weights move, through which modules."""

import math
from dataclasses import dataclass

from isogloss.core import Language
from isogloss.study.plan.measures import measured_with_run
from isogloss.study.plan.plain_step import plain_step
from isogloss.study.plan.runs import Run
from isogloss.study.spec.spec import StudySpec
from isogloss.study.store.prepared import Prepared
from isogloss.tasks import task_form
from isogloss.training import (
    TaskSampling,
    TrainingPlan,
    WeightedSum,
)


@dataclass(frozen=True)
class Protocol:
    """One way of fine-tuning on a language, and what it is tested on.

    Attributes:
        task: name.
        targets: languages to test on.
        language_modules: "frozen" or "tuned".
        route: whose modules a test runs through, "target" or "source".
    """

    task: str
    targets: tuple[Language, ...]
    language_modules: str = "frozen"
    route: str = "target"


def protocols(
    spec: StudySpec, prepared: Prepared, parent: Run, task: str, source: Language
) -> list[Protocol]:
    """Return how a model is fine-tuned on a language.

    Without language-specific modules there is one way. With them: tests on the language itself by
    W1 (its modules tuned, the default) or W2 (frozen), tests on other languages by Z1 (frozen,
    routed through the target's, the default), Z2 (tuned, target's) or Z3 (tuned, source's). Where
    the two kinds of test need two trainings, `zero_shot_from: pivot` leaves out the second for
    languages other than the first.
    """
    languages = parent.plan.languages
    targets = tuple(one for one in languages if prepared.n_examples(task, one, spec.scored_on) > 0)
    if all(module.shared for module in parent.plan.modules):
        return [Protocol(task, targets)]
    modules, route = spec.finetuning.language_modules, spec.finetuning.route
    if modules.within_language == modules.zero_shot:
        return [Protocol(task, targets, modules.zero_shot, route)]
    own = tuple(one for one in targets if one == source)
    wanted = spec.finetuning.zero_shot_from == "all" or source == languages[0]
    others = tuple(one for one in targets if one != source and wanted)
    both = (
        Protocol(task, own, modules.within_language),
        Protocol(task, others, modules.zero_shot, route),
    )
    return [protocol for protocol in both if protocol.targets]


def finetuning_run(
    spec: StudySpec, prepared: Prepared, parent: Run, source: Language, protocol: Protocol
) -> Run:
    """Return the fine-tuning of a pretrained model on one language of a task."""
    task = protocol.task
    settings = spec.finetuning.of(task)
    n_rows = prepared.n_rows(task, source, settings.max_examples, settings.length)
    return Run(
        stage="finetune",
        plan=TrainingPlan(
            languages=parent.plan.languages,
            updates=finetune_updates(n_rows, settings.rows, settings.epochs),
            rows=settings.rows,
            length=settings.length,
            seed=parent.plan.seed,
            sampler=TaskSampling(settings.epochs),
            modules=(),
            objective=task_form(task).objective(),
            combine=WeightedSum(),
            step=plain_step(settings),
            precision=spec.precision,
        ),
        model=spec.model,
        material=prepared.task_material(task, (source, *protocol.targets)),
        task=task,
        targets=protocol.targets,
        source_language=source,
        starts_from=parent.run_id,
        language_modules=protocol.language_modules,
        route=protocol.route,
        max_examples=settings.max_examples,
        scored_on=spec.scored_on,
        translations=parent.translations,
        measures=measured_with_run(spec, "finetune"),
        checkpoint_seconds=spec.logging.checkpoint_seconds,
        tensorboard=spec.logging.tensorboard,
    )


def finetune_updates(n_rows: int, rows: int, epochs: int) -> int:
    """Return the updates of `epochs` passes over the rows of the examples."""
    return math.ceil(n_rows / rows) * epochs
