"""What a study would cost, before it starts."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch

from isogloss.models import create_model
from isogloss.study.plan.pretraining import text_context
from isogloss.study.plan.runs import Run
from isogloss.study.plan.study_plan import StudyPlan
from isogloss.study.store.prepare import Prepared
from isogloss.study.store.run_folder import run_folder
from isogloss.training import PlainEngine, Training

_WARM_UP, _TIMED = 2, 5


@dataclass(frozen=True)
class Estimate:
    """The cost of a study.

    Attributes:
        n_runs: trainings and scores in all.
        n_finished: of them done already.
        n_open: choices still to be made; the runs of the chosen setting come on top.
        passes: forward-backward passes of the runs to do.
        seconds: estimated for one process after the other.
    """

    n_runs: int
    n_finished: int
    n_open: int
    passes: float
    seconds: float


def estimate(plan: StudyPlan, prepared: Prepared) -> Estimate:
    """Time a few updates of one pretraining on this machine and scale them to all trainings.

    Labelled sentences are taken to be a third as long as a row of text.
    """
    finished = {one for one in plan.runs if run_folder(prepared.folder, one).is_finished()}
    left = [run for run_id, run in plan.runs.items() if run_id not in finished and run.updates]
    passes = sum(run.updates * _passes(run, prepared) for run in left)
    seconds = 0.0
    if left:
        plain = (run for run in left if run.stage == "pretrain" and not run.plan.claims)
        sample = next(plain, None)
        rate = _seconds_per_token(sample or _any_pretraining(plan), prepared)
        seconds = sum(rate * _tokens(run) * _passes(run, prepared) for run in left)
    return Estimate(len(plan.runs), len(finished), len(plan.open_choices), passes, seconds)


def _passes(run: Run, prepared: Prepared) -> float:
    """Return the forward-backward passes of one update."""
    return run.plan.passes


def _any_pretraining(plan: StudyPlan) -> Run:
    return next(run for run in plan.runs.values() if run.stage == "pretrain")


def _tokens(run: Run) -> float:
    """Return the tokens of a run, labelled sentences taken to be a third of the longest row."""
    tokens = float(run.updates * run.plan.rows * run.plan.length)
    return tokens if run.stage == "pretrain" else tokens / 3


def _seconds_per_token(run: Run, prepared: Prepared) -> float:
    """Time a few updates of a pretraining; nothing is written.

    On one thread, as a worker of the pool has it, and the fastest counts: on a machine that does
    other work, threads that wait for one another took thirty times as long.
    """
    model = create_model(
        run.model,
        tokenizer=prepared.tokenizer,
        languages=run.plan.languages,
        modules=run.plan.modules,
        seed=run.plan.seed,
    )
    training = Training(
        plan=run.plan,
        model=model,
        context=text_context(prepared, run.plan),
        engine=PlainEngine(run.plan.precision, width=model.hidden_size),
        slots=model.language_specific_names(),
    )
    taken = []
    with _one_thread():
        for update in range(_WARM_UP + _TIMED):
            began = time.perf_counter()
            training.step.update(update, training.sampler.batch(update))
            taken.append(time.perf_counter() - began)
    return min(taken[_WARM_UP:]) / (run.plan.rows * run.plan.length)


@contextmanager
def _one_thread() -> Iterator[None]:
    """Compute on one thread inside."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
