import dataclasses
import math

import pandas as pd
import pytest

from isogloss.report.curves import SIGNAL_COLUMNS
from isogloss.report.sections import cross_lingual_signal
from isogloss.report.study_files import NotAsked, StudyFiles


def test_medians_over_seeds(paper_study: StudyFiles) -> None:
    table = cross_lingual_signal.frame(paper_study)
    assert set(table["treatment"]) == {"meta_adapters"}
    assert set(table["n_seeds"]) == {3}
    raw = paper_study.signals
    chosen = raw[(raw["mixture"] == "eng-Latn+swa-Latn") & (raw["update"] == 500)]
    [row] = table[(table["mixture"] == "eng-Latn+swa-Latn") & (table["update"] == 500)].to_dict(
        "records"
    )
    assert row["meta_ratio"] == sorted(chosen["meta_ratio"])[1]
    assert row["meta_cosine"] == sorted(chosen["meta_cosine"])[1]
    assert row["lowest_ratio"] == chosen["meta_ratio"].min()


def test_the_authors_default_is_said_in_words(paper_study: StudyFiles) -> None:
    said = str(cross_lingual_signal.build(paper_study)["statement"])
    assert "Meta adapters: the cross-lingual term is 0.02" in said
    assert "\u00a0% of the direct one" in said
    assert "Below one per cent" in said


@pytest.mark.parametrize(
    ("ratio", "said"),
    [
        (2.5e-7, "0.000025\u00a0% of"),
        (2.5e-4, "0.025\u00a0% of"),
        (2.5e-2, "2.5\u00a0% of"),
        (0.3, "30\u00a0% of"),
        (1.0, "100\u00a0% of"),
        (4.5, "4.5 times"),
        (120.0, "120 times"),
        (0.0, "0\u00a0% of"),
        (math.nan, "not a number beside"),
    ],
)
def test_ratios_in_words(ratio: float, said: str) -> None:
    assert cross_lingual_signal.share(ratio) == said


def signals(ratio: float, n: int = 3) -> pd.DataFrame:
    rows = [
        ["one", "meta_adapters", "", "a+b", "", 0, 20 * point, ratio, 0.1, 4.0 * point]
        for point in range(n)
    ]
    return pd.DataFrame(rows, columns=list(SIGNAL_COLUMNS))


def test_a_strong_signal_is_no_warning() -> None:
    assert "Below one per cent" not in cross_lingual_signal.statement(signals(1.1))


def test_how_often_validation_text_was_read(study: StudyFiles) -> None:
    long = dataclasses.replace(study, signals=signals(1.1, 30))
    table = cross_lingual_signal.build(long)["exhibits"][0].table
    assert table.columns[-1].header == "Validation text read"
    assert str(table.rows[0][-1]) == "116.0"


def test_two_figures_a_mixture_each_with_words(paper_study: StudyFiles) -> None:
    exhibit = cross_lingual_signal.build(paper_study)["exhibits"][0]
    assert len(exhibit.figures) == 4
    ratio, cosine = exhibit.figures[:2]
    assert "as large as the direct term" in ratio
    assert ">0.001</text>" in ratio, "an axis of powers of ten"
    assert "at a right angle" in cosine
    assert "<b>Cosine of the two terms</b> in English + Swahili" in cosine
    assert ratio.count('class="line seed') == 3
    assert len(exhibit.table.rows) == 2


def test_a_term_that_is_not_there_has_no_point(study: StudyFiles) -> None:
    """`first_order` has no cross-lingual term: its ratio is zero, and zero has no logarithm."""
    silent = dataclasses.replace(study, signals=signals(0.0))
    exhibit = cross_lingual_signal.build(silent)["exhibits"][0]
    assert "nan" not in exhibit.figures[0]
    assert "0\u00a0% of" in str(cross_lingual_signal.build(silent)["statement"])


def test_many_points_and_mixtures_stay_small(study: StudyFiles) -> None:
    many = pd.concat([signals(0.3, 250).assign(mixture=f"a+{place}") for place in range(20)])
    long = dataclasses.replace(study, signals=many.reset_index(drop=True))
    built = cross_lingual_signal.build(long)
    assert "8 further mixtures not drawn" in str(built["lead"])
    assert "th point is drawn" in str(built["lead"])
    assert sum(map(len, built["exhibits"][0].figures)) < 400_000


def test_a_study_without_meta_learning_has_no_such_section(study: StudyFiles) -> None:
    with pytest.raises(NotAsked):
        cross_lingual_signal.frame(study)
