import dataclasses

from isogloss.report.asked import asks_for_tasks, asks_for_treatments
from isogloss.report.render import page
from isogloss.report.study_files import StudyFiles

AUDIT = [{"name": one, "label": one} for one in ("monolingual", "untreated")]


def audit_of_loss(study: StudyFiles) -> StudyFiles:
    """The study of someone who asked whether languages hurt one another, on loss alone."""
    tables = {
        name: table[table["task"] == "masked_lm"] if "task" in table else table
        for name, table in study.tables.items()
        if name not in ("comparisons", "diagnoses")
    }
    about = {**study.about, "treatments": AUDIT, "citations": []}
    return dataclasses.replace(study, about=about, tables=tables)


def test_what_a_study_asked_for(study: StudyFiles) -> None:
    assert asks_for_tasks(study)
    assert asks_for_treatments(study)
    lone = audit_of_loss(study)
    assert not asks_for_tasks(lone)
    assert not asks_for_treatments(lone)
    assert asks_for_treatments(dataclasses.replace(lone, about={})), "nothing says it did not"


def test_sections_that_nobody_asked_for_are_absent(study: StudyFiles) -> None:
    html = page(audit_of_loss(study))
    for anchor in ("treatments", "trade-off", "transfer-matrix", "citations"):
        assert f'id="{anchor}"' not in html
    assert "Not measured:" not in html
    assert 'id="verdicts"' in html
