import dataclasses

import pandas as pd
import pytest

from isogloss.report.render import page
from isogloss.report.sections import answer
from isogloss.report.study_files import NotMeasured, StudyFiles


def with_verdicts(study: StudyFiles, table: pd.DataFrame) -> StudyFiles:
    return dataclasses.replace(study, tables={**study.tables, "verdicts": table})


def test_a_diagnosis_a_task_and_one_over_all_with_both_budgets(study: StudyFiles) -> None:
    table = answer.frame(study)
    assert set(table["treatment"]) == {"untreated"}
    assert not table.duplicated(["mixture", "language", "task"]).any()
    assert (table["task"] == "").sum() == 4
    assert len(table) == 4 * (1 + 3)
    tasks = table[table["task"] != ""]
    verdicts = study.table("verdicts")
    for side, match in (("same_data", "language"), ("same_compute", "total")):
        chosen = verdicts[(verdicts["treatment"] == "untreated") & (verdicts["match"] == match)]
        chosen = chosen[chosen["setting"] == "within_language"]
        keys = ["mixture", "language", "task"]
        both = tasks.merge(chosen, on=keys)
        assert (both[f"interference_{side}"] == both["interference"]).all()
        assert (both[side] == both["verdict"]).all()


def test_the_headline_and_the_counts_are_those_of_the_diagnoses(study: StudyFiles) -> None:
    built = answer.build(study)
    assert built["headline"] == (
        "Swahili is hurt by learning together; English does as well with the same data, but the "
        "compute would do more alone; Arabic gains with the same data, but the compute would do "
        "more alone."
    )
    assert [one["count"] for one in built["tally"]] == [1, 2, 1]
    assert built["matches"] == ["same data", "same compute"]
    assert len(built["grid"]) == 4
    assert built["left_out"] == ""


def test_zero_shot_stands_in_the_same_grid(study: StudyFiles) -> None:
    built = answer.build(study)
    assert built["zero_shot"]
    by_task = {task["name"]: task["zero_shot"] for task in built["grid"][0]["tasks"]}
    assert by_task["Masked-LM loss"] == "\u2014"
    assert by_task["NER"] != "\u2014"


def test_bits_have_a_scale_and_points_need_none(study: StudyFiles) -> None:
    built = answer.build(study)
    loss, ner, _ = built["grid"][0]["tasks"]
    assert loss["cells"][1]["share"].endswith("\u00a0%)")
    assert ner["cells"][1]["share"] == ""
    assert built["interest"].startswith("bits per byte 2\u00a0%")


def test_the_page_says_what_to_do(study: StudyFiles) -> None:
    assert "<strong>What to do.</strong> Train Swahili apart" in page(study)


def test_one_budget_has_no_diagnosis_and_says_so(study: StudyFiles) -> None:
    table = study.table("verdicts")
    built = answer.build(with_verdicts(study, table[table["match"] == "language"]))
    assert built["headline"] == (
        "With the same data, learning together hurts Swahili and helps Arabic. The same compute "
        "was not compared, so there is no diagnosis."
    )
    assert not built["both"]
    assert built["tally"] == []


def test_nothing_found_says_what_would_decide(nothing: StudyFiles) -> None:
    built = answer.build(nothing)
    assert built["headline"].startswith(("Undecided", "English"))
    assert "hurt" not in built["headline"].replace("learning together hurts", "")


def test_one_seed_and_the_plateau_have_no_headline(one_seed: StudyFiles) -> None:
    built = answer.build(one_seed)
    assert built["headline"].startswith("Undecided")
    assert "seeds" in built["to_do"] or "updates" in built["to_do"]


def test_refused_comparisons_decide_nothing(study: StudyFiles) -> None:
    verdicts = study.table("verdicts").copy()
    verdicts.loc[verdicts["language"] == "swa-Latn", "verdict"] = ""
    lone = with_verdicts(study, verdicts)
    assert "Swahili is undecided" in answer.build(lone)["headline"]
    verdicts["verdict"] = ""
    with pytest.raises(NotMeasured, match="refused"):
        answer.build(lone)


def test_no_verdicts_no_answer(bare: StudyFiles) -> None:
    with pytest.raises(NotMeasured, match=r"verdicts\.csv"):
        answer.frame(bare)


def test_a_task_with_two_metrics_names_them(study: StudyFiles) -> None:
    diagnoses, verdicts = study.table("diagnoses"), study.table("verdicts")
    more = [table[table["task"] == "ner"].assign(metric="qa_em") for table in (diagnoses, verdicts)]
    tables = {
        **study.tables,
        "diagnoses": pd.concat([diagnoses, more[0]]),
        "verdicts": pd.concat([verdicts, more[1]]),
    }
    grid = answer.build(dataclasses.replace(study, tables=tables))["grid"]
    names = [task["name"] for task in grid[0]["tasks"]]
    assert {"NER, entity F1", "NER, exact answers", "POS tagging"} <= set(names)
