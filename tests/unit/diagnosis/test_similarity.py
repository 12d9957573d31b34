"""Centroids, linear CKA and retrieval against values worked by hand."""

import math

import numpy as np
import pytest
from scipy.stats import ortho_group

from isogloss.diagnosis.similarity import (
    centroid_distance,
    linear_cka,
    paired_distance,
    retrieval,
    shuffled_cka,
)

X = np.array([[1.0, 0.0], [0.0, 1.0], [2.0, 2.0], [3.0, 1.0]])
Y = np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 1.0], [2.0, 2.0, 0.0], [1.0, 3.0, 1.0]])


def test_cka_of_the_worked_example() -> None:
    # An oracle computed outside, from the definition.
    assert linear_cka(X, Y) == pytest.approx(0.984251, abs=1e-6)


def test_cka_does_not_see_rotation_scale_or_shift() -> None:
    q = ortho_group.rvs(3, random_state=0)
    assert linear_cka(X, 3 * Y @ q + 5) == pytest.approx(linear_cka(X, Y))
    assert linear_cka(X, X) == pytest.approx(1)
    assert linear_cka(X, Y) == pytest.approx(linear_cka(Y, X))


def test_both_forms_of_cka_are_one() -> None:
    draw = np.random.default_rng(0)
    wide = draw.normal(size=(5, 40))
    narrow = draw.normal(size=(5, 2))
    centred = wide - wide.mean(axis=0), narrow - narrow.mean(axis=0)
    cross = np.linalg.norm(centred[1].T @ centred[0]) ** 2
    own = [np.linalg.norm(one.T @ one) for one in centred]
    assert linear_cka(wide, narrow) == pytest.approx(cross / (own[0] * own[1]))


def test_the_unbiased_estimate_is_near_nought_where_nothing_is_shared() -> None:
    draw = np.random.default_rng(1)
    values = [
        (linear_cka(a, b), linear_cka(a, b, unbiased=True))
        for a, b in (draw.normal(size=(2, 20, 30)) for _ in range(200))
    ]
    biased, unbiased = np.mean(values, axis=0)
    assert biased > 0.5
    assert abs(unbiased) < 0.02
    assert linear_cka(X, 2 * X, unbiased=True) == pytest.approx(1)


def test_shuffled_rows_show_what_no_alignment_gives() -> None:
    draw = np.random.default_rng(2)
    x = draw.normal(size=(400, 6))
    assert shuffled_cka(x, x) < 0.1 < linear_cka(x, x)


def test_nothing_is_said_of_vectors_that_do_not_vary() -> None:
    flat = np.ones((4, 2))
    assert math.isnan(linear_cka(flat, X))
    assert math.isnan(centroid_distance(flat, X).relative)
    assert math.isnan(paired_distance(flat, flat))


def test_centroids_by_hand() -> None:
    source = np.array([[0.0, 0.0], [4.0, 0.0]])  # centroid (2, 0), spread 2
    target = np.array([[2.0, 3.0], [2.0, 5.0]])  # centroid (2, 4)
    found = centroid_distance(source, target)
    assert (found.l2, found.relative) == (4.0, 2.0)
    assert found.cosine == pytest.approx(1 - 2 / math.sqrt(20))
    scaled = centroid_distance(10 * source, 10 * target)
    assert (scaled.l2, scaled.relative) == (40.0, pytest.approx(2.0))


def test_translations_are_nearer_than_strangers() -> None:
    draw = np.random.default_rng(3)
    x = draw.normal(size=(50, 8))
    assert paired_distance(x, x + 0.01) < 0.1
    assert paired_distance(x, draw.normal(size=(50, 8))) == pytest.approx(1, abs=0.15)
    # Two sentences at distance 1 of their translations and 3 and 5 of one another's.
    source, target = np.array([[0.0], [4.0]]), np.array([[1.0], [3.0]])
    assert paired_distance(source, target) == pytest.approx(1 / 3)


def test_retrieval_counts_both_directions() -> None:
    eye = np.eye(3)
    assert retrieval(eye, 5 * eye) == 1
    assert retrieval(eye, eye[[1, 2, 0]]) == 0
    assert retrieval(np.eye(2), np.array([[2.0, 0.1], [1.0, 0.9]])) == 0.75
