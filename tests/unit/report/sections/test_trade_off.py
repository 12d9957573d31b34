import pytest

from isogloss.report.sections import trade_off
from isogloss.report.study_files import NotMeasured, StudyFiles


def test_means_over_languages(study: StudyFiles) -> None:
    table = trade_off.frame(study)
    raw = study.table("comparisons")
    chosen = raw[
        (raw["treatment"] == "language_adapters")
        & (raw["reference"] == "untreated")
        & (raw["mixture"] == "eng-Latn+swa-Latn")
        & (raw["task"] == "ner")
        & (raw["setting"] == "zero_shot")
    ]
    row = table[
        (table["treatment"] == "language_adapters")
        & (table["mixture"] == "eng-Latn+swa-Latn")
        & (table["task"] == "ner")
    ].iloc[0]
    assert row["zero_shot"] == pytest.approx(chosen["gain"].mean())
    assert row["n_zero_shot"] == len(chosen) == 2


def test_one_plane_a_task_with_its_table(study: StudyFiles) -> None:
    exhibits = trade_off.build(study)["exhibits"]
    assert [one.title.split(",")[0] for one in exhibits] == [
        "Named entity recognition",
        "Part-of-speech tagging",
    ]
    assert "gains within only" in exhibits[0].figures[0]
    assert len(exhibits[0].table.rows) == 4


def test_needs_both_settings(study: StudyFiles) -> None:
    table = study.table("comparisons")
    within = table[table["setting"] == "within_language"]
    tables = {"comparisons": within, "verdicts": study.table("verdicts")}
    lone = StudyFiles(study.folder, {}, (), tables, study.curves, "")
    with pytest.raises(NotMeasured, match="both within a language and zero-shot"):
        trade_off.frame(lone)
    tables["comparisons"] = table.iloc[:0]
    none = StudyFiles(study.folder, {}, (), tables, study.curves, "")
    with pytest.raises(NotMeasured, match="compared with untreated"):
        trade_off.frame(none)
