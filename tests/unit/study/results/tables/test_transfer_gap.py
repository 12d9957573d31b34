"""Gaps, XTREME's averages and correlations over languages, by hand."""

from typing import Any

import pandas as pd
import pytest

from isogloss.core import ROLE_COLUMNS, TABLES
from isogloss.core.records import RECORD_COLUMNS
from isogloss.diagnosis import MEASUREMENTS
from isogloss.study.results.tables import gap_correlation, transfer_gap

EN, FR, SW = "eng-Latn", "fra-Latn", "swa-Latn"
# The table of the paper of X-Mixup: seven tasks, QA as (F1, EM), and the average that it prints.
XLMR = {
    "nli": 79.2,
    "paraphrase": 86.4,
    "pos": 73.8,
    "ner": 65.4,
    "qa.xquad": (76.6, 60.8),
    "qa.mlqa": (71.6, 53.2),
    "qa.tydiqa": (65.1, 45.0),
}


def _record(task: str, metric: str, language: str, value: float, **changes: Any) -> dict[str, Any]:
    return {
        "run_id": "finetune-1",
        "treatment": "untreated",
        "mixture": f"{EN}+{FR}+{SW}",
        "match": "",
        "stage": "finetune",
        "status": "ok",
        "seed": 0,
        "task": task,
        "metric": metric,
        "target_language": language,
        "value": value,
        **changes,
    }


def _table(rows: list[dict[str, Any]]) -> pd.DataFrame:
    found = transfer_gap(pd.DataFrame(rows))
    assert list(found.columns) == list(TABLES["transfer_gap"].columns)
    return found.set_index(["treatment", "task", "metric", "language"])


def test_the_gap_is_to_the_source_and_closes_by_a_share() -> None:
    scores = {"untreated": (0.9, 0.5, 0.7), "x_mixup": (0.8, 0.6, 0.7)}
    found = _table(
        [
            _record(
                "ner", "entity_f1", language, value + 0.1 * (seed - 0.5), treatment=name, seed=seed
            )
            for name, values in scores.items()
            for language, value in zip((EN, FR, SW), values, strict=True)
            for seed in (0, 1)
        ]
    )
    row = found.loc[("untreated", "ner", "entity_f1", "others")]
    assert (row["source_score"], row["gap"]) == pytest.approx((0.9, 0.3))
    assert (row["n_languages"], row["n_seeds"]) == (2, 2)
    assert found.loc[("untreated", "ner", "entity_f1", FR), "gap"] == pytest.approx(0.4)
    assert found.loc[("untreated", "ner", "entity_f1", "all"), "score"] == pytest.approx(0.7)
    # The gap halves, and English got worse: both are in the row.
    row = found.loc[("x_mixup", "ner", "entity_f1", "others")]
    assert (row["gap"], row["reduction"], row["source_score"]) == pytest.approx((0.15, 0.5, 0.8))


def test_the_average_over_tasks_is_that_of_the_paper() -> None:
    rows: list[dict[str, Any]] = []
    for task, value in XLMR.items():
        names = {
            "nli": "accuracy",
            "paraphrase": "accuracy",
            "pos": "pos_accuracy",
            "ner": "entity_f1",
        }
        values = (
            zip(("qa_f1", "qa_em"), value, strict=True)
            if isinstance(value, tuple)
            else [(names[task], value)]
        )
        for metric, score in values:
            rows += [_record(task, metric, one, score) for one in (EN, FR)]
    found = _table(rows)
    assert found.loc[("untreated", "qa.xquad", "qa_mean", "all"), "score"] == pytest.approx(68.7)
    by_hand = (79.2 + 86.4 + 73.8 + 65.4 + 68.7 + 62.4 + 55.05) / 7
    assert found.loc[("untreated", "all", "average", "all"), "score"] == pytest.approx(by_hand)
    assert round(by_hand, 1) == 70.1


def test_a_model_without_all_tasks_has_no_average() -> None:
    rows = [_record(task, "accuracy", one, 0.5) for task in ("nli", "topic") for one in (EN, FR)]
    rows += [_record("nli", "accuracy", one, 0.5, treatment="pcgrad") for one in (EN, FR)]
    found = _table(rows)
    assert ("untreated", "all", "average", "all") in found.index
    assert ("pcgrad", "all", "average", "all") not in found.index


def test_without_a_score_of_the_source_there_is_no_gap() -> None:
    assert _table([_record("ner", "entity_f1", one, 0.5) for one in (FR, SW)]).empty
    assert _table([_record("ner", "entity_f1", EN, 0.5)]).empty


def test_what_goes_with_the_gap_over_languages() -> None:
    languages = [f"{a}{b}a-Latn" for a in "abc" for b in "de"]
    rows = [_record("ner", "entity_f1", EN, 0.9)]
    rows += [_record("ner", "entity_f1", one, 0.8 - n / 20) for n, one in enumerate(languages)]
    measured = pd.DataFrame(
        [
            {
                "run_id": "finetune-1",
                "treatment": "untreated",
                "mixture": "as the study names it",
                "match": "",
                "seed": 0,
                "task": "ner",
                "language": one,
                "state": state,
                "layer": 1,
                "cka": 1 - n / 10,
                "cka_unbiased": 0.5,
                "retrieval": n % 2,
                "centroid_relative": n * n,
                "paired_distance": None,
            }
            for n, one in enumerate(languages)
            for state in ("pretrained", "fine-tuned")
        ]
    )
    records = pd.DataFrame(rows)
    gaps = transfer_gap(records)
    found = gap_correlation(gaps, measured, records)
    assert list(found.columns) == list(TABLES["gap_correlation"].columns)
    tuned = found[found["state"] == "fine-tuned"].set_index("measure")
    assert tuned.loc["cka", "spearman"] == pytest.approx(-1)
    assert tuned.loc["centroid_relative", "spearman"] == pytest.approx(1)
    assert tuned.loc["cka", "p"] < 0.02
    assert (tuned.loc["cka", "n"], tuned.loc["paired_distance", "n"]) == (6, 0)
    assert tuned.loc["cka_unbiased", "note"].startswith("could not measure")
    few = gap_correlation(gaps[gaps["language"] != languages[0]], measured, records)
    assert set(few["note"]) == {"could not measure: fewer than six languages, or no spread"}


def test_of_nothing_there_is_nothing_to_say() -> None:
    empty = pd.DataFrame(columns=list(RECORD_COLUMNS))
    gaps = transfer_gap(empty)
    assert gaps.empty
    columns = [*ROLE_COLUMNS, *MEASUREMENTS["representations"].columns]
    assert gap_correlation(gaps, pd.DataFrame(columns=columns), empty).empty
