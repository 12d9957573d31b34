import pytest

from isogloss.report.sections import averages
from isogloss.report.study_files import NotAsked, StudyFiles
from unit.report.finetuning_study import average, finetuning_study


def test_a_table_a_setting_with_the_answer_above(study: StudyFiles) -> None:
    rows = [
        average("pcgrad", "untreated", "within_language", 0.03, "BETTER"),
        average("pcgrad", "untreated", "zero_shot", -0.02, "WORSE"),
    ]
    built = averages.build(finetuning_study(study, rows))
    assert "pcgrad (+3.0, +2.0 to +4.0) is better than untreated" in str(built["statement"])
    within, zero_shot = built["exhibits"]
    assert within.table.rows[0][:6] == [
        *("Pcgrad", "untreated", "43.0", "40.0", "+3.0", "[+2.0, +4.0]")
    ]
    assert "Worse" in zero_shot.table.rows[0][7]
    assert zero_shot.download.n_rows == 1


def test_a_study_of_pretraining_has_no_such_section(study: StudyFiles) -> None:
    with pytest.raises(NotAsked):
        averages.frame(study)
