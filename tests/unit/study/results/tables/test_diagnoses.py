"""The table of diagnoses has its columns, whole numbers and empty cells where nothing is needed."""

from pathlib import Path

import pandas as pd

from isogloss.core import DIAGNOSIS_COLUMNS, TABLES
from isogloss.study.results.tables import diagnoses


def verdicts(*rows: dict[str, object]) -> pd.DataFrame:
    plain = {
        "treatment": "untreated",
        "mixture": "qaa-Latn+qab-Latn",
        "task": "ner",
        "metric": "entity_f1",
        "setting": "within_language",
        "language": "qab-Latn",
        "n_seeds": 3,
    }
    columns = list(TABLES["verdicts"].columns)
    return pd.DataFrame([{**plain, **row} for row in rows], columns=columns)


def test_the_table_can_be_written_and_read(tmp_path: Path) -> None:
    table = diagnoses(
        verdicts(
            {"match": "language", "verdict": "HELPED"},
            {"match": "total", "verdict": "UNDERPOWERED", "seeds_needed": 7},
            {"match": "language", "verdict": "HURT", "language": "qaa-Latn"},
            {"match": "total", "verdict": "HURT", "language": "qaa-Latn"},
        ),
        pd.DataFrame(columns=list(TABLES["confounds"].columns)),
    )
    assert tuple(table) == DIAGNOSIS_COLUMNS
    table.to_csv(tmp_path / "diagnoses.csv", index=False)
    lines = (tmp_path / "diagnoses.csv").read_text().splitlines()
    place = "untreated,qaa-Latn+qab-Latn"
    assert lines[1:] == [
        f"{place},qab-Latn,,,,,undecided,underpowered,3,7,",
        f"{place},qab-Latn,ner,entity_f1,HELPED,UNDERPOWERED,undecided,underpowered,3,7,",
        f"{place},qaa-Latn,,,,,interference,,3,,",
        f"{place},qaa-Latn,ner,entity_f1,HURT,HURT,interference,,3,,",
    ]


def test_no_verdict_no_row() -> None:
    table = diagnoses(verdicts(), pd.DataFrame(columns=list(TABLES["confounds"].columns)))
    assert table.empty
    assert tuple(table) == DIAGNOSIS_COLUMNS
