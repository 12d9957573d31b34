import numpy as np

from isogloss.evaluation.metrics import retrieval_counts
from isogloss.evaluation.metrics.retrieval_accuracy import nearest

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
