import math

import numpy as np
import pytest

from isogloss.core import METRICS
from isogloss.evaluation.metrics import (
    answer_counts,
    bit_counts,
    retrieval_counts,
    tag_counts,
)
from isogloss.evaluation.metrics.counts import nearest


def test_words_of_a_sentence() -> None:
    assert tag_counts(["NOUN", "VERB", "NOUN"], ["NOUN", "NOUN", "NOUN"]) == [2.0, 3.0]
    assert tag_counts([], []) == [0.0, 0.0]


def test_lengths_must_agree() -> None:
    with pytest.raises(ValueError, match="shorter"):
        tag_counts(["NOUN", "VERB"], ["NOUN"])


def test_one_answer() -> None:
    assert answer_counts("sport", "sport") == [1.0, 1.0]
    assert answer_counts("sport", "politics") == [0.0, 1.0]


def test_by_hand() -> None:
    """Pieces of 2 and 4 bytes at probability 1/8, one of 1 byte at 1/2, a row without masks."""
    nats = np.array([math.log(8), math.log(8), math.log(2)])
    counts = bit_counts(nats, np.array([2, 4, 1]), np.array([0, 0, 2]), 3)
    assert np.allclose(counts, [[6.0, 6.0], [0.0, 0.0], [1.0, 1.0]], atol=1e-12)
    assert np.isclose(METRICS["bits_per_byte"].value(counts.sum(axis=0)), 1.0)


def test_the_unit_does_not_depend_on_the_vocabulary() -> None:
    """One long piece or two halves, predicted equally well, cost the same bits a byte."""
    whole = bit_counts(np.array([math.log(16)]), np.array([4]), np.array([0]), 1)
    halves = bit_counts(np.full(2, math.log(4)), np.array([2, 2]), np.array([0, 0]), 1)
    assert np.allclose(whole, halves)


PAIRS = [("a", "A"), ("b", "B"), ("a", "C")]


def test_both_directions_count() -> None:
    counts = retrieval_counts(PAIRS, np.array([0, 0, 2]), np.array([0, 1, 1]))
    assert counts.tolist() == [[2.0, 2.0], [1.0, 2.0], [1.0, 2.0]]


def test_the_same_sentence_elsewhere_is_right() -> None:
    counts = retrieval_counts(PAIRS, np.array([0, 1, 2]), np.array([2, 1, 0]))
    assert counts[:, 0].tolist() == [2.0, 2.0, 2.0]


def test_nearest_by_hand_and_in_chunks(rng: np.random.Generator) -> None:
    vectors = rng.normal(size=(20, 4))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    assert nearest(vectors, vectors, 7).tolist() == list(range(20))
    others = rng.normal(size=(9, 4))
    assert nearest(vectors, others, 3).tolist() == nearest(vectors, others, 100).tolist()


def test_equal_candidates_give_the_first_and_not_the_hoped_for() -> None:
    collapsed = np.ones((5, 3)) / 3**0.5
    assert nearest(collapsed, collapsed, 2).tolist() == [0] * 5


def test_nothing_to_find() -> None:
    assert nearest(np.zeros((0, 3)), np.zeros((0, 3)), 4).tolist() == []
    assert retrieval_counts([], np.array([]), np.array([])).shape == (0, 2)
