"""What company costs: a language's adapter alone, with one other, with two others."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from isogloss.core import METRICS, Language
from isogloss.data import task_card
from isogloss.statistics import Difference, mean_difference, mean_of_systems
from isogloss.transfer.arms import ARMS, Effect
from isogloss.transfer.results import Measured, counts_of, first_metric
from isogloss.transfer.scoring import CellStore
from isogloss.transfer.spec import MASKED_LM

ROBUST: Final = "robust"
_PRONE: Final = "interference-prone"
_GAINS: Final = "gains from company"


def company_rows(found: Measured, cells: CellStore) -> Iterator[dict[str, Any]]:
    """Yield the rows of `company.csv`, for a matrix that has companies.

    With S(l; c) the score on language l with the adapters of company c,
        M1(l) = S(l; l), M2(l) = mean over a of S(l; l, a), M3(l) = mean over a, b of S(l; l, a, b)
        interference of company NI_n(l) = M1(l) - M_n(l), positive = company hurts (victim score)
        culprit(a) = mean over l != a of M1(l) - S(l; l, a)
    The sign is turned for metrics where less is better. A language is `interference-prone` where
    all its NI lie beyond the margin, `gains from company` where all lie below minus the margin,
    `robust` where all lie within it, else `mixed`; the margin is at least half the interval.
    These definitions are ours.
    """
    if max(found.spec.company.sizes) < 2 or 1 not in found.spec.company.sizes:
        return
    for task in found.spec.tasks:
        metric = first_metric(task)
        yield from _victims(found, cells, task, metric)
        if task != MASKED_LM:
            assert metric == task_card(task).metric
        yield from _culprits(found, cells, task, metric)


def _of_size(found: Measured, size: int) -> list[tuple[int, Effect]]:
    return [(index, one) for index, one in enumerate(found.planned) if one.arm == ARMS[size]]


def _runs(found: Measured, task: str, keys: Sequence[tuple[int, Language]]) -> int:
    """Return how many runs all of some cells have; 0 where one is not there."""
    return min((found.wanted.get((index, task, target), 0) for index, target in keys), default=0)


def _victims(found: Measured, cells: CellStore, task: str, metric: str) -> Iterator[dict[str, Any]]:
    """Yield M1, M2, M3 and the interference of company of each language that is a target."""
    alone = {one.transfer[0]: (index, one) for index, one in _of_size(found, 1)}
    for language, (index, own) in alone.items():
        changes: list[Difference] = []
        of = {"task": task, "metric": metric, "language": str(language)}
        if not _runs(found, task, [(index, language)]):
            continue
        for size in (one for one in sorted(found.spec.company.sizes) if one > 1):
            companies = [one for one in _of_size(found, size) if language in one[1].transfer]
            keys = [(index, language), *((number, language) for number, _ in companies)]
            runs = _runs(found, task, keys)
            if not runs or not companies:
                continue
            reference = counts_of(cells, task, own.treated[:runs], language, metric)
            treated = [
                counts_of(cells, task, one.treated[:runs], language, metric) for _, one in companies
            ]
            change = mean_of_systems(reference, treated, METRICS[metric])
            if not changes:
                yield {**of, **_row("score", 1, change, value=change.reference)}
            changes.append(change)
            n = len(companies)
            yield {**of, **_row("score", size, change, n, value=change.treated)}
            yield {**of, **_row("interference", size, change, n)}
        if changes:
            word = company_word(changes, found.spec.margin)
            yield {**of, "measure": "category", "size": 0, "verdict": word}


def _culprits(
    found: Measured, cells: CellStore, task: str, metric: str
) -> Iterator[dict[str, Any]]:
    """Yield how much each language hurts the others in whose company it is."""
    alone = {one.transfer[0]: (index, one) for index, one in _of_size(found, 1)}
    for culprit in alone:
        pairs = [one for one in _of_size(found, 2) if culprit in one[1].transfer]
        members: list[tuple[tuple[int, Effect], tuple[int, Effect], Language]] = []
        for pair in pairs:
            [victim] = [one for one in pair[1].transfer if one != culprit]
            if _runs(found, task, [(pair[0], victim), (alone[victim][0], victim)]):
                members.append((alone[victim], pair, victim))
        keys = [(one[0], victim) for own, pair, victim in members for one in (own, pair)]
        runs = _runs(found, task, keys)
        if not runs:
            continue
        change = mean_difference(
            [
                tuple(
                    counts_of(cells, task, one.treated[:runs], victim, metric)
                    for one in (own[1], pair[1])
                )
                for own, pair, victim in members
            ],  # type: ignore[arg-type]
            METRICS[metric],
            paired_seeds=True,
        )
        of = {"task": task, "metric": metric, "language": str(culprit)}
        yield {**of, **_row("culprit", 2, change, len(members))}


def company_word(changes: Sequence[Difference], margin: float) -> str:
    """Return what company is to a language, from its interference in pairs and in triples.

    Args:
        changes: interference at each size, positive = hurt.
        margin: smallest change of interest, in the metric's unit.
    """
    bars = [max(margin, (one.ci_high - one.ci_low) / 2) for one in changes]
    both = list(zip(changes, bars, strict=True))
    if all(one.estimate > bar for one, bar in both):
        return _PRONE
    if all(one.estimate < -bar for one, bar in both):
        return _GAINS
    return ROBUST if all(abs(one.estimate) <= bar for one, bar in both) else "mixed"


def _row(
    measure: str,
    size: int,
    change: Difference,
    n_companies: int = 1,
    *,
    value: float | None = None,
) -> dict[str, Any]:
    """Return one row; of a score there is no interval of a change."""
    nothing = float("nan")
    return {
        "measure": measure,
        "size": size,
        "value": change.estimate if value is None else value,
        "ci_low": change.ci_low if value is None else nothing,
        "ci_high": change.ci_high if value is None else nothing,
        "n_companies": n_companies,
        "n_runs": change.n_seeds,
    }
