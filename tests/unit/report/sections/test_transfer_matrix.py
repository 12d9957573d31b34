import pytest

from isogloss.report.sections import transfer_matrix
from isogloss.report.study_files import NotMeasured, StudyFiles


def test_axes_are_source_then_target(study: StudyFiles) -> None:
    table = transfer_matrix.frame(study)
    raw = study.table("verdicts")
    chosen = raw[
        (raw["treatment"] == "untreated")
        & (raw["setting"] == "zero_shot")
        & (raw["task"] == "ner")
        & (raw["source_language"] == "swa-Latn")
        & (raw["language"] == "eng-Latn")
    ]
    cell = table[
        (table["treatment"] == "untreated")
        & (table["task"] == "ner")
        & (table["source"] == "swa-Latn")
        & (table["target"] == "eng-Latn")
    ]
    assert cell["value"].tolist() == chosen["multilingual"].tolist()


def test_the_diagonal_is_within_language(study: StudyFiles) -> None:
    table = transfer_matrix.frame(study)
    diagonal = table[table["source"] == table["target"]]
    assert set(diagonal["setting"]) == {"within_language"}
    english = diagonal[diagonal["source"] == "eng-Latn"]
    assert set(english["n_mixtures"]) == {2}


def test_one_matrix_a_treatment(study: StudyFiles) -> None:
    exhibits = transfer_matrix.build(study)["exhibits"]
    assert len(exhibits) == 2
    assert len(exhibits[0].figures) == 3


def test_no_zero_shot(study: StudyFiles) -> None:
    table = study.table("verdicts")
    within = table[table["setting"] == "within_language"]
    lone = StudyFiles(study.folder, {}, (), {"verdicts": within}, study.curves, "")
    with pytest.raises(NotMeasured, match="without labelled data"):
        transfer_matrix.frame(lone)
