import pytest

from isogloss.report.sections import answer
from isogloss.report.study_files import NotMeasured, StudyFiles


def test_rests_on_untreated_within_language_under_the_first_match(study: StudyFiles) -> None:
    table = answer.frame(study)
    assert set(table["treatment"]) == {"untreated"}
    assert set(table["setting"]) == {"within_language"}
    assert set(table["match"]) == {"language"}


def test_who_is_hurt_and_who_is_helped(study: StudyFiles) -> None:
    built = answer.build(study)
    assert built["headline"] == "Learning together hurts Swahili and helps Arabic."
    assert [one["count"] for one in built["tally"]] == [3, 2, 6, 1]
    assert len(built["grid"]) == 4
    assert built["left_out"] == ""


def test_nothing_found_is_an_answer(nothing: StudyFiles) -> None:
    built = answer.build(nothing)
    assert built["headline"].startswith("No interference found. The test could have seen ")
    assert built["sentences"] == ["In all 12 comparisons no difference was told apart from zero."]


def test_refused_comparisons_do_not_count(study: StudyFiles) -> None:
    verdicts = study.table("verdicts").copy()
    verdicts.loc[verdicts["language"] == "swa-Latn", "verdict"] = ""
    lone = StudyFiles(study.folder, study.about, (), {"verdicts": verdicts}, study.curves, "")
    assert answer.build(lone)["headline"] == "Learning together helps Arabic."
    verdicts["verdict"] = ""
    with pytest.raises(NotMeasured, match="refused"):
        answer.build(lone)


def test_no_verdicts_no_answer(bare: StudyFiles) -> None:
    with pytest.raises(NotMeasured, match=r"verdicts\.csv"):
        answer.frame(bare)
