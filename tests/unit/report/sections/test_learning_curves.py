import pandas as pd
import pytest

from isogloss.report.sections import learning_curves
from isogloss.report.study_files import NotMeasured, StudyFiles


def test_means_over_seeds(study: StudyFiles) -> None:
    table = learning_curves.frame(study)
    assert set(table["n_seeds"]) == {3}
    assert (table["lowest"] <= table["nats"]).all()
    assert (table["nats"] <= table["highest"]).all()
    raw = study.curves
    chosen = raw[
        (raw["treatment"] == "untreated")
        & (raw["mixture"] == "eng-Latn+swa-Latn")
        & (raw["language"] == "swa-Latn")
        & (raw["update"] == 1000)
    ]
    mean = table[
        (table["treatment"] == "untreated")
        & (table["mixture"] == "eng-Latn+swa-Latn")
        & (table["language"] == "swa-Latn")
        & (table["update"] == 1000)
    ]
    assert mean["nats"].tolist() == [pytest.approx(chosen["nats"].mean())]


def test_panels_hold_the_monolingual_run_and_the_plateau(study: StudyFiles) -> None:
    exhibit = learning_curves.build(study)["exhibits"][0]
    assert len(exhibit.figures) == 4
    first = exhibit.figures[0]
    assert "Monolingual" in first
    assert 'class="level"' in first
    assert "guessing by word frequency" in first
    assert "<b>English</b> in English + Swahili" in first


def test_many_points_are_thinned_and_said(study: StudyFiles) -> None:
    many = pd.concat(
        [study.curves.assign(update=study.curves["update"] + shift) for shift in range(20)]
    )
    lone = StudyFiles(study.folder, study.about, (), {}, many, "")
    built = learning_curves.build(lone)
    assert "th point is drawn" in str(built["lead"])


def test_without_a_recorded_plateau_there_is_no_dashed_line(study: StudyFiles) -> None:
    lone = StudyFiles(study.folder, {}, (), {}, study.curves, "")
    assert 'class="level"' not in learning_curves.build(lone)["exhibits"][0].figures[0]


def test_no_curves(bare: StudyFiles) -> None:
    with pytest.raises(NotMeasured, match="no run logged"):
        learning_curves.frame(bare)
