import dataclasses

import pandas as pd
import pytest

from isogloss.report.sections import measurements
from isogloss.report.study_files import NotAsked, NotMeasured, StudyFiles
from isogloss.report.text.wording import NONE

ROWS = pd.DataFrame(
    [
        {"run_id": "a", "treatment": "untreated", "seed": 0, "language": "<b>", "overlap": 0.25},
        {"run_id": "b", "treatment": "untreated", "seed": 1, "language": "sw", "overlap": None},
    ]
)


def with_measured(study: StudyFiles, rows: pd.DataFrame) -> StudyFiles:
    about = {**study.about, "measurements": [{"name": "gates", "what": "Do gates overlap?"}]}
    return dataclasses.replace(study, about=about, measured={"gates": rows})


def test_a_study_that_asked_for_none_has_no_section(study: StudyFiles) -> None:
    with pytest.raises(NotAsked):
        measurements.frame(study)


def test_rows_stand_under_their_question(study: StudyFiles) -> None:
    built = measurements.build(with_measured(study, ROWS))
    [exhibit] = built["exhibits"]  # type: ignore[misc]
    assert exhibit.table.caption == "Do gates overlap?"
    assert [column.header for column in exhibit.table.columns] == [
        *("treatment", "seed", "language", "overlap"),
    ]
    assert [row[-1] for row in exhibit.table.rows] == ["0.250", NONE]
    assert exhibit.table.rows[0][:3] == ["untreated", "0", "<b>"]
    assert exhibit.download.n_rows == 2


def test_asked_and_not_made_is_said(study: StudyFiles) -> None:
    with pytest.raises(NotMeasured, match="gates"):
        measurements.frame(with_measured(study, ROWS.head(0)))
