import dataclasses
import math
from pathlib import Path

import pandas as pd
import pytest

from isogloss.report.render import page
from isogloss.report.sections import beside_the_paper
from isogloss.report.study_files import NotAsked, NotMeasured, StudyFiles, read_study
from isogloss.report.text import wording
from toy_study import HOSTILE_LABEL, HOSTILE_NAME, Toy, write_toy_study


def test_a_study_that_names_no_paper_has_no_such_section(study: StudyFiles) -> None:
    with pytest.raises(NotAsked):
        beside_the_paper.frame(study)


def test_a_study_that_finished_nothing_says_so(paper_study: StudyFiles) -> None:
    empty = dataclasses.replace(paper_study, tables={})
    with pytest.raises(NotMeasured, match="no verdicts"):
        beside_the_paper.frame(empty)
    text = paper_study.table("verdicts").query("task == 'masked_lm'")
    nothing = dataclasses.replace(paper_study, tables={"verdicts": text})
    with pytest.raises(NotMeasured, match="no task, language and treatment"):
        beside_the_paper.frame(nothing)


def test_the_count_is_that_of_the_table(paper_study: StudyFiles) -> None:
    table = beside_the_paper.frame(paper_study)
    said = str(beside_the_paper.build(paper_study)["tally"])
    single = table[table["language"] != "mean"]["agreement"].value_counts()
    signs = ["agrees", "disagrees", "not significant", "not measured"]
    assert said.startswith(f"Of {single[signs].sum()} signs of the paper, {single['agrees']} agree")
    assert f"{single['not measured']} were not measured" in said
    assert "signs of means over languages" in said


def test_one_of_each_is_counted_in_the_singular() -> None:
    rows = [{"language": "a", "agreement": one} for one in ("agrees", "not significant")]
    assert beside_the_paper.tally(pd.DataFrame(rows)) == (
        "Of 2 signs of the paper, 1 agrees, 0 disagree and 1 is not significant."
    )


def test_a_table_for_each_task_and_setting(paper_study: StudyFiles) -> None:
    built = beside_the_paper.build(paper_study)
    assert [block["title"] for block in built["blocks"]] == [
        "Named entity recognition, entity F1, points, within language",
        "Named entity recognition, entity F1, points, zero-shot",
        "Part-of-speech tagging, POS accuracy, points, within language",
        "Part-of-speech tagging, POS accuracy, points, zero-shot",
    ]
    zero_shot = built["blocks"][1]
    [line] = [one for one in zero_shot["lines"] if one["paper"].endswith("− JointPair+adpt")]
    assert line["words"] == "Meta adapters against language adapters"
    arabic, swahili, mean = line["cells"]
    assert (arabic["paper"], swahili["paper"]) == ("+7.2", "+2.9")
    assert mean["paper"] == "+5.1 (mean of 2)"
    assert "agrees" in arabic["mark"]
    assert built["flips"] is None


def test_scores_stand_side_by_side(paper_study: StudyFiles) -> None:
    within = beside_the_paper.build(paper_study)["blocks"][0]["scores"]
    headers = [(column.header, column.unit) for column in within.columns]
    assert headers[2:] == [
        *(("Arabic", "ours"), ("Arabic", "paper"), ("Swahili", "ours"), ("Swahili", "paper"))
    ]
    rows = {row[1]: row for row in within.rows if row[1] != "Mono"}
    assert list(rows) == ["JointPair", "JointPair+ffn", "JointPair+adpt", "JointPair+meta_adpt"]
    assert [rows["JointPair"][3], rows["JointPair"][5]] == ["86.9", "86.1"]


def test_what_the_paper_does_not_have_is_said(paper_study: StudyFiles) -> None:
    """No POS data in Swahili in the paper."""
    within = beside_the_paper.build(paper_study)["blocks"][2]
    assert [column.header for column in within["scores"].columns][-1] == "Swahili"
    assert all(row[-1] == "not available" for row in within["scores"].rows)
    assert "not available in the paper" in within["lines"][0]["cells"][1]["mark"]
    assert "token accuracy" in within["remark"]
    assert beside_the_paper.build(paper_study)["blocks"][0]["remark"] == ""


def test_numbers_on_the_page_are_those_of_the_tables(paper_study: StudyFiles) -> None:
    html = page(paper_study)
    for row in beside_the_paper.frame(paper_study).to_dict("records"):
        assert f"paper {_number(row['paper'], row['metric'])}" in html
        if not math.isnan(row["ours"]):
            assert f"<b>{wording.difference(row['ours'], row['metric'])}</b>" in html


def _number(value: float, metric: str) -> str:
    return "not available" if math.isnan(value) else wording.difference(value, metric)


def test_where_the_sign_turns(paper_study: StudyFiles) -> None:
    """The toy's Arabic plays full French, its Swahili sampled French."""
    codes = {"ara-Arab": "fra-Latn", "swa-Latn": "fra-Latn-x-low"}
    mixtures = {f"eng-Latn+{old}": f"eng-Latn+{new}" for old, new in codes.items()}
    tables = {
        name: paper_study.table(name).replace({**codes, **mixtures})
        for name in ("verdicts", "comparisons")
    }
    turned = dataclasses.replace(paper_study, tables=tables)
    built = beside_the_paper.build(turned)
    rows = built["flips"].rows
    assert [row[1] for row in rows] == ["Named entity recognition"] * 2 + [
        "Part-of-speech tagging"
    ] * 2
    assert rows[0][2] == "JointPair − Mono, same data"
    assert (rows[0][3], rows[0][5]) == ("−1.5", "+1.5")
    assert "disagrees" in rows[0][-1]
    assert "sampled (fr_l)" in str(built["blocks"][0]["columns"])
    assert 'aria-label="Joint training against monolingual on a full' in page(turned)


def test_labels_stand_where_a_treatment_has_two_settings(paper_study: StudyFiles) -> None:
    named = [{"label": one, "name": one} for one in ("untreated", "language_adapters")]
    named += [{"label": one, "name": "meta_adapters"} for one in ("language_ffn", "meta_adapters")]
    about = {**paper_study.about, "treatments": named}
    built = beside_the_paper.build(dataclasses.replace(paper_study, about=about))
    words = [line["words"] for line in built["blocks"][1]["lines"] if "meta" in line["paper"]]
    assert words == [
        "Language ffn against untreated",
        "Meta adapters against untreated",
        "Language ffn against language adapters",
        "Meta adapters against language adapters",
    ]


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    folder = write_toy_study(tmp_path / "study", Toy(hostile=True, paper=True))
    study = read_study(folder)
    named = [{"label": HOSTILE_LABEL, "name": "language_adapters"}]
    html = page(dataclasses.replace(study, about={**study.about, "treatments": named}))
    assert '<section id="paper"' in html
    assert HOSTILE_NAME not in html
    assert HOSTILE_LABEL not in html
    html = page(dataclasses.replace(study, about={**study.about, "reference": HOSTILE_NAME}))
    assert "has no reference &lt;script&gt;" in html
    assert HOSTILE_NAME not in html
