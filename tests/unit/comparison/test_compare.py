import numpy as np
import pandas as pd
import pytest

from isogloss.comparison import Choices, compare_scores, make_scored
from isogloss.core import COMPARISON_TABLES
from isogloss.statistics import EXAMPLES_ONLY_NOTE
from unit.comparison.tables import scored


def test_languages_come_from_the_most_harmed_on() -> None:
    base = scored(0, {"sw": 0.8, "te": 0.8, "fr": 0.8}, 1000)
    new = scored(1, {"sw": 0.8, "te": 0.6, "fr": 0.95}, 1000)
    found = compare_scores(base, new)
    assert tuple(found.rows.columns) == COMPARISON_TABLES["comparison"].columns
    assert found.rows["view"].tolist() == ["mean", "language", "language", "language"]
    assert found.languages["language"].tolist() == ["tel-Telu", "swa-Latn", "fra-Latn"]
    assert found.languages["verdict"].tolist() == ["HURT", "UNDECIDED", "HELPED"]
    assert (found.languages["ci_low"] < found.languages["harm"]).all()
    assert found.notices == (EXAMPLES_ONLY_NOTE,)
    assert found.about()["correction"] == "holm"


def test_several_seeds_need_no_note_and_stand_in_the_rows() -> None:
    rng = np.random.default_rng(0)
    table = pd.DataFrame(
        {
            "example": [f"q{i}" for i in range(200)] * 3,
            "seed": np.repeat([1, 2, 3], 200),
            "language": "sw",
        }
    )
    sides = [make_scored(table.assign(score=rng.integers(0, 2, 600)), source=name) for name in "ab"]
    found = compare_scores(*sides)
    assert found.notices == ()
    assert found.rows["n_seeds_base"].tolist() == found.rows["n_seeds_new"].tolist() == [3, 3]
    assert found.rows["test"].iloc[1] == "t of examples and seeds"
    paired = compare_scores(*sides, Choices(paired_seeds=True))
    assert paired.rows["p"].iloc[1] != found.rows["p"].iloc[1]


def test_an_empty_slice_is_counted_and_has_no_verdict() -> None:
    domain = ["rare"] + ["web"] * 299
    sides = [scored(seed, {"sw": 0.7}, domain=domain) for seed in (0, 1)]
    found = compare_scores(*sides, Choices(by=("domain",)))
    row = found.rows[found.rows["slice"] == "rare"].iloc[0]
    assert (row["verdict"], row["note"]) == ("UNDECIDED", "fewer than 2 examples or clusters")
    assert np.isnan(row["harm"])
    assert "1 rows have fewer than 2 examples or clusters" in found.notices[-1]


def test_the_margin_and_the_correction_are_taken() -> None:
    base = scored(0, {"sw": 0.8}, 2000)
    same = compare_scores(base, base, Choices(smallest_effect=0.01))
    assert same.languages["verdict"].tolist() == ["NO DIFFERENCE"]
    assert compare_scores(base, base, Choices(smallest_effect=0.001)).languages[
        "verdict"
    ].tolist() == ["UNDECIDED"]


@pytest.mark.parametrize("higher", [True, False])
def test_harm_is_positive_whatever_is_better(higher: bool) -> None:
    table = pd.DataFrame({"example": [f"q{i}" for i in range(50)], "language": "sw"})
    name = "score" if higher else "loss"
    values = np.random.default_rng(0).random(50)
    worse = values - 0.3 if higher else values + 0.3
    sides = [make_scored(table.assign(**{name: one}), source="x") for one in (values, worse)]
    assert compare_scores(*sides).languages["harm"].iloc[0] == pytest.approx(0.3)
