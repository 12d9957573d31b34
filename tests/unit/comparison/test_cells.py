import numpy as np
import pandas as pd
import pytest

from isogloss.comparison import make_scored
from isogloss.comparison.cells import cells
from isogloss.comparison.pairing import Paired, pair
from isogloss.core import InputError
from unit.comparison.tables import scored


def paired(**columns: object) -> Paired:
    shares = {"sw": 0.8, "te": 0.7}
    return pair(scored(0, shares, **columns), scored(1, shares, **columns))


def test_a_mean_and_a_row_for_each_language() -> None:
    found = cells(paired(), (), paired_seeds=False)
    assert [(one.view, one.language) for one in found] == [
        ("mean", ""),
        ("language", "swa-Latn"),
        ("language", "tel-Telu"),
    ]
    estimates = [one.found.estimate for one in found if one.found]
    assert estimates[0] == pytest.approx(np.mean(estimates[1:]))
    assert found[1].worse + found[1].better > 0


def test_slices_are_of_a_language_and_scripts_of_all() -> None:
    table = paired(domain=["web", "news", "talk"] * 100)
    views = [
        (one.view, one.language, one.value)
        for one in cells(table, ("domain", "script"), paired_seeds=False)
    ]
    assert ("domain", "swa-Latn", "news") in views
    assert ("script", "", "Telu") in views
    assert len(views) == 3 + 6 + 2


def test_lengths_are_cut_into_quarters() -> None:
    found = cells(paired(length=list(range(300))), ("length",), paired_seeds=False)
    values = [one.value for one in found if one.view == "length" and one.language == "swa-Latn"]
    assert len(values) == 4
    assert all(one.n_examples == 75 for one in found if one.view == "length")


def test_a_language_of_several_tasks_has_a_row_for_each_and_their_mean() -> None:
    table = pd.DataFrame(
        {
            "example": [f"q{i}" for i in range(200)] * 2,
            "task": ["qa"] * 200 + ["nli"] * 200,
            "language": "sw",
            "score": np.random.default_rng(0).integers(0, 2, 400),
        }
    )
    other = table.assign(score=np.random.default_rng(1).integers(0, 2, 400))
    found = cells(
        pair(make_scored(table, source="a"), make_scored(other, source="b")), (), paired_seeds=False
    )
    by = {(one.view, one.task): one.found.estimate for one in found if one.found}
    assert by["language", ""] == pytest.approx((by["task", "qa"] + by["task", "nli"]) / 2)


def test_a_cell_of_one_example_has_no_difference() -> None:
    found = cells(paired(domain=["rare"] + ["web"] * 299), ("domain",), paired_seeds=False)
    rare = [one for one in found if one.value == "rare"]
    assert [one.found for one in rare] == [None, None]


def test_an_unknown_column_is_refused() -> None:
    with pytest.raises(InputError, match="Found `topic`"):
        cells(paired(), ("topic",), paired_seeds=False)
    with pytest.raises(InputError, match="Found `label`"):
        cells(paired(), ("label",), paired_seeds=False)


def test_an_example_with_rows_of_several_labels_counts_once() -> None:
    names = [str(at) for at in range(50) for _ in range(3)]
    table = pd.DataFrame({"example": names, "language": "sw", "label": ["a", "b", "c"] * 50})
    rng = np.random.default_rng(0)
    sides = [make_scored(table.assign(score=rng.integers(0, 2, 150)), source=name) for name in "ab"]
    found = cells(pair(*sides), ("label",), paired_seeds=False)
    assert {(one.view, one.n_examples) for one in found} == {
        ("mean", 50),
        ("language", 50),
        ("label", 50),
    }
    whole = found[1].found
    assert whole is not None
    assert (whole.n_examples, whole.n_units) == (50, 50)
