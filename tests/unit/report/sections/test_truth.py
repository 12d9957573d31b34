import dataclasses

import pandas as pd
import pytest

from isogloss.report.sections import truth
from isogloss.report.study_files import NotAsked, StudyFiles
from unit.report.text.test_known_truth import HARMLESS, PLANTED


def test_other_data_have_no_such_section(study: StudyFiles) -> None:
    with pytest.raises(NotAsked):
        truth.frame(study)


def test_truth_and_verdict_stand_side_by_side(study: StudyFiles) -> None:
    tables = {**study.tables, "truth": pd.DataFrame([PLANTED, HARMLESS])}
    built = truth.build(dataclasses.replace(study, tables=tables))
    [exhibit] = built["exhibits"]  # type: ignore[misc]
    first, second = exhibit.table.rows
    assert first[2:4] == ["same compute", "hurt"]
    assert first[-2:] == ["HURT", "the planted effect was found"]
    assert second[3] == "no effect"
    assert str(built["statement"]).startswith("The planted conflict was found")
