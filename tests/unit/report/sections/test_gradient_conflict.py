import dataclasses

import pandas as pd
import pytest

from isogloss.report.exhibit import Exhibit
from isogloss.report.sections import gradient_conflict
from isogloss.report.study_files import NotAsked, NotMeasured, StudyFiles


def exhibits(study: StudyFiles) -> list[Exhibit]:
    found = gradient_conflict.build(study)["exhibits"]
    assert isinstance(found, list)
    return found


def test_medians_over_seeds_and_pairs(paper_study: StudyFiles) -> None:
    table = gradient_conflict.frame(paper_study)
    first = table[(table["treatment"] == "untreated") & (table["mixture"] == "eng-Latn+swa-Latn")]
    assert first["update"].tolist() == [0, 200, 400, 600, 800, 1000]
    assert first["half"].tolist() == pytest.approx([0.5, 0.42, 0.34, 0.26, 0.18, 0.1])
    assert set(first["n_seeds"]) == {3}


def test_the_time_line_its_beginning_and_the_control(paper_study: StudyFiles) -> None:
    over_time, _ = exhibits(paper_study)
    assert len(over_time.figures) == 2 * 2, "two mixtures, each in whole and its first fifth"
    assert "the whole training" in over_time.figures[0]
    assert "the first 20 %" in over_time.figures[1]
    assert "same-language control: ends at 0.20" in over_time.figures[0]
    assert "same-language control" in over_time.legend


def test_the_second_half_in_numbers(paper_study: StudyFiles) -> None:
    over_time, _ = exhibits(paper_study)
    assert len(over_time.table.rows) == 5 * 2
    row = list(map(str, over_time.table.rows[0]))
    what = ["English and Swahili", "Masked language modelling", "Untreated"]
    assert row == [*what, "0.18", "0.36", "0.36", "0\u00a0%", "3"]


def test_every_task_that_was_fine_tuned_has_its_own_lines(paper_study: StudyFiles) -> None:
    table = paper_study.tables["conflict"]
    pair = table[table["mixture"] == "eng-Latn+swa-Latn"]
    tasks = [pair.assign(task=task) for task in ("ner", "pos")]
    study = dataclasses.replace(
        paper_study, tables={**paper_study.tables, "conflict": pd.concat(tasks)}
    )
    over_time, _ = exhibits(study)
    assert len(over_time.figures) == 2 * 2
    assert "English + Swahili, Named entity recognition</b>" in over_time.figures[0]
    assert [str(row[1]) for row in over_time.table.rows[::5]] == [
        "Named entity recognition",
        "Part-of-speech tagging",
    ]


def test_where_in_the_model(paper_study: StudyFiles) -> None:
    _, places = exhibits(paper_study)
    assert "Untreated" in places.title
    assert "layers.1" in places.figures[0]
    assert "eng–swa" in places.figures[0]
    assert [str(row[2]) for row in places.table.rows] == ["0.20", "−0.10"] * 2


def test_nothing_where_nobody_looked(study: StudyFiles) -> None:
    with pytest.raises(NotAsked):
        gradient_conflict.frame(study)


def test_nothing_where_every_run_is_from_before(paper_study: StudyFiles) -> None:
    table = paper_study.tables["conflict"]
    only = dataclasses.replace(
        paper_study, tables={**paper_study.tables, "conflict": table[table["level"] == "layer"]}
    )
    with pytest.raises(NotAsked):
        gradient_conflict.build(only)


def test_looks_that_were_asked_for_and_never_taken_are_not_measured(study: StudyFiles) -> None:
    asked = dataclasses.replace(study, about={**study.about, "conflict_every": 40})
    with pytest.raises(NotMeasured, match="without gradient measurements"):
        gradient_conflict.frame(asked)
    off = dataclasses.replace(study, about={**study.about, "conflict_every": 0})
    with pytest.raises(NotAsked):
        gradient_conflict.frame(off)


def test_a_beginning_without_a_look_is_not_drawn(paper_study: StudyFiles) -> None:
    looks = paper_study.table("conflict")
    late = looks[~looks["update"].isin([0, 200])]
    tables = {**paper_study.tables, "conflict": late}
    over_time, *_ = exhibits(dataclasses.replace(paper_study, tables=tables))
    assert len(over_time.figures) == 2, "of each mixture the whole training"


def test_a_cosine_that_is_no_number_is_drawn_as_not_measured(paper_study: StudyFiles) -> None:
    looks = paper_study.table("conflict")
    gone = looks.assign(cosine=looks["cosine"].where(looks["level"] != "layer"))
    tables = {**paper_study.tables, "conflict": gone}
    over_time, by_place = exhibits(dataclasses.replace(paper_study, tables=tables))
    assert over_time.figures
    assert "not measured" in by_place.figures[0]
    assert "nan" not in by_place.figures[0]
