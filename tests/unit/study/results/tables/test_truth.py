from pathlib import Path

import pandas as pd
import pytest

from isogloss.core import TABLES
from isogloss.data import Truth, read_truth, synthesise
from isogloss.study.results.tables import truth


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Truth:
    folder = tmp_path_factory.mktemp("bed")
    synthesise("base,conflict,twin", folder, seed=0, sentences=40)
    return read_truth(folder)


def verdicts(*rows: dict[str, object]) -> pd.DataFrame:
    plain = {
        "treatment": "untreated",
        "mixture": "qaa-Latn+qab-Latn",
        "match": "total",
        "metric": "bits_per_byte",
        "setting": "within_language",
        "language": "qaa-Latn",
        "interference": 0.3,
    }
    return pd.DataFrame(
        [{**plain, **row} for row in rows], columns=list(TABLES["verdicts"].columns)
    )


def test_what_was_planted_stands_beside_what_was_found(planted: Truth) -> None:
    table = truth(
        verdicts(
            {"verdict": "HURT"},
            {"verdict": "UNDERPOWERED", "match": "language"},
            {"verdict": "HURT", "mixture": "qaa-Latn+qac-Latn", "language": "qac-Latn"},
        ),
        planted,
    )
    assert tuple(table) == TABLES["truth"].columns
    assert table["relation"].tolist() == ["base and conflict", "base and conflict", "twin and base"]
    assert table["planted"].tolist() == ["hurt", "hurt", "none"]
    assert table["outcome"].tolist() == ["found", "open", "false_alarm"]


@pytest.mark.parametrize(
    "row",
    [
        {"metric": "pos_accuracy"},
        {"treatment": "pcgrad"},
        {"setting": "zero_shot"},
        {"mixture": "qaa-Latn+qab-Latn+qac-Latn"},
        {"mixture": "qaa-Latn+swa-Latn"},
    ],
    ids=str,
)
def test_what_has_no_truth_has_no_row(planted: Truth, row: dict[str, object]) -> None:
    table = truth(verdicts({"verdict": "HURT", **row}), planted)
    assert table.empty and tuple(table) == TABLES["truth"].columns


def test_a_missing_verdict_is_open(planted: Truth, tmp_path: Path) -> None:
    table = truth(verdicts({"verdict": None}), planted)
    assert table["outcome"].tolist() == ["open"]
