import pandas as pd

from isogloss.report.render import page
from isogloss.report.sections import comparisons
from isogloss.report.study_files import StudyFiles
from isogloss.report.text import wording


def test_both_settings_with_a_line_for_each_reference(study: StudyFiles) -> None:
    built = comparisons.build(study)
    assert built["settings"] == ["within language", "zero-shot"]
    language = built["mixtures"][0]["tasks"][1]["languages"][0]
    lines = {one["name"]: one["lines"] for one in language["treatments"]}
    assert [one["reference"] for one in lines["Temperature"]] == ["untreated"]
    assert [one["reference"] for one in lines["Language adapters"]] == [
        "untreated",
        "tuned temperature",
    ]
    assert all(len(one["cells"]) == 2 for one in lines["Temperature"])


def test_a_setting_that_a_task_has_not_is_no_gap(study: StudyFiles) -> None:
    loss, ner, _ = comparisons.build(study)["mixtures"][0]["tasks"]
    assert (loss["measured"], ner["measured"]) == ([True, False], [True, True])


def test_numbers_on_the_page_are_those_of_the_file(study: StudyFiles) -> None:
    html = page(study)
    for row in comparisons.frame(study).to_dict("records"):
        assert f"<b>{wording.difference(row['gain'], row['metric'])}</b>" in html


def test_several_sources_are_averaged_and_counted(study: StudyFiles) -> None:
    table = comparisons.frame(study)
    more = table[table["setting"] == "zero_shot"].assign(source_language="xyz-Latn")
    wider = pd.concat([table, more])
    lone = StudyFiles(study.folder, {}, (), {"comparisons": wider}, study.curves, "")
    language = comparisons.build(lone)["mixtures"][0]["tasks"][1]["languages"][0]
    cell = language["treatments"][1]["lines"][0]["cells"][1]
    assert cell["interval"] == "mean of 2 sources"
    assert "2 worse" in cell["badge"]


def test_what_a_treatment_builds_on_is_a_reference_of_its_own(paper_study: StudyFiles) -> None:
    language = comparisons.build(paper_study)["mixtures"][0]["tasks"][1]["languages"][0]
    lines = {
        one["name"]: [line["reference"] for line in one["lines"]] for one in language["treatments"]
    }
    assert lines["Meta adapters"] == ["untreated", "tuned temperature", "language adapters"]
    assert lines["Language ffn"] == ["untreated", "tuned temperature"]
