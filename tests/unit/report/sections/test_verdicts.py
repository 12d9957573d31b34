from typing import Any

import pandas as pd
import pytest

from isogloss.report.render import page
from isogloss.report.sections import verdicts
from isogloss.report.study_files import NotMeasured, StudyFiles
from isogloss.report.text import wording


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
        alone, mde = (wording.score(row[name], metric) for name in ("monolingual", "mde"))
        p = wording.probability(row["p_holm"]).replace("<", "&lt;")
        assert f"alone {alone} \u00b7 p {p} \u00b7 MDE {mde}<" in html


def test_zero_shot_scores_name_their_source(study: StudyFiles) -> None:
    built = verdicts.build(study)
    ner = built["mixtures"][0]["tasks"][1]
    assert ner["languages"][1]["zero_shot_from"] == "from English"


def first_row(study: StudyFiles, table: pd.DataFrame) -> Any:
    lone = StudyFiles(study.folder, {}, (), {"verdicts": table}, study.curves, "")
    built = verdicts.build(lone)
    return built, built["mixtures"][0]["tasks"][0]["languages"][0]["rows"][0]


def test_both_budgets_stand_side_by_side(study: StudyFiles) -> None:
    built, row = first_row(study, study.table("verdicts"))
    assert built["matches"] == ["same data", "same compute"]
    assert [cell["badge"].count("badge") for cell in row["cells"]] == [1, 1]


def test_a_budget_that_was_not_asked_for_has_no_column(study: StudyFiles) -> None:
    table = study.table("verdicts")
    built, row = first_row(study, table[table["match"] == "total"])
    assert built["matches"] == ["same compute"]
    assert len(row["cells"]) == 1


def test_zero_shot_only_is_a_row_of_its_own(study: StudyFiles) -> None:
    table = study.table("verdicts")
    only = table[(table["setting"] == "zero_shot") & (table["language"] == "swa-Latn")]
    _, row = first_row(study, only)
    assert set(row["cells"]) == {None}
    assert row["zero_shot"] != "\u2014"


def test_a_refused_comparison_says_why(study: StudyFiles) -> None:
    refused = study.table("verdicts").assign(verdict="", interference=float("nan"))
    refused["note"] = [f"why {place % 2}" for place in range(len(refused))]
    built, row = first_row(study, refused)
    assert "not compared" in row["cells"][0]["badge"]
    assert row["cells"][0]["bar"] == ""
    assert built["notes"] == {"why 0": 1, "why 1": 2}
    assert row["cells"][0]["note"] == 1


def test_a_note_that_holds_for_every_row_stands_once(study: StudyFiles) -> None:
    table = study.table("verdicts").assign(note="ONE SEED: beware.")
    lone = StudyFiles(study.folder, {}, (), {"verdicts": table}, study.curves, "")
    assert verdicts.build(lone)["notes"] == {"ONE SEED: beware.": 0}
    assert page(lone).count("ONE SEED: beware.</p>") == 1


def test_no_verdicts(bare: StudyFiles) -> None:
    with pytest.raises(NotMeasured):
        verdicts.frame(bare)
