from typing import Any

import numpy as np
import pytest
import torch

import toys
from isogloss.core import Language
from isogloss.diagnosis.grouping.affinities import (
    Affinities,
    AffinitySettings,
    measure_affinities,
    representation_affinity,
)
from unit.evaluation.toys import LetterCorpus, LetterTokenizer

EN, SW, FR = (Language.parse(code) for code in ("en", "sw", "fr"))
TOKENIZER: Any = LetterTokenizer()
QUICK = AffinitySettings(batches=4, rows=8, length=12, step=0.02, updates=3)


def corpus(language: Language, _: str) -> Any:
    """English and French repeat one half of the alphabet, Swahili the other."""
    draw = np.random.default_rng(language.code.encode()[0])
    first = 18 if language == SW else 5
    return LetterCorpus(draw.integers(first, first + 3, 400))


@pytest.fixture(scope="module")
def found() -> Affinities:
    model = toys.model(toys.plan((EN, SW, FR)))
    before = toys.weights(model)
    made = measure_affinities(model, TOKENIZER, corpus, (EN, SW, FR), QUICK)
    assert toys.same_bits(before, toys.weights(model)), "the weights come back"
    assert all(one.requires_grad for one in model.parameters())
    assert all(one.grad is None for one in model.parameters())
    return made


def test_languages_of_one_alphabet_are_near(found: Affinities) -> None:
    for name, matrix in found.matrices().items():
        near, far = matrix[0, 2], max(matrix[0, 1], matrix[2, 1])
        assert near > far, name
    assert found.gradient.diagonal() == pytest.approx(found.gradient[0, 2], abs=0.4)
    assert np.allclose(found.gradient, found.gradient.T)


def test_a_step_of_ones_own_language_helps(found: Affinities) -> None:
    assert (found.look_ahead.mean(axis=0).diagonal() > 0).all()


def test_a_gain_by_the_group_has_an_interval(found: Affinities) -> None:
    rows = found.predicted((0, 1, 0))
    for row in rows:
        assert row["ci_low"] <= row["gain"] <= row["ci_high"]
        assert row["gain"] == pytest.approx(row["with_group"] - row["with_all"])
    assert [row["alone"] for row in rows] == [False, True, False]
    won = found.look_ahead.mean(axis=0)
    assert rows[0]["with_group"] == pytest.approx(won[2, 0])
    assert rows[0]["with_all"] == pytest.approx((won[1, 0] + won[2, 0]) / 2)
    assert rows[1]["with_group"] == pytest.approx(won[1, 1])


def test_how_far_weights_went(found: Affinities) -> None:
    assert len(found.moved) == 3 * 2 * 2
    assert all(row["relative_distance"] > 0 for row in found.moved)
    assert np.isnan(found.deviation.diagonal()).all()


def test_a_gradient_is_of_the_loss() -> None:
    """A small step down the gradient wins what its length says."""
    model = toys.model(toys.plan((EN, SW, FR)))
    small = AffinitySettings(batches=2, rows=8, length=12, step=1e-4, updates=1)
    smaller = AffinitySettings(batches=2, rows=8, length=12, step=5e-5, updates=1)
    torch.manual_seed(0)
    first, half = (
        measure_affinities(model, TOKENIZER, corpus, (EN, SW, FR), one).look_ahead
        for one in (small, smaller)
    )
    assert np.diagonal(first, axis1=1, axis2=2) == pytest.approx(
        2 * np.diagonal(half, axis1=1, axis2=2), rel=0.1
    )


def test_centroids_of_one_alphabet_are_near() -> None:
    model = toys.model(toys.plan((EN, SW, FR)))
    found = representation_affinity(model, TOKENIZER, corpus, (EN, SW, FR), QUICK)
    assert found.diagonal() == pytest.approx(0)
    assert found[0, 2] > max(found[0, 1], found[2, 1])
