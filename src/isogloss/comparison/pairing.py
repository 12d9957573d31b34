"""Two systems' scores brought to the same examples; what only one side has is counted and named."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from isogloss.comparison.label_rows import with_absent_labels
from isogloss.comparison.scored import COUNTS, Scored
from isogloss.core import InputError

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

_GROUPS: Final = ("task", "language", "label")
_NAMED: Final = 3
# Counts that are of the test data and not of a system: their place, and what they count.
_AMOUNTS: Final = {
    "entity_f1": (2, "gold entities"),
    "word_error_rate": (1, "words"),
    "character_error_rate": (1, "characters"),
    "bits_per_byte": (1, "bytes"),
}


@dataclass(frozen=True)
class Paired:
    """The examples that both sides have, in the same order on both.

    Attributes:
        about: one row an example: task, language, label, example, metric, cluster, and slices.
        base: counts, shape [n_seeds, n_examples, 3].
        new: counts, shape [n_seeds, n_examples, 3].
        units: number of the cluster that an example belongs to; every example its own where
            `clustered` is false.
        clustered: whether examples belong together.
        notices: what was left out, and whatever else a reader must know.
        answered: share of BASE's rows of each language that have a partner in every run.
        texts: question and answer of each side, where they were kept.
    """

    about: pd.DataFrame
    base: Array
    new: Array
    units: Whole
    clustered: bool
    notices: tuple[str, ...]
    answered: Mapping[str, float]
    texts: tuple[pd.Series, pd.Series] | None = None


def pair(base: Scored, new: Scored) -> Paired:
    """Bring two systems to the same examples.

    Args:
        base: the reference.
        new: the other system.

    Returns:
        The pairs, examples of both sides and all seeds only. Where entities are counted by label, a
        label without a row, of an example that every run has, counts as not predicted.

    Raises:
        InputError: they share no example, or one task is scored in two ways.
    """
    said = _notices(base, new)
    said += _one_sided(base, new, "language") + _one_sided(base, new, "task")
    metrics = _metrics([base.frame, new.frame], base, new)
    sides, added = with_absent_labels([base.frame, new.frame])
    said += added
    keys = _keys(sides)
    seeds = [_by_seed(side, key) for side, key in zip(sides, keys, strict=True)]
    common = reduce(np.intersect1d, [key for side in seeds for key, _ in side])
    if len(common) == 0:
        raise _nothing_shared(base, new)
    rows = [_rows(side, common) for side in seeds]
    counts = [_counts(frame, side, common) for frame, side in zip(sides, seeds, strict=True)]
    paired = sides[0].iloc[rows[0]]
    said += _unmatched(sides, keys, common, paired) + _other_amounts(paired, counts)
    if np.array_equal(counts[0], counts[1]):
        said.append(
            f"All {len(common):,} scores are the same on both sides: was one run given twice?"
        )
    slices = [name for name in (*base.slices, *new.slices) if name in base.frame]
    columns = [*_GROUPS, "example", "cluster", *dict.fromkeys(slices)]
    about = paired[columns].reset_index(drop=True)
    about["metric"] = about["task"].astype("str").map(metrics).astype("category")
    units, clustered = _units(about)
    texts = [
        frame["text"].iloc[row] for frame, row in zip(sides, rows, strict=True) if "text" in frame
    ]
    return Paired(
        about,
        counts[0],
        counts[1],
        units,
        clustered,
        tuple(dict.fromkeys(said)),
        _answered(sides[0], np.isin(keys[0], common)),
        (texts[0], texts[1]) if len(texts) == 2 else None,
    )


def _notices(base: Scored, new: Scored) -> list[str]:
    """Return what both sides say once, and what one says with its name."""
    both = [one for one in base.notices if one in new.notices]
    named = [("BASE", one) for one in base.notices] + [("NEW", one) for one in new.notices]
    return [*both, *(f"{name}: {one}" for name, one in named if one not in both)]


def _metrics(sides: Sequence[pd.DataFrame], base: Scored, new: Scored) -> dict[str, str]:
    """Return the metric of each task that both have.

    Raises:
        InputError: a task has two.
    """
    tables = [
        side[["task", "metric"]].drop_duplicates().astype("str").set_index("task")["metric"]
        for side in sides
    ]
    shared = [task for task in tables[0].index.unique() if task in tables[1].index]
    found: dict[str, str] = {}
    for task in shared:
        names = {str(one) for table in tables for one in table.loc[[task]]}
        if names == {"accuracy", "mean_score"} and _is_constant(sides, task):
            names = {"mean_score"}
        if len(names) > 1:
            raise _two_metrics(task, [str(table.loc[task]) for table in tables], base, new)
        found[task] = names.pop()
    return found


def _is_constant(sides: Sequence[pd.DataFrame], task: str) -> bool:
    """Return whether the side that is all 0 or 1 has one value only: then it is no other scale."""
    for side in sides:
        rows = side[side["task"] == task]
        if (rows["metric"] == "accuracy").all():
            return rows["count_0"].nunique() == 1
    return False


def _two_metrics(task: str, names: Sequence[str], base: Scored, new: Scored) -> InputError:
    words = {"accuracy": "right or wrong (0 or 1)", "mean_score": "graded scores"}
    first, second = (words.get(name, name.replace("_", " ")) for name in names)
    return InputError(
        expected=f"`{task}` scored alike on both sides",
        found=f"{first} in BASE, {second} in NEW",
        where=f"{base.source} and {new.source}",
        next_step="Score both with the same metric; --score names it where a file has several.",
    )


def _keys(sides: Sequence[pd.DataFrame]) -> list[Whole]:
    """Return a number for each row of each side: equal for the same example of the same group."""
    keys = [np.zeros(len(side), np.int64) for side in sides]
    for name in (*_GROUPS, "example"):
        codes, names = pd.factorize(pd.concat([side[name].astype("str") for side in sides]))
        cut = len(sides[0])
        keys = [
            key * len(names) + part
            for key, part in zip(keys, (codes[:cut], codes[cut:]), strict=True)
        ]
    return keys


def _by_seed(side: pd.DataFrame, keys: Whole) -> list[tuple[Whole, Whole]]:
    """Return keys, sorted, and rows of each seed."""
    codes = side["seed"].cat.codes.to_numpy()
    found = []
    for code in np.unique(codes):
        rows = np.flatnonzero(codes == code)
        rows = rows[np.argsort(keys[rows], kind="stable")]
        found.append((keys[rows], rows))
    return found


def _rows(side: Sequence[tuple[Whole, Whole]], common: Whole) -> Whole:
    keys, rows = side[0]
    return rows[np.searchsorted(keys, common)]


def _counts(frame: pd.DataFrame, side: Sequence[tuple[Whole, Whole]], common: Whole) -> Array:
    values = frame[list(COUNTS)].to_numpy()
    return np.stack([values[rows[np.searchsorted(keys, common)]] for keys, rows in side])


def _units(about: pd.DataFrame) -> tuple[Whole, bool]:
    """Return the cluster of each example, and whether there are any.

    Rows of one example for several labels belong together even where no cluster is named.
    """
    named = about["cluster"].cat.codes.to_numpy().astype(np.int64)
    has_none = (about["cluster"] == "").to_numpy()
    if has_none.all() and about["label"].nunique() < 2:
        return np.arange(len(about), dtype=np.int64), False
    examples, names = pd.factorize(about["task"].astype("str") + "\0" + about["example"])
    if has_none.all() and len(names) == len(about):
        return np.arange(len(about), dtype=np.int64), False
    units = np.where(has_none, examples, len(names) + named)
    return units.astype(np.int64), True


def _one_sided(base: Scored, new: Scored, what: str) -> list[str]:
    """Say which languages or tasks only one side has."""
    here, there = (set(one.frame[what].cat.categories) for one in (base, new))
    said = []
    for only, name in ((here - there, "BASE"), (there - here, "NEW")):
        if only:
            words = f"{len(only)} {what}{'s' if len(only) > 1 else ''}"
            said.append(f"Only {name} has {words}: {', '.join(sorted(only))}; left out.")
    return said


def _unmatched(
    sides: Sequence[pd.DataFrame], keys: Sequence[Whole], common: Whole, paired: pd.DataFrame
) -> list[str]:
    """Count and name what not all runs have, by language: examples, and labels of examples."""
    said = []
    for side, key, name in zip(sides, keys, ("BASE", "NEW"), strict=True):
        lost = side[~np.isin(key, common)].drop_duplicates([*_GROUPS, "example"])
        labelled = lost[(lost["label"] != "").to_numpy()]
        is_known = _examples(labelled).isin(_examples(paired)) if len(labelled) else []
        of_labels = labelled[is_known] if len(labelled) else labelled
        others = lost.drop(index=of_labels.index)
        for rows, what in ((others, "examples"), (of_labels, "labels of examples")):
            if len(rows):
                share = rows["language"].value_counts()
                where = ", ".join(f"{code} {n:,}" for code, n in share[share > 0].head(5).items())
                first = ", ".join(f"`{one}`" for one in rows["example"].head(_NAMED))
                said.append(
                    f"{len(rows):,} {what} of {name} have no partner in every run: {where} "
                    f"(the first: {first}); left out."
                )
    return said


def _answered(base: pd.DataFrame, has_partner: NDArray[np.bool_]) -> dict[str, float]:
    """Return the share of BASE's rows of each language that have a partner."""
    codes, names = base["language"].cat.codes.to_numpy(), base["language"].cat.categories
    whole = np.maximum(np.bincount(codes, minlength=len(names)), 1)
    found = np.bincount(codes, has_partner, len(names)) / whole
    return dict(zip(map(str, names), found.tolist(), strict=True))


def _examples(rows: pd.DataFrame) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(rows[["task", "language", "example"]].astype("str"))


def _other_amounts(paired: pd.DataFrame, counts: Sequence[Array]) -> list[str]:
    """Say where the sides did not have the same to do: other references, or other text."""
    said = []
    for metric, (place, what) in _AMOUNTS.items():
        rows = (paired["metric"] == metric).to_numpy()
        amounts = np.concatenate([side[:, rows, place] for side in counts])
        other = (amounts != amounts[:1]).any(axis=0)
        if other.any():
            first = ", ".join(f"`{one}`" for one in paired["example"][rows][other].head(_NAMED))
            said.append(
                f"{other.sum():,} of {rows.sum():,} examples have other numbers of {what} on both "
                f"sides (the first: {first}): were they scored against the same reference?"
            )
    return said


def _nothing_shared(base: Scored, new: Scored) -> InputError:
    first = [side.frame["example"].iloc[0] for side in (base, new)]
    tasks = [", ".join(side.tasks[:2]) for side in (base, new)]
    return InputError(
        expected="the same examples of the same tasks and languages on both sides",
        found=f"none in common: `{first[0]}` of {tasks[0]} in BASE, `{first[1]}` of {tasks[1]} in "
        "NEW",
        where=f"{base.source} and {new.source}",
        next_step="Evaluate both systems on the same test files, and name the tasks alike.",
    )
