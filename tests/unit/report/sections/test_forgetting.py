import dataclasses

import pytest

from isogloss.report.sections import forgetting
from isogloss.report.study_files import NotAsked, NotMeasured, StudyFiles
from unit.report.finetuning_study import NAMES, finetuning_study


def test_means_over_languages_then_seeds(study: StudyFiles) -> None:
    table = forgetting.frame(finetuning_study(study, []))
    assert set(table["treatment"]) == set(NAMES)
    assert table["seen"].to_numpy() == pytest.approx(1.6)
    assert table["unseen"].to_numpy() == pytest.approx(-0.4)
    assert table["seen_sd"].to_numpy() == pytest.approx(0.2 / 2**0.5)
    assert set(table["n_runs"]) == {2}


def test_drawing_and_table(study: StudyFiles) -> None:
    [exhibit] = forgetting.build(finetuning_study(study, []))["exhibits"]
    assert len(exhibit.figures) == 1
    assert exhibit.table.rows[0] == [*("Untreated", "+1.60 ± 0.14", "−0.40 ± 0.14", "10.0 %", "2")]


def test_where_it_has_no_place(study: StudyFiles) -> None:
    with pytest.raises(NotAsked):
        forgetting.frame(study)
    bare = dataclasses.replace(study, about={"measurements": [{"name": "forgetting"}]}, tables={})
    with pytest.raises(NotMeasured, match="what it forgot"):
        forgetting.frame(bare)
