import dataclasses

import pytest

from isogloss.report.sections import cost
from isogloss.report.study_files import NotMeasured, StudyFiles


def test_a_run_is_counted_once(study: StudyFiles) -> None:
    table = cost.frame(study).set_index(["treatment", "stage"])
    untreated = table.loc[("untreated", "pretrain")]
    assert untreated["n_runs"] == 6
    assert untreated["wall_s"] == pytest.approx(0.11 * 2400)
    assert untreated["total_wall_s"] == pytest.approx(6 * 0.11 * 2400)
    assert table.loc[("language_adapters", "pretrain")]["relative_time"] == pytest.approx(1.09)


def test_every_row_has_its_bar(study: StudyFiles) -> None:
    exhibit = cost.build(study)["exhibits"][0]
    assert exhibit.figures[0].count("<rect") == len(exhibit.table.rows) == 8


def test_no_times(study: StudyFiles, bare: StudyFiles) -> None:
    with pytest.raises(NotMeasured, match=r"records\.csv"):
        cost.frame(bare)
    records = study.table("records").assign(wall_s=float("nan"))
    lone = StudyFiles(study.folder, {}, (), {"records": records}, study.curves, "")
    with pytest.raises(NotMeasured, match="no wall time"):
        cost.frame(lone)


def test_translations_stand_beside_the_cost_where_a_treatment_needs_them(
    study: StudyFiles,
) -> None:
    plain = cost.build(study)["exhibits"][0].table.columns
    needs = [
        {"label": "untreated", "translations": []},
        {"label": "language_adapters", "translations": ["training", "inference"]},
    ]
    about = {**study.about, "treatments": needs}
    table = cost.build(dataclasses.replace(study, about=about))["exhibits"][0].table
    assert [one.unit for one in table.columns[len(plain) :]] == ["for training", "for inference"]
    told = {(row[0], row[1]): row[-2:] for row in table.rows}
    assert set(map(tuple, told.values())) == {("no", "no"), ("yes", "yes")}
