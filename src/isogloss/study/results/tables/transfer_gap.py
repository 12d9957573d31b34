"""What is lost between the source language and the others, and what it goes with."""

from collections.abc import Iterator
from typing import Any, Final

import pandas as pd

from isogloss.core import TABLES
from isogloss.data import task_card
from isogloss.statistics import correlation

_MODEL: Final = ["treatment", "mixture", "match"]
_SCORE: Final = [*_MODEL, "task", "metric"]
_PLACE: Final = [*_SCORE, "target_language"]
OTHERS: Final = "others"
"""Stands for all languages but the source, each with the same weight."""
ALL: Final = "all"
"""Stands for all languages, the source among them, or for all tasks."""
_QA: Final = ("qa_f1", "qa_em")
QA_MEAN: Final = "qa_mean"
_MEASURES: Final = ("cka", "cka_unbiased", "retrieval", "centroid_relative", "paired_distance")
_UNTREATED: Final = "untreated"


def transfer_gap(records: pd.DataFrame) -> pd.DataFrame:
    """Return the gap of every fine-tuned model between its source and its other languages.

    gap_l = score(source) - score(l), the source being the first language of the mixture; `others`
    is the mean over the others, and `reduction` the share of the untreated model's gap that a
    treatment closes, (gap_untreated - gap) / gap_untreated. A gap can close because the source got
    worse, so its score stands beside it. Scores are means over seeds.

    `all` is the mean over the languages with the source, as XTREME averages a task; the task `all`
    is the mean over tasks, each by its first metric, questions by the mean of F1 and EM.

    Args:
        records: of a study that treats fine-tuning; columns `RECORD_COLUMNS`.

    Returns:
        The columns of `TABLES["transfer_gap"]`. A model without a score of its source has no rows.

    Reference:
        Hu et al. 2020, XTREME, https://arxiv.org/abs/2003.11080 (cross-lingual transfer gap,
        section 4.3; averages, table 2)
    """
    tuned = records[(records["stage"] == "finetune") & (records["status"] == "ok")]
    if tuned.empty:
        return pd.DataFrame(columns=list(TABLES["transfer_gap"].columns))
    scores = tuned.groupby(_PLACE, sort=False)["value"].agg(["mean", "size"]).reset_index()
    scores = scores.rename(columns={"mean": "score", "size": "n_seeds"})
    rows = [
        row
        for _, group in _with_qa_mean(scores).groupby(_SCORE, sort=False)
        for row in _gaps(group)
    ]
    table = pd.DataFrame(rows, columns=list(TABLES["transfer_gap"].columns))
    table = pd.concat([table, _over_tasks(table)], ignore_index=True)
    base = table[table["treatment"] == _UNTREATED].set_index(
        ["mixture", "task", "metric", "language"]
    )
    table["reduction"] = [
        _reduction(
            base["gap"].get(tuple(row[["mixture", "task", "metric", "language"]])), row["gap"]
        )
        if row["treatment"] != _UNTREATED
        else None
        for _, row in table.iterrows()
    ]
    return table[list(TABLES["transfer_gap"].columns)]


def gap_correlation(
    gaps: pd.DataFrame, representations: pd.DataFrame, records: pd.DataFrame
) -> pd.DataFrame:
    """Return how representation measures go with the gap, over the languages of one model.

    One row per model, task, metric, state, layer and measure: Spearman's and Pearson's correlation
    of the measure and gap_l with the permutation test of `isogloss.statistics.correlation`. Rows of
    several layers are several tests: the smallest p-value among them is no test.

    Args:
        gaps: what `transfer_gap` returns.
        representations: table of the measurement of that name.
        records: of the study; they say what each run has learned.

    Returns:
        The columns of `TABLES["gap_correlation"]`; with fewer than six languages the numbers are
        empty and `note` says so.
    """
    if gaps.empty or representations.empty:
        return pd.DataFrame(columns=list(TABLES["gap_correlation"].columns))
    own = gaps[~gaps["language"].isin([OTHERS, ALL])]
    keys = [*_MODEL, "task", "language"]
    runs = ["run_id", "treatment", "match", "task"]
    learned = records[[*runs, "mixture"]].drop_duplicates()
    measured = representations.drop(columns="mixture").merge(learned, on=runs)
    mean = measured.groupby([*keys, "state", "layer"], sort=False)[list(_MEASURES)].mean()
    joined = own.merge(mean.reset_index(), on=keys)
    rows = [
        {**dict(zip([*_SCORE, "state", "layer"], key, strict=True)), **row}
        for key, group in joined.groupby([*_SCORE, "state", "layer"], sort=False)
        for row in _correlations(group)
    ]
    return pd.DataFrame(rows, columns=list(TABLES["gap_correlation"].columns))


def _with_qa_mean(scores: pd.DataFrame) -> pd.DataFrame:
    """Add the mean of F1 and EM as a metric of questions."""
    asked = scores[scores["metric"].isin(_QA)]
    keys = [key for key in _PLACE if key != "metric"]
    pairs = asked.groupby(keys, sort=False).agg({"score": ["mean", "size"], "n_seeds": "min"})
    pairs.columns = ["score", "n", "n_seeds"]
    whole = pairs[pairs["n"] == len(_QA)].reset_index().assign(metric=QA_MEAN)
    return pd.concat([scores, whole[[*_PLACE, "score", "n_seeds"]]], ignore_index=True)


def _gaps(group: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Yield the rows of one model, task and metric."""
    first = group.iloc[0]
    source = str(first["mixture"]).partition("+")[0]
    by_language = group.set_index("target_language")["score"]
    if source not in by_language or len(by_language) < 2:
        return
    of_source, others = float(by_language[source]), by_language.drop(source)
    model: dict[str, Any] = {name: first[name] for name in _SCORE}
    model |= {"source_language": source, "source_score": of_source}
    rows = {str(language): float(score) for language, score in others.items()}
    rows |= {OTHERS: float(others.mean()), ALL: float(by_language.mean())}
    for language, score in rows.items():
        yield {
            **model,
            "language": language,
            "score": score,
            "gap": None if language == ALL else of_source - score,
            "n_languages": {OTHERS: len(others), ALL: len(by_language)}.get(language, 1),
            "n_seeds": int(group["n_seeds"].min()),
        }


def _over_tasks(table: pd.DataFrame) -> pd.DataFrame:
    """Return the mean over tasks of each model, of the rows that stand for all languages."""
    main = [
        QA_MEAN if (card := task_card(task)).metric in _QA else card.metric
        for task in table["task"]
    ]
    whole = table[(table["language"] == ALL) & (table["metric"] == main)]
    counts = whole.groupby(_MODEL, sort=False)["task"].transform("size")
    # Tasks that a model lacks would make its mean another one's.
    whole = whole[(counts == whole["task"].nunique()) & (counts > 1)]
    mean = whole.groupby(_MODEL, sort=False).agg(
        {"score": "mean", "source_score": "mean", "n_seeds": "min", "source_language": "first"}
    )
    return mean.reset_index().assign(task=ALL, metric="average", language=ALL)


def _reduction(base: Any, gap: Any) -> float | None:  # noqa: ANN401
    """Return the share of a gap that was closed; None where there was none."""
    if base is None or pd.isna(base) or pd.isna(gap) or base <= 0:
        return None
    return float((base - gap) / base)


def _correlations(group: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Yield the correlation of each measure with the gap over the languages of a group."""
    for measure in _MEASURES:
        there = group[group[measure].notna()]
        found = correlation(there[measure].to_list(), there["gap"].to_list())
        row: dict[str, Any] = {"measure": measure, "n": len(there)}
        if found is None:
            yield {**row, "note": "could not measure: fewer than six languages, or no spread"}
            continue
        yield {
            **row,
            "spearman": found.spearman,
            "pearson": found.pearson,
            "p": found.p_value,
            "ci_low": found.low,
            "ci_high": found.high,
            "note": "",
        }
