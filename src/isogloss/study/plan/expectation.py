"""What a study of a size can be expected to find, from the spread of one that is finished."""

import csv
import math
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from isogloss.core import METRICS
from isogloss.statistics import minimum_detectable_effect
from isogloss.study.plan.spread import freedom_of, plateau_of, spread_of
from isogloss.study.spec.spec import StudySpec
from isogloss.study.store.prepared import Prepared

if TYPE_CHECKING:
    import pandas as pd

# Written by results/summarise.py from results/: what finished studies measured.
_KEPT: Final = Path(__file__).parent
_SCORED_ROWS: Final = 4096
Row = Mapping[str, Any]


@dataclass(frozen=True)
class ExpectedEffect:
    """What is found with probability 0.8 where it is there.

    Attributes:
        task: name.
        metric: of the difference.
        smallest_found: smallest difference between alone and together, in the metric's unit.
        of_interest: the smallest that matters; of a metric whose rule is relative, a share of what
            the monolingual models of the finished study had.
        seeds: that the plan has.
        seeds_needed: for the effect of interest; None = 99 are not enough, because the test
            examples alone leave more doubt than that.
        comparisons: that Holm's correction is over.
        source: the study whose spread was taken.
    """

    task: str
    metric: str
    smallest_found: float
    of_interest: float
    seeds: int
    seeds_needed: int | None
    comparisons: int
    source: str


@dataclass(frozen=True)
class Expectation:
    """What a plan can be expected to find.

    Attributes:
        effects: one per task with a known spread.
        remarks: where nothing is known, and whether runs of this size leave the plateau.
    """

    effects: tuple[ExpectedEffect, ...]
    remarks: tuple[str, ...]


def expected_effects(spec: StudySpec, prepared: Prepared, like: Path | None) -> Expectation:
    """Return what the verdicts of a study can be expected to find.

    Args:
        spec: of the study.
        prepared: material, for the number of test examples.
        like: finished study whose spread is taken; None = kept results of the same model.

    Raises:
        InputError: `like` is no finished study.
    """
    spread = _rows_of(spread_of(like)) if like else _kept("spread", spec)
    plateau = _rows_of(plateau_of(like)) if like else _kept("plateau", spec)
    if not spread:
        told = (
            f"No finished study of `{spec.model}` is known, so nothing can be said about what this "
            "one will find. Run one pair on three seeds first and give its folder with --like."
        )
        return Expectation((), (told, *_plateau(spec, plateau)))
    if len(spec.every_seed) < 2:
        told = "With one seed there is no verdict: how trainings differ is not known then."
        return Expectation((), (told, *_plateau(spec, plateau)))
    tasks = ("masked_lm", *spec.tasks) if spec.treated == "pretrain" else spec.tasks
    effects = [_effect(spec, prepared, task, spread) for task in tasks]
    found = tuple(one for one in effects if one is not None)
    lost = [task for task, one in zip(tasks, effects, strict=True) if one is None]
    unknown = (f"Nothing is known about the spread of {', '.join(lost)}.",) if lost else ()
    return Expectation(found, (*unknown, *_plateau(spec, plateau)))


def _rows_of(frame: "pd.DataFrame") -> list[Row]:
    return cast("list[Row]", frame.to_dict("records"))


def _kept(name: str, spec: StudySpec) -> list[Row]:
    """Return the kept results of a model."""
    with (_KEPT / f"kept_{name}.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["model"] == spec.model]


def _effect(
    spec: StudySpec, prepared: Prepared, task: str, spread: Sequence[Row]
) -> ExpectedEffect | None:
    """Return the effect that the verdicts of one task can find, if its spread is known."""
    known = [row for row in spread if row["task"] == task]
    n_tested = _n_tested(spec, prepared, task)
    if not known or n_tested < 2:
        return None
    nearest = min(
        known,
        key=lambda row: abs(math.log((int(row["updates"]) + 1) / (spec.pretraining.updates + 1))),
    )
    comparisons = _comparisons(spec, prepared, task)

    def smallest(seeds: int) -> float:
        parts = float(nearest["seed_sd"]) ** 2 / seeds, float(nearest["example_sd"]) ** 2 / n_tested
        freedom = freedom_of(*parts, seeds, n_tested)
        level = spec.statistics.alpha / comparisons
        return minimum_detectable_effect(math.sqrt(sum(parts)), freedom, alpha=level)

    metric = METRICS[str(nearest["metric"])]
    wanted = spec.statistics.smallest_effect.get(metric.name, metric.smallest_effect)
    if metric.relative and metric.name not in spec.statistics.smallest_effect:
        wanted *= float(nearest["reference"])
    return ExpectedEffect(
        task=task,
        metric=metric.name,
        smallest_found=smallest(len(spec.every_seed)),
        of_interest=wanted,
        seeds=len(spec.every_seed),
        seeds_needed=_needed(smallest, wanted),
        comparisons=comparisons,
        source=f"{nearest['study']} ({nearest['updates']} updates)",
    )


def _needed(smallest: Callable[[int], float], wanted: float) -> int | None:
    """Return the seeds with which an effect is found; more seeds never find less."""
    found = 2 + bisect_left(range(2, 100), True, key=lambda seeds: smallest(seeds) <= wanted)
    return found if found < 100 else None


def _n_tested(spec: StudySpec, prepared: Prepared, task: str) -> int:
    """Return the test examples of the language with the fewest."""
    split = spec.scored_on
    if task == "masked_lm":
        rows = (prepared.n_tokens(one, split) for one in spec.languages)
        return min(min(one // (spec.pretraining.length - 1), _SCORED_ROWS) for one in rows)
    counts = [prepared.n_examples(task, one, split) for one in spec.languages]
    return min((count for count in counts if count), default=0)


def _comparisons(spec: StudySpec, prepared: Prepared, task: str) -> int:
    """Return the verdicts that Holm's correction is over: one per mixture, language and match."""
    tested = [
        one
        for mixture in spec.mixtures
        for one in mixture
        if task == "masked_lm" or prepared.n_examples(task, one, spec.scored_on)
    ]
    return max(len(tested) * len(spec.match), 1)


def _plateau(spec: StudySpec, kept: Sequence[Row]) -> tuple[str, ...]:
    """Return whether runs of this size have left the plateau of guessing by frequency alone."""
    updates = spec.pretraining.updates
    if not updates:  # nothing is trained on text, so nothing can be left on the plateau
        return ()
    alike = [row for row in kept if updates / 2 < int(row["updates"]) <= updates]
    if not alike:
        told = f"Whether `{spec.model}` leaves it within {updates:,} updates is not known."
    else:
        told = (
            f"Of {sum(int(row['n_runs']) for row in alike)} finished runs of `{spec.model}` with "
            f"{min(int(row['updates']) for row in alike):,} to {updates:,} updates, "
            f"{sum(int(row['n_left']) for row in alike)} did."
        )
    asked = "Does a run learn more than how frequent each token is, and so leave the plateau?"
    return (f"{asked} {told}",)
