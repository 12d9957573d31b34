import pytest

from isogloss.report.sections import interference_matrix
from isogloss.report.study_files import NotAsked, StudyFiles
from isogloss.report.text import wording


def test_the_partner_is_the_source(study: StudyFiles) -> None:
    table = interference_matrix.frame(study)
    raw = study.table("verdicts")
    chosen = raw[
        (raw["treatment"] == "untreated")
        & (raw["mixture"] == "eng-Latn+swa-Latn")
        & (raw["match"] == "language")
        & (raw["task"] == "ner")
        & (raw["setting"] == "within_language")
        & (raw["language"] == "swa-Latn")
    ]
    cell = table[
        (table["source"] == "eng-Latn")
        & (table["target"] == "swa-Latn")
        & (table["match"] == "language")
        & (table["task"] == "ner")
    ]
    assert cell["interference"].tolist() == chosen["interference"].tolist()


def test_numbers_stand_in_the_cells_and_doubt_is_hatched(study: StudyFiles) -> None:
    table = interference_matrix.frame(study)
    exhibit = interference_matrix.build(study)["exhibits"][1]
    drawn = exhibit.figures[0]
    rows = table[(table["task"] == "ner") & (table["match"] == "language")]
    for row in rows.to_dict("records"):
        assert f">{wording.difference(row['interference'], 'entity_f1')}</text>" in drawn
    unclear = (~rows["verdict"].isin(["HURT", "HELPED"])).sum()
    assert drawn.count("url(#hatch)") == unclear > 0


def test_larger_mixtures_have_no_partner(study: StudyFiles) -> None:
    table = study.table("verdicts").assign(mixture="a+b+c")
    lone = StudyFiles(study.folder, {}, (), {"verdicts": table}, study.curves, "")
    with pytest.raises(NotAsked):
        interference_matrix.frame(lone)
