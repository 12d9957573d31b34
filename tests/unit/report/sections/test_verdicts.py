import pytest

from isogloss.report import wording
from isogloss.report.render import page
from isogloss.report.sections import verdicts
from isogloss.report.study_files import NotMeasured, StudyFiles


def test_one_row_a_comparison_with_both_settings(study: StudyFiles) -> None:
    table = verdicts.frame(study)
    keys = ["treatment", "mixture", "match", "task", "language"]
    assert not table.duplicated(keys).any()
    assert len(table) == 3 * 2 * 2 * 3 * 2
    ner = table[table["task"] == "ner"]
    assert ner["zero_shot"].notna().all(), "a zero-shot score holds under both budget matches"
    assert table[table["task"] == "masked_lm"]["zero_shot"].isna().all()


def test_untreated_stands_first(study: StudyFiles) -> None:
    assert verdicts.frame(study)["treatment"].iloc[0] == "untreated"


def test_numbers_on_the_page_are_those_of_the_file(study: StudyFiles) -> None:
    html = page(study)
    table = study.table("verdicts")
    within = table[table["setting"] == "within_language"]
    for row in within.to_dict("records"):
        metric = row["metric"]
        estimate = wording.difference(row["interference"], metric)
        interval = wording.interval(row["ci_low"], row["ci_high"], metric)
        cell = f'<b>{estimate}</b> <span class="quiet">{interval}</span>'
        assert cell in html
        assert f">{wording.score(row['monolingual'], metric)}<" in html
        assert f">{wording.score(row['mde'], metric)}<" in html


def test_zero_shot_scores_name_their_source(study: StudyFiles) -> None:
    built = verdicts.build(study)
    ner = built["mixtures"][0]["tasks"][1]
    assert ner["languages"][1]["zero_shot_from"] == "from English"


def test_zero_shot_only_is_a_row_of_its_own(study: StudyFiles) -> None:
    table = study.table("verdicts")
    only = table[(table["setting"] == "zero_shot") & (table["language"] == "swa-Latn")]
    lone = StudyFiles(study.folder, {}, (), {"verdicts": only}, study.curves, "")
    built = verdicts.build(lone)
    row = built["mixtures"][0]["tasks"][0]["languages"][0]["rows"][0]
    assert "not measured" in row["badge"]
    assert row["zero_shot"] != "\u2014"


def test_a_refused_comparison_says_so(study: StudyFiles) -> None:
    refused = study.table("verdicts").assign(verdict="", interference=float("nan"), note="why")
    lone = StudyFiles(study.folder, {}, (), {"verdicts": refused}, study.curves, "")
    row = verdicts.build(lone)["mixtures"][0]["tasks"][0]["languages"][0]["rows"][0]
    assert "not compared" in row["badge"]
    assert row["note"] == "why"
    assert row["bar"] == ""


def test_flips_are_counted(study: StudyFiles) -> None:
    assert verdicts.build(study)["n_flips"] > 0


def test_no_verdicts(bare: StudyFiles) -> None:
    with pytest.raises(NotMeasured):
        verdicts.frame(bare)
