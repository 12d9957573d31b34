import pytest

from isogloss.report.sections import forgetting
from isogloss.report.study_files import NotAsked, StudyFiles


def test_means_over_languages_and_seeds(paper_study: StudyFiles) -> None:
    table = forgetting.frame(paper_study)
    assert table["treatment"].tolist()[0] == "untreated"
    assert table["seen"].tolist() == pytest.approx([1.0, 1.1, 1.2, 1.3, 1.4])
    assert table["unseen"].tolist() == pytest.approx([2.0, 2.2, 2.4, 2.6, 2.8])
    assert table["spread"].tolist() == pytest.approx([0] * 5, abs=1e-12)
    assert set(table["n_seeds"]) == {3}


def test_bars_and_numbers(paper_study: StudyFiles) -> None:
    exhibits = forgetting.build(paper_study)["exhibits"]
    assert isinstance(exhibits, list)
    [exhibit] = exhibits
    assert exhibit.title == "English + Swahili, ner"
    assert "Untreated: 1.00." in exhibit.figures[0]
    row = list(map(str, exhibit.table.rows[0]))
    assert row == ["Untreated", "1.00", "0.00", "2.00", "0.250", "3"]


def test_a_study_of_pretraining_has_none(study: StudyFiles) -> None:
    with pytest.raises(NotAsked):
        forgetting.frame(study)
