import dataclasses

import pandas as pd
import pytest

from isogloss.core import DIAGNOSES, DIAGNOSIS_COLUMNS
from isogloss.report.study_files import NotMeasured, StudyFiles
from isogloss.report.text import diagnosed


def test_a_study_of_before_there_were_diagnoses_has_them(study: StudyFiles) -> None:
    tables = {name: table for name, table in study.tables.items() if name != "diagnoses"}
    table = diagnosed.diagnosed(dataclasses.replace(study, tables=tables))
    assert tuple(table) == DIAGNOSIS_COLUMNS
    assert set(diagnosed.of_subject(table)["treatment"]) == {"untreated"}
    assert (diagnosed.over_tasks(table)["task"] == "").all()
    assert len(diagnosed.over_tasks(table)) + len(diagnosed.by_task(table)) == len(table)


def test_nothing_compared_is_not_measured(study: StudyFiles) -> None:
    verdicts = study.table("verdicts").assign(verdict="")
    bare = dataclasses.replace(study, tables={"verdicts": verdicts})
    with pytest.raises(NotMeasured, match="refused"):
        diagnosed.diagnosed(bare)


def test_every_diagnosis_has_a_badge() -> None:
    for name in (*DIAGNOSES, "mixed"):
        assert name in diagnosed.ORDER
        assert diagnosed.diagnosis_badge(name).startswith("<span")


def row(**more: object) -> dict[str, object]:
    plain = {**dict.fromkeys(DIAGNOSIS_COLUMNS, ""), "seeds_needed": None, "updates_needed": None}
    return {**plain, "diagnosis": "undecided", "task": "ner", "n_seeds": 3, **more}


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"reason": "underpowered", "seeds_needed": 7}, "7 seeds would decide it"),
        ({"reason": "underpowered"}, "an effect of interest could have been missed"),
        ({"reason": "plateau", "updates_needed": 4000}, "at least 4,000 updates per language"),
        ({"reason": "plateau"}, "more updates per language"),
        ({"reason": "one_seed"}, "at least 3 seeds are needed"),
        ({"reason": "not_compared"}, "one of the two comparisons is missing"),
        ({"task": "", "reason": "ner: transfer"}, "Named entity recognition: transfer"),
        ({"diagnosis": "interference", "reason": "control_overfits"}, "over-fits"),
    ],
)
def test_what_is_open_says_what_it_takes(more: dict[str, object], words: str) -> None:
    assert words in diagnosed.reason_in_words(row(**more))


def test_leanings_need_power_problems_alone_and_one_finding() -> None:
    def leaning(*tasks: dict[str, object]) -> list[str]:
        place = {"mixture": "a+b", "language": "a"}
        rows = [row(task="", **place), *(row(**place, **task) for task in tasks)]
        return diagnosed.leanings(pd.DataFrame(rows))

    hurt = {"same_data": "UNDERPOWERED", "same_compute": "HURT", "reason": "underpowered"}
    helped = {"same_data": "HELPED", "same_compute": "UNDERPOWERED", "reason": "underpowered"}
    assert leaning(hurt) == ["HURT same compute"]
    assert leaning(hurt, hurt) == ["HURT same compute"]
    assert leaning(helped) == ["HELPED same data"]
    assert leaning(hurt, helped) == [""]
    assert leaning({**hurt, "reason": "plateau"}) == [""]
