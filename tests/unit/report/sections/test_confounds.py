from pathlib import Path

import pandas as pd
import pytest

from isogloss.report.sections import confounds
from isogloss.report.study_files import NotMeasured, StudyFiles, read_study
from toy_study import write_toy_study


def test_seeds_are_averaged(study: StudyFiles) -> None:
    table = confounds.build(study)["exhibits"][0].table
    assert len(table.rows) == 18
    assert table.rows[0][:5] == [
        "Monolingual, same data<small>English</small>",
        *("English", "1,200", "2,457,600", "12.5"),
    ]
    assert table.rows[0][-1] == "3 of 3"
    assert all(len(row) == len(table.columns) for row in table.rows)


def test_a_plateau_is_loud(one_seed: StudyFiles) -> None:
    rows = confounds.build(one_seed)["exhibits"][0].table.rows
    assert "0 of 1" in rows[0][-1]
    assert "badge" in rows[0][-1]


def test_what_became_of_a_checkpoint(tmp_path: Path) -> None:
    """A study from scratch has no such columns; one from a checkpoint says which seeds kept it."""
    folder = write_toy_study(tmp_path / "study")
    path = folder / "confounds.csv"
    table = pd.read_csv(path)
    plain = confounds.build(read_study(folder))["exhibits"][0].table
    guard = {"start_nats": 3.2, "start_retrieval": 0.76, "retrieval": 0.005, "destroyed": True}
    table.assign(**guard).to_csv(path, index=False)
    found = confounds.build(read_study(folder))
    rows = found["exhibits"][0].table
    assert len(rows.columns) == len(plain.columns) + 4
    assert rows.rows[0][-4:-1] == ["3.20", "76.0\u00a0%", "0.5\u00a0%"]
    assert "0 of 3" in rows.rows[0][-1] and "badge" in rows.rows[0][-1]
    assert "no verdict rests on such a run" in found["lead"]


def test_no_table(bare: StudyFiles) -> None:
    with pytest.raises(NotMeasured, match=r"confounds\.csv"):
        confounds.frame(bare)
