import pytest

from isogloss.report.sections import confounds
from isogloss.report.study_files import NotMeasured, StudyFiles


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


def test_no_table(bare: StudyFiles) -> None:
    with pytest.raises(NotMeasured, match=r"confounds\.csv"):
        confounds.frame(bare)
