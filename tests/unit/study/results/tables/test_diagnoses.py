"""The table of diagnoses has its columns, whole numbers and empty cells where nothing is needed."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from isogloss.core import DIAGNOSIS_COLUMNS, TABLES
from isogloss.diagnosis.measured_conflict import conflict_rows
from isogloss.study.results.tables import diagnoses, with_conflict
from unit.study.toys import BASE, OTHER


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


PAIR = f"{BASE}|{OTHER}"


def look(update: int, cosine: float | None, word: str = "control") -> dict[str, Any]:
    """Return a row of `conflict.jsonl`; another word stood there for the control before."""
    return {
        "update": update,
        "cosine": {PAIR: cosine},
        "corrected": {PAIR: None},
        "half": {PAIR: 0.5 * (cosine or 0)},
        word: {str(BASE): 0.3, str(OTHER): 0.5},
        "layers": {"layers.0": {PAIR: cosine}},
        "kinds": {"attention": {PAIR: cosine}},
    }


def table(runs: list[tuple[str, str, dict[str, Any]]], looks: list[dict[str, Any]]) -> pd.DataFrame:
    """Return the measurement's table as if each training had been looked at in that way."""
    rows = [
        {**row, "run_id": run_id, "treatment": treatment, "mixture": f"{BASE}+{OTHER}", **other}
        for run_id, treatment, other in runs
        for row in conflict_rows(looks)
    ]
    return pd.DataFrame(rows, columns=list(TABLES["conflict"].columns))


@pytest.fixture
def looked() -> pd.DataFrame:
    """Two trainings that were looked at three times each."""
    looks = [look(0, 1.0, "same_language"), look(40, 0.2), look(80, -0.4)]
    places = {"match": "", "task": "masked_lm"}
    runs = [(f"run-{seed}", "untreated", {**places, "seed": seed}) for seed in (0, 1)]
    return table(runs, looks)


def test_a_verdict_says_what_the_second_half_said(looked: pd.DataFrame) -> None:
    verdicts = pd.DataFrame(
        [
            {"treatment": treatment, "mixture": f"{BASE}+{OTHER}", "language": str(BASE)}
            for treatment in ("untreated", "somebody_elses")
        ]
    )
    table = with_conflict(verdicts, looked)
    assert table["gradient_cosine"].tolist()[0] == pytest.approx(0.5 * (0.2 - 0.4) / 2)
    assert table["gradient_control"].tolist()[0] == pytest.approx(0.4)
    assert table["conflict_rate"].tolist()[0] == pytest.approx(0.5)
    assert table.loc[1, ["gradient_cosine", "conflict_rate"]].isna().all()


def test_a_verdict_of_a_joint_fine_tuning_is_explained_by_its_own_task(
    looked: pd.DataFrame,
) -> None:
    verdicts = pd.DataFrame(
        [
            {"treatment": "untreated", "mixture": f"{BASE}+{OTHER}", "language": str(BASE), **task}
            for task in ({"task": "masked_lm"}, {"task": "pos"})
        ]
    )
    table = with_conflict(verdicts, looked, of_task=True)
    assert table["gradient_cosine"].notna().tolist() == [True, False]


def test_runs_that_nobody_looked_at() -> None:
    verdicts = pd.DataFrame(
        [{"treatment": "untreated", "mixture": f"{BASE}+{OTHER}", "language": str(BASE)}]
    )
    assert with_conflict(verdicts, table([], []))["gradient_cosine"].isna().all()
