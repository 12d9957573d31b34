"""Per-example scores of one system in one form, whatever file they came from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pandas as pd
from pandas.api.types import union_categoricals

from isogloss.comparison.task_languages import languages_of
from isogloss.core import METRICS, InputError, Language

COUNTS: Final = ("count_0", "count_1", "count_2")
KEYS: Final = ("task", "language", "label", "example", "seed")
SCORED_COLUMNS: Final = (*KEYS, "metric", *COUNTS, "cluster")
"""Columns of every `Scored`; others are slices (`domain`, `length`) and `text`."""

# Columns that say how an example was scored -> (metric, how its counts are made of them). The first
# that a table has is taken.
_SCORES: Final[Mapping[tuple[str, ...], str]] = {
    ("errors", "words"): "word_error_rate",
    ("errors", "characters"): "character_error_rate",
    ("errors", "total"): "error_rate",
    ("true_positive", "predicted", "gold"): "entity_f1",
    ("tp", "fp", "fn"): "entity_f1",
    ("bits", "bytes"): "bits_per_byte",
    ("answer_f1", "total"): "qa_f1",
    ("retrieved", "total"): "retrieval_accuracy",
    ("correct", "total"): "accuracy",
    ("score",): "mean_score",
    ("correct",): "mean_score",
    ("loss",): "mean_loss",
}
_NOT_SLICES: Final = frozenset(
    {*SCORED_COLUMNS, *(name for names in _SCORES for name in names), "system", "weight", "repeat"}
)


@dataclass(frozen=True)
class Scored:
    """Per-example scores of one system.

    Attributes:
        frame: one row an example, seed and label, with `SCORED_COLUMNS`: language (as
            `swa-Latn`), task, label ("" where there are none), example (its name, the same on both
            sides), seed (of a training or checkpoint), metric (a key of `METRICS`), its counts in
            the metric's order (count_2 is 0 where there are two), cluster ("" = stands for
            itself). `text` is there where it was asked for.
        slices: names of further columns to compare by.
        source: where the scores came from, for messages.
        notices: what a reader must know: what was left out, which of several scores was taken.
    """

    frame: pd.DataFrame
    slices: tuple[str, ...] = ()
    source: str = ""
    notices: tuple[str, ...] = field(default=())

    @property
    def tasks(self) -> tuple[str, ...]:
        """Names of the tasks."""
        return tuple(self.frame["task"].cat.categories)


def make_scored(
    table: pd.DataFrame,
    *,
    source: str,
    languages: Mapping[str, str] | None = None,
    task: str = "",
    notices: Sequence[str] = (),
) -> Scored:
    """Bring a table of per-example scores into one form.

    Args:
        table: one row an example, with the columns `example` and a score: `score` (or `correct`,
            `loss`), or counts (`errors` and `words`, `characters` or `total`; `tp`, `fp` and `fn`;
            `bits` and `bytes`; `correct` and `total`). Where there are `language`, `task`, `seed`,
            `label`, `weight`, `cluster` and `repeat`, they say what they are called; every other
            column is a slice.
        source: for messages.
        languages: from tasks to languages, for tables without a column `language`.
        task: of a table without a column `task`.
        notices: of the reader.

    Returns:
        The scores; rows without one are left out, counted and named in its notices.

    Raises:
        InputError: a column is missing, a score is no number, an example is there twice, or a
            language is not known.

    Example:
        >>> table = pd.DataFrame({"example": ["a", "b"], "language": "sw", "score": [1, 0]})
        >>> scored = make_scored(table, source="by hand")
        >>> scored.frame[["language", "metric", "count_0", "count_1"]].values.tolist()
        [['swa-Latn', 'accuracy', 1.0, 1.0], ['swa-Latn', 'accuracy', 0.0, 1.0]]
    """
    if table.empty:
        raise _refusal("per-example scores", "none", source, "Give a file with a row an example.")
    if "example" not in table:
        found = ", ".join(map(str, table.columns))
        step = "Name the column of the examples `example`; it must be the same on both sides."
        raise _refusal("a column `example`", found, source, step)
    said = list(notices)
    frame = _named(table, task, languages or {}, source, said)
    frame = _counted(frame, source, said)
    slices = tuple(str(name) for name in frame if name not in _NOT_SLICES and name != "text")
    frame = _repeats_averaged(frame)
    _refuse_twice(frame, source)
    kept = [*SCORED_COLUMNS, *slices, *(["text"] if "text" in frame else [])]
    return Scored(frame[kept].reset_index(drop=True), slices, source, tuple(said))


def joined_scores(parts: Sequence[Scored]) -> Scored:
    """Return scores of several files, or of several kinds, as those of one system.

    Args:
        parts: at least one, without examples in common.
    """
    frames = [one.frame for one in parts]
    slices = tuple(dict.fromkeys(name for one in parts for name in one.slices))
    notices = tuple(dict.fromkeys(notice for one in parts for notice in one.notices))
    if len(parts) == 1:
        return parts[0]
    whole = pd.concat(frames, ignore_index=True)
    for name in frames[0]:
        if isinstance(frames[0][name].dtype, pd.CategoricalDtype):
            whole[name] = union_categoricals([frame[name] for frame in frames])
    return Scored(whole, slices, parts[0].source, notices)


def _named(
    table: pd.DataFrame, task: str, mapping: Mapping[str, str], source: str, said: list[str]
) -> pd.DataFrame:
    """Return the table with task, language, label, seed and cluster as categories."""
    frame = table.copy(deep=False)
    defaults = {"task": task or "scores", "label": "", "seed": "0", "cluster": ""}
    for name, default in defaults.items():
        column = pd.Series(frame.get(name, default), index=frame.index)
        frame[name] = column.astype("str").fillna("").astype("category")
    frame["example"] = frame["example"].astype("str")
    given = frame["language"] if "language" in frame else pd.Series(None, frame.index, dtype="str")
    named = given.astype("str").astype("category")
    where = f"{source}, column language"
    parsed = {one: str(Language.parse(one, where=where)) for one in named.cat.categories}
    frame["language"] = named.map(parsed).astype("str")
    unnamed = frame["language"].isna()
    if unnamed.any():
        of_task = languages_of(frame["task"][unnamed].unique(), mapping, source)
        frame.loc[unnamed, "language"] = frame["task"][unnamed].astype("str").map(of_task)
        left = [name for name, language in of_task.items() if language is None]
        if left:
            said.append(f"{len(left)} tasks were left out by the mapping: {_few(left)}.")
            frame = frame[frame["language"].notna()].copy()
    frame["language"] = frame["language"].astype("str").astype("category")
    frame["task"] = frame["task"].cat.remove_unused_categories()
    return frame


def _counted(frame: pd.DataFrame, source: str, said: list[str]) -> pd.DataFrame:
    """Return the table with its metric and counts; rows without a score are left out."""
    taken = next((names for names in _SCORES if set(names) <= set(frame.columns)), None)
    if taken is None:
        known = "; ".join(" and ".join(f"`{name}`" for name in names) for names in _SCORES)
        found = ", ".join(f"`{name}`" for name in frame.columns if name not in SCORED_COLUMNS)
        step = "Rename the columns of the scores."
        raise _refusal(f"a score: {known}", found or "none", source, step)
    values = np.column_stack([_numbers(frame[name], source) for name in taken])
    bad = np.asarray(~np.isfinite(values).all(axis=1), dtype=bool)
    if bad.all():
        step = "Look at what the harness wrote for this metric."
        raise _refusal("scores", "no number in any row", source, step)
    if bad.any():
        names = frame.loc[bad, "example"].tolist()
        said.append(f"{bad.sum():,} rows of {source} have no score: {_few(names)}; left out.")
        frame, values = frame.loc[~bad].copy(), values[~bad]
    metric = _SCORES[taken]
    counts = _as_counts(values, taken)
    if (counts[:, 1:] < 0).any() or (METRICS[metric].unit != "score" and (counts < 0).any()):
        step = "Counts of words, errors and entities are 0 or more."
        raise _refusal("counts of 0 or more", "negative ones", source, step)
    frame["metric"] = _metrics(frame["task"], counts, metric)
    if "weight" in frame:
        counts = counts * _weights(frame["weight"], source)[:, None]
    for place, name in enumerate(COUNTS):
        frame[name] = counts[:, place] if place < counts.shape[1] else 0.0
    return frame


def _metrics(tasks: pd.Series, counts: np.ndarray, metric: str) -> "pd.Categorical[str]":
    """Return each row's metric: a task whose scores are all 0 or 1 is one of right and wrong."""
    codes, names = tasks.cat.codes.to_numpy(), pd.Index(["accuracy", metric])
    if metric != "mean_score":
        return pd.Categorical.from_codes(np.zeros(len(codes), np.int8), names[1:])
    graded = np.zeros(len(tasks.cat.categories), dtype=bool)
    graded[codes[~np.isin(counts[:, 0], (0.0, 1.0))]] = True
    return pd.Categorical.from_codes(graded[codes].astype(np.int8), names)


def _as_counts(values: np.ndarray, names: tuple[str, ...]) -> np.ndarray:
    """Return counts in the metric's order."""
    if len(names) == 1:
        return np.column_stack([values[:, 0], np.ones(len(values))])
    if names == ("tp", "fp", "fn"):
        right, false, missed = values.T
        return np.column_stack([right, right + false, right + missed])
    return values.copy()


def _numbers(column: pd.Series, source: str) -> np.ndarray:
    """Return a column as floats; what is empty is nan."""
    numbers = pd.to_numeric(column, errors="coerce")
    words = column[numbers.isna() & column.notna()].astype("str").str.strip()
    words = words[~words.str.lower().isin(("", "nan", "none", "null", "n/a"))]
    if len(words):
        step = "Write a number, or leave the cell empty."
        where = f"{source}, column {column.name}"
        raise _refusal("numbers", f"`{words.iloc[0]}`", where, step)
    return numbers.to_numpy(dtype=np.float64, na_value=np.nan)


def _weights(column: pd.Series, source: str) -> np.ndarray:
    weights = _numbers(column, source)
    if not (np.isfinite(weights) & (weights >= 0.0)).all():
        step = "Give every example a weight, or remove the column."
        raise _refusal("weights of 0 or more", "others", f"{source}, column weight", step)
    return weights


def _repeats_averaged(frame: pd.DataFrame) -> pd.DataFrame:
    """Return one row for the several times that one system answered an example."""
    if "repeat" not in frame or frame["repeat"].nunique() < 2:
        return frame
    groups = frame.groupby(list(KEYS), observed=True, sort=False)
    first = groups.head(1).set_index(list(KEYS))
    means = groups[list(COUNTS)].mean()
    return first.assign(**{name: means[name] for name in COUNTS}).reset_index()


def _refuse_twice(frame: pd.DataFrame, source: str) -> None:
    twice = frame.duplicated(list(KEYS))
    if not twice.any():
        return
    row = frame[twice].iloc[0]
    raise _refusal(
        "each example once for a task, language, label and seed",
        f"{twice.sum():,} rows that are there before, the first for example `{row['example']}` "
        f"({row['language']})",
        source,
        "Name each example once; the columns `seed`, `label` and `repeat` are for several runs, "
        "labels and answers of one run.",
    )


def _few(names: Sequence[str]) -> str:
    shown = ", ".join(f"`{name}`" for name in names[:3])
    return shown if len(names) <= 3 else f"{shown} and {len(names) - 3:,} more"


def _refusal(expected: str, found: str, where: str, step: str) -> InputError:
    return InputError(expected=expected, found=found, where=where, next_step=step)
