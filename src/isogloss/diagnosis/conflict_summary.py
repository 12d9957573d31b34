"""What a monitored run comes to, pair by pair of languages; without torch."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from isogloss.core import InputError
from isogloss.training import read_metrics

CONFLICT_FILE: Final = "conflict.jsonl"
# Measurements below which the beginning and the end of a run are not compared.
_FEWEST_FOR_A_TREND: Final = 6
_SHOWN: Final = 10


@dataclass(frozen=True)
class PairSummary:
    """One pair of languages over all measurements of both; None where there is no number.

    Attributes:
        pair: the two languages, `eng-Latn|swa-Latn`.
        looks: updates at which both had a finite gradient.
        cosine: mean cosine of the two gradients.
        in_conflict: share of the measurements with a cosine below 0.
        half: mean cosine of halves of the two languages' rows; to be read against `control`.
        control: mean cosine of two halves of one language's rows, over both languages.
        trend: mean cosine of the last third of the measurements less that of the first third.
    """

    pair: str
    looks: int
    cosine: float | None
    in_conflict: float | None
    half: float | None
    control: float | None
    trend: float | None


@dataclass(frozen=True)
class ConflictSummary:
    """A monitored run; printed, it is a table and what to know about it.

    Attributes:
        pairs: of languages, by mean cosine, the lowest first.
        looks: how many there were.
        first: update of the first measurement.
        last: update of the last one.
        coverage: lowest share of the shared parameters that was seen.
        unseen: names of parameters that were not seen.
        not_finite: language -> measurements at which its gradient held NaN or an infinity.
        too_few_rows: language -> measurements at which it had too few rows.
    """

    pairs: tuple[PairSummary, ...]
    looks: int
    first: int
    last: int
    coverage: float
    unseen: tuple[str, ...]
    not_finite: Mapping[str, int]
    too_few_rows: Mapping[str, int]

    def as_rows(self) -> list[dict[str, Any]]:
        """Return one row per pair."""
        return [asdict(pair) for pair in self.pairs]

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences about what the numbers leave out."""
        named = (
            ("gradient not finite", self.not_finite),
            ("too few sequences in the batch", self.too_few_rows),
        )
        found = [
            f"{language}: {what} at {n} of {self.looks} measurements; left out there."
            for what, languages in named
            for language, n in languages.items()
        ]
        if self.unseen:
            more = len(self.unseen) - _SHOWN
            found.append(
                f"{self.coverage:.1%} of the shared parameters seen. Not seen: "
                + ", ".join(self.unseen[:_SHOWN])
                + (f" and {more} more." if more > 0 else ".")
            )
        return tuple(found)

    def __str__(self) -> str:
        width = max([len("languages"), *(len(one.pair) for one in self.pairs)])
        header = f"{'languages':<{width}}      n  cosine  in conflict  halves  control  trend"
        lines = [
            f"{one.pair:<{width}}  {one.looks:>5}  {_text(one.cosine):>6}  "
            f"{_share(one.in_conflict):>11}  {_text(one.half):>6}  {_text(one.control):>7}  "
            f"{_text(one.trend):>5}"
            for one in self.pairs
        ]
        span = f"{self.looks} measurements, updates {self.first} to {self.last}"
        return "\n".join([span, header, *lines, *self.notes])


def read_looks(folder: Path | str) -> list[dict[str, Any]]:
    """Return the measurements that a monitor wrote into a folder, in order.

    Raises:
        InputError: there are none.
    """
    folder = Path(folder)
    rows = [_of_now(row) for row in read_metrics(folder, CONFLICT_FILE) if "cosine" in row]
    if rows:
        return rows
    runs = sorted(folder.glob(f"runs/*/{CONFLICT_FILE}"))
    raise InputError(
        expected=f"a folder with the gradient measurements of a monitored run, `{CONFLICT_FILE}`",
        found="a study with several runs" if runs else "no measurement in it",
        where=str(folder),
        next_step=f"Name one run, for example {runs[0].parent}; the study's report has all of them."
        if runs
        else "Give the `folder=` that ConflictMonitor was made with.",
    )


def _of_now(row: dict[str, Any]) -> dict[str, Any]:
    """Older files have another word for `control`."""
    if "same_language" in row:
        row["control"] = row.pop("same_language")
    return row


def summarise_conflict(rows: Sequence[Mapping[str, Any]]) -> ConflictSummary:
    """Return what measurements come to.

    Args:
        rows: of `conflict_row`, with `update`.

    Raises:
        InputError: there are none.
    """
    if not rows:
        raise InputError(
            expected="one gradient measurement or more",
            found="none",
            where="the conflict monitor",
            next_step="Train until a step that is due has two languages with enough sequences.",
        )
    pairs = sorted({pair for row in rows for pair in row["cosine"]})
    found = [_of_pair(pair, rows) for pair in pairs]
    lowest = sorted(found, key=lambda one: (one.cosine is None, one.cosine))
    return ConflictSummary(
        pairs=tuple(lowest),
        looks=len(rows),
        first=rows[0]["update"],
        last=rows[-1]["update"],
        coverage=min(row["coverage"] for row in rows),
        unseen=tuple(dict.fromkeys(name for row in rows for name in row.get("unseen", ()))),
        not_finite=_counted(rows, "not_finite"),
        too_few_rows=_counted(rows, "too_few_rows"),
    )


def control_of(row: Mapping[str, Any], pair: str) -> float | None:
    """Return the mean of the two languages' cosines with themselves in one measurement."""
    values = [row.get("control", {}).get(language) for language in pair.split("|")]
    return _mean(values) if None not in values else None


Line = list[tuple[float, float]]


def conflict_lines(rows: Sequence[Mapping[str, Any]]) -> tuple[dict[str, Line], Line]:
    """Return what to draw: each pair's cosine over the updates, and the control line.

    Cosines of halves where there are any, because the control is one of halves.
    """
    lines: dict[str, Line] = {}
    control: Line = []
    for row in rows:
        for pair, cosine in (row.get("half") or row["cosine"]).items():
            points = lines.setdefault(pair, [])
            if cosine is not None:
                points.append((row["update"], cosine))
        level = _mean(list(row.get("control", {}).values()))
        if level is not None:
            control.append((row["update"], level))
    return lines, control


def _of_pair(pair: str, rows: Sequence[Mapping[str, Any]]) -> PairSummary:
    both = [row for row in rows if row["cosine"].get(pair) is not None]
    cosines = [row["cosine"][pair] for row in both]
    return PairSummary(
        pair=pair,
        looks=len(both),
        cosine=_mean(cosines),
        in_conflict=_mean([float(cosine < 0) for cosine in cosines]),
        half=_mean([row.get("half", {}).get(pair) for row in both]),
        control=_mean([control_of(row, pair) for row in both]),
        trend=_trend(cosines),
    )


def _trend(cosines: Sequence[float]) -> float | None:
    if len(cosines) < _FEWEST_FOR_A_TREND:
        return None
    third = len(cosines) // 3
    return (sum(cosines[-third:]) - sum(cosines[:third])) / third


def _counted(rows: Sequence[Mapping[str, Any]], key: str) -> dict[str, int]:
    return dict(sorted(Counter(name for row in rows for name in row.get(key, ())).items()))


def _mean(values: Sequence[float | None]) -> float | None:
    """Return the mean of the numbers, or None without any."""
    numbers = [value for value in values if value is not None]
    return sum(numbers) / len(numbers) if numbers else None


def _text(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.0%}"
