"""The rows of `diagnoses.csv`, from those of `verdicts.csv` and `confounds.csv`."""

import math
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from isogloss.core.diagnoses import MIXED, UNDECIDED, Side, diagnose

Row = Mapping[Hashable, object]

DIAGNOSIS_COLUMNS: Final = (
    *("treatment", "mixture", "language", "task", "metric", "same_data", "same_compute"),
    *("diagnosis", "reason", "n_seeds", "seeds_needed", "updates_needed"),
)
_PLACE: Final = ("treatment", "mixture", "language")
# A dev loss that ends this share above its lowest value has risen, and is not noise of the curve.
_RISE: Final = 0.01
# Budgets that agree within this share are one budget (as where comparisons are refused).
_SAME_BUDGET: Final = 0.01
# Who stands on the plateau has no variance to plan from: doubling is a first step, not an estimate.
_LONGER: Final = 2


def diagnosis_rows(verdicts: Iterable[Row], confounds: Iterable[Row]) -> list[dict[str, object]]:
    """Return one row per treatment, mixture, language and task, and one over all tasks.

    Args:
        verdicts: rows of `verdicts.csv`; those within a language are used.
        confounds: rows of `confounds.csv`: whether a control over-fits, who is on the plateau.

    Returns:
        Rows with the columns `DIAGNOSIS_COLUMNS`. The row over all tasks has an empty `task`; its
        diagnosis is `mixed` where the tasks that are decided do not agree, and its `reason` names
        what each of them says.
    """
    facts = _Facts(confounds)
    sides: dict[tuple[str, ...], dict[str, Row]] = {}
    for row in verdicts:
        if row["setting"] == "within_language":
            key = tuple(_text(row.get(name)) for name in (*_PLACE, "task", "metric"))
            sides.setdefault(key, {})[_text(row.get("match"))] = row
    by_place: dict[tuple[str, ...], list[dict[str, object]]] = {}
    for key, found in sides.items():
        row = _of_task(key, found, facts)
        by_place.setdefault(key[:3], []).append(row)
    return [row for rows in by_place.values() for row in (_over_tasks(rows), *rows)]


def _of_task(key: tuple[str, ...], found: Mapping[str, Row], facts: "_Facts") -> dict[str, object]:
    """Return the row of one task."""
    treatment, mixture, language, _, _ = key
    same_data, same_compute = (
        _side(found.get(match, {}), facts.of(treatment, mixture, language, match))
        for match in ("language", "total")
    )
    diagnosis = diagnose(same_data, same_compute)
    needed = [_number(row.get("seeds_needed")) for row in found.values()]
    seeds = [side.n_seeds for side in (same_data, same_compute) if side.n_seeds]
    joint = facts.updates(treatment, mixture, language)
    stuck = diagnosis.reason == "plateau" and math.isfinite(joint)
    few = diagnosis.reason == "underpowered" and any(map(math.isinf, needed))
    reason = "few_examples" if few else diagnosis.reason
    return {
        **dict(zip((*_PLACE, "task", "metric"), key, strict=True)),
        "same_data": same_data.verdict,
        "same_compute": same_compute.verdict,
        "diagnosis": diagnosis.name,
        "reason": reason,
        "n_seeds": min(seeds, default=0),
        "seeds_needed": _largest(needed) if reason == "underpowered" else None,
        "updates_needed": round(_LONGER * joint) if stuck else None,
    }


def _over_tasks(rows: Sequence[dict[str, object]]) -> dict[str, object]:
    """Return the row over all tasks of one language."""
    decided = [row for row in rows if row["diagnosis"] != UNDECIDED]
    names = list(dict.fromkeys(str(row["diagnosis"]) for row in decided))
    said = "; ".join(dict.fromkeys(_said(row, rows) for row in rows))
    alike = len({row["diagnosis"] for row in rows}) == 1
    reasons = {row["reason"] for row in rows}
    return {
        **{name: rows[0][name] for name in _PLACE},
        **dict.fromkeys(("task", "metric", "same_data", "same_compute"), ""),
        "diagnosis": UNDECIDED if not names else names[0] if len(names) == 1 else MIXED,
        "reason": (rows[0]["reason"] if len(reasons) == 1 else "") if alike else said,
        "n_seeds": min(int(_number(row["n_seeds"])) for row in rows),
        **{
            name: _largest([_number(row[name]) for row in rows])
            for name in ("seeds_needed", "updates_needed")
        },
    }


def _said(row: Mapping[str, object], rows: Sequence[Mapping[str, object]]) -> str:
    """Return task and diagnosis, with the metric where those of a task do not agree."""
    alike = len({one["diagnosis"] for one in rows if one["task"] == row["task"]}) == 1
    metric = "" if alike else f" by {row['metric']}"
    return f"{row['task']}{metric}: {str(row['diagnosis']).replace('_', ' ')}"


def _side(row: Row, facts: tuple[bool, bool | None]) -> Side:
    """Return one comparison, with what the table of confounds knows of it."""
    stuck, overfits = facts
    own = truth(row.get("plateau"))  # a study of before has none
    seeds = _number(row.get("n_seeds"))
    return Side(
        verdict=_text(row.get("verdict")),
        n_seeds=int(seeds) if math.isfinite(seeds) else 0,
        plateau=stuck if own is None else own,
        destroyed=truth(row.get("destroyed")) is True,
        overfits=overfits,
    )


class _Facts:
    """What `confounds.csv` says of the two models of a comparison."""

    def __init__(self, confounds: Iterable[Row]) -> None:
        self._rows: dict[tuple[str, str, str], list[Row]] = {}
        # By run and language: a run that stands for several tasks has a row for each.
        self._updates: dict[str, dict[str, float]] = {}
        for row in confounds:
            key = tuple(_text(row.get(name)) for name in _PLACE)
            self._rows.setdefault((key[0], key[1], key[2]), []).append(row)
            updates = self._updates.setdefault(_text(row.get("run_id")), {})
            updates[key[2]] = _number(row.get("updates"))

    def updates(self, treatment: str, mixture: str, language: str) -> float:
        """Return the joint model's updates on a language; nan where they are not known."""
        rows = self._rows.get((treatment, mixture, language), [])
        return _mean([_number(row.get("updates")) for row in rows])

    def of(
        self, treatment: str, mixture: str, language: str, match: str
    ) -> tuple[bool, bool | None]:
        """Return whether a side is on the plateau, and whether the control over-fits."""
        joint = self._rows.get((treatment, mixture, language), [])
        control = list(self._controls(joint, language, match))
        stuck = any(truth(row.get("left_plateau")) is False for row in (*joint, *control))
        return stuck, _overfits(control)

    def _controls(self, joint: Sequence[Row], language: str, match: str) -> Iterator[Row]:
        """Yield the monolingual runs whose budget is that of the joint one."""
        budgets = [
            _number(row.get("updates"))
            if match == "language"
            else sum(self._updates[_text(row.get("run_id"))].values())
            for row in joint
        ]
        wanted = _mean(budgets)
        for row in self._rows.get(("monolingual", language, language), []):
            gap = abs(_number(row.get("updates")) - wanted)
            if _text(row.get("match")) == match and not gap > _SAME_BUDGET * wanted:
                yield row


def _overfits(control: Sequence[Row]) -> bool | None:
    """Return whether the dev loss of text read more than once rose again; None if not recorded."""
    last, best, epochs = (
        _mean([_number(row.get(name)) for row in control])
        for name in ("dev_nats", "best_dev_nats", "epochs")
    )
    if not all(map(math.isfinite, (last, best, epochs))):
        return None
    return epochs > 1 and last > (1 + _RISE) * best


def truth(cell: object) -> bool | None:
    """Return a cell that holds true or false; None where it is empty."""
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return None
    word = str(cell).strip().lower()
    if word in {"true", "1", "1.0", "yes"}:
        return True
    return False if word in {"false", "0", "0.0", "no"} else None


def _mean(values: Sequence[float]) -> float:
    """The mean; nan of nothing."""
    return sum(values) / len(values) if values else math.nan


def _largest(values: Sequence[float]) -> int | None:
    """The largest of the numbers that are there."""
    known = [value for value in values if math.isfinite(value)]
    return math.ceil(max(known)) if known else None


def _text(cell: object) -> str:
    """A cell as text; an empty one is ""."""
    return "" if cell is None or (isinstance(cell, float) and math.isnan(cell)) else str(cell)


def _number(cell: object) -> float:
    """A cell as a number; an empty one is nan."""
    return float(cell) if isinstance(cell, int | float) else math.nan
