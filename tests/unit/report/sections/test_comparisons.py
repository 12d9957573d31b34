import pandas as pd

from isogloss.report import wording
from isogloss.report.render import page
from isogloss.report.sections import comparisons
from isogloss.report.study_files import StudyFiles


def test_both_settings_against_both_references(study: StudyFiles) -> None:
    built = comparisons.build(study)
    columns = [(one["setting"], one["reference"]) for one in built["columns"]]
    assert columns == [
        ("within language", "untreated"),
        ("within language", "tuned temperature"),
        ("zero-shot", "untreated"),
        ("zero-shot", "tuned temperature"),
    ]
    temperature = built["mixtures"][0]["tasks"][1]["languages"][0]["rows"][0]
    assert temperature["treatment"] == "Temperature"
    assert temperature["cells"][1] == {"baseline": True}


def test_numbers_on_the_page_are_those_of_the_file(study: StudyFiles) -> None:
    html = page(study)
    for row in comparisons.frame(study).to_dict("records"):
        assert f"<b>{wording.difference(row['gain'], row['metric'])}</b>" in html


def test_several_sources_are_averaged_and_counted(study: StudyFiles) -> None:
    table = comparisons.frame(study)
    more = table[table["setting"] == "zero_shot"].assign(source_language="xyz-Latn")
    wider = pd.concat([table, more])
    lone = StudyFiles(study.folder, {}, (), {"comparisons": wider}, study.curves, "")
    rows = comparisons.build(lone)["mixtures"][0]["tasks"][1]["languages"][0]["rows"]
    assert rows[1]["cells"][2]["interval"] == "mean of 2 sources"
    assert "2 worse" in rows[1]["cells"][2]["badge"]


def test_what_a_treatment_builds_on_is_a_reference_of_its_own(paper_study: StudyFiles) -> None:
    built = comparisons.build(paper_study)
    columns = [one["reference"] for one in built["columns"]]
    assert columns[:3] == ["untreated", "tuned temperature", "language adapters"]
    rows = built["mixtures"][0]["tasks"][1]["languages"][0]["rows"]
    cells = {row["treatment"]: row["cells"][2] for row in rows}
    assert "estimate" in cells["Meta adapters"]
    assert cells["Language adapters"] == {"baseline": True}
    assert cells["Language ffn"] == {"blank": True}, "it builds on nothing: that is no gap"
