import numpy as np
import pandas as pd
import pytest

from isogloss.comparison import Scored, make_scored
from isogloss.comparison.pairing import pair
from isogloss.core import InputError


def made(name: str, **columns: object) -> Scored:
    return make_scored(pd.DataFrame({"language": "sw", **columns}), source=name)


def test_the_order_of_the_files_does_not_matter() -> None:
    base = made("a", example=["x", "y", "z"], score=[1, 0, 1])
    new = made("b", example=["z", "x", "y"], score=[0, 1, 0])
    paired = pair(base, new)
    found = dict(zip(paired.about["example"], paired.new[0, :, 0], strict=True))
    assert found == {"z": 0, "x": 1, "y": 0}
    assert paired.base[0, :, 0].tolist() == [1, 0, 1]
    assert not paired.clustered


def test_what_one_side_has_alone_is_counted_and_named() -> None:
    base = made("a", example=["x", "y", "z"], score=[1, 0, 1])
    new = made("b", example=["x", "y", "w", "v"], score=[0, 1, 0, 1])
    paired = pair(base, new)
    assert len(paired.about) == 2
    assert paired.notices == (
        "1 examples of BASE have no partner in every run: swa-Latn 1 (the first: `z`); left out.",
        "2 examples of NEW have no partner in every run: swa-Latn 2 (the first: `w`, `v`); "
        "left out.",
    )


def test_a_language_on_one_side_only_is_named() -> None:
    base = made("a", example=["x", "x"], language=["sw", "te"], score=[1, 0])
    paired = pair(base, made("b", example=["x"], score=[0]))
    assert "Only BASE has 1 language: tel-Telu; left out." in paired.notices


def test_a_run_given_twice_is_said() -> None:
    one = made("a", example=["x", "y"], score=[1, 0])
    assert "All 2 scores are the same" in pair(one, one).notices[-1]


def test_examples_need_every_seed() -> None:
    base = made("a", example=["x", "y", "x", "y"], seed=[0, 0, 1, 1], score=[1, 0, 1, 1])
    new = made("b", example=["x", "y", "x"], seed=[0, 0, 1], score=[1, 0, 1])
    paired = pair(base, new)
    assert paired.base.shape == paired.new.shape == (2, 1, 3)
    assert any("no partner in every run" in one for one in paired.notices)


def test_clusters_are_kept_and_labels_of_one_example_belong_together() -> None:
    columns = {"example": ["x", "y", "z"], "score": [1, 0, 1]}
    named = pair(made("a", **columns, cluster=["p", "p", "q"]), made("b", **columns))
    assert named.clustered
    assert named.units[0] == named.units[1] != named.units[2]
    labels = {"example": ["x", "x", "y"], "label": ["PER", "LOC", "PER"], "score": [1, 0, 1]}
    several = pair(made("a", **labels), made("b", **labels))
    assert several.clustered
    assert len(np.unique(several.units)) == 2


def test_other_examples_are_refused() -> None:
    with pytest.raises(InputError, match="none in common: `x` of scores in BASE, `y` of scores"):
        pair(made("a", example=["x"], score=[1]), made("b", example=["y"], score=[1]))


def test_binary_against_graded_is_refused() -> None:
    base = made("a", example=["x", "y"], score=[1, 0])
    new = made("b", example=["x", "y"], score=[0.5, 0.2])
    with pytest.raises(
        InputError, match=r"right or wrong \(0 or 1\) in BASE, graded scores in NEW"
    ):
        pair(base, new)
    collapsed = made("b", example=["x", "y"], score=[0, 0])
    assert set(pair(new, collapsed).about["metric"]) == {"mean_score"}


def test_other_metrics_are_refused() -> None:
    base = made("a", example=["x", "y"], errors=[1, 0], words=[3, 4])
    with pytest.raises(InputError, match="word error rate in BASE"):
        pair(base, made("b", example=["x", "y"], score=[0.5, 0.2]))


def test_labels_of_right_and_wrong_answers_are_named_where_they_have_no_partner() -> None:
    base = made("a", example=["x", "x", "y"], label=["p", "q", "p"], score=[1, 0, 1])
    new = made("b", example=["x", "y"], label=["p", "p"], score=[1, 0])
    assert pair(base, new).notices == (
        "1 labels of examples of BASE have no partner in every run: swa-Latn 1 (the first: `x`); "
        "left out.",
    )


def test_other_references_are_said() -> None:
    base = made("a", example=["x", "y"], errors=[1, 0], words=[3, 4])
    new = made("b", example=["x", "y"], errors=[1, 1], words=[3, 5])
    assert pair(base, new).notices == (
        "1 of 2 examples have other numbers of words on both sides (the first: `y`): were they "
        "scored against the same reference?",
    )
