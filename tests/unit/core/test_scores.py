"""Metrics of summed counts against hand-worked cases, and the sign of interference."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.core import METRICS, interference

HAND_WORKED = [
    ("bits_per_byte", [12.0, 8.0], 1.5),
    ("entity_f1", [3.0, 4.0, 5.0], 2 * 3 / 9),
    ("entity_f1", [0.0, 0.0, 0.0], 0.0),
    ("pos_accuracy", [7.0, 10.0], 0.7),
    ("accuracy", [0.0, 0.0], 0.0),
    ("retrieval_accuracy", [1.0, 4.0], 0.25),
    ("word_error_rate", [3.0, 12.0], 0.25),
    ("character_error_rate", [3.0, 30.0], 0.1),
    ("error_rate", [1.0, 8.0], 0.125),
    ("mean_score", [7.5, 3.0], 2.5),
    ("mean_loss", [4.2, 2.0], 2.1),
]


@pytest.mark.parametrize(("name", "counts", "expected"), HAND_WORKED)
def test_value_of_summed_counts(name: str, counts: list[float], expected: float) -> None:
    assert METRICS[name].value(np.array(counts)) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("name", METRICS)
def test_value_keeps_leading_axes_and_names_its_counts(name: str) -> None:
    metric = METRICS[name]
    counts = np.ones((2, 3, len(metric.counts)))
    assert metric.value(counts).shape == (2, 3)
    assert metric.name == name


def test_f1_is_the_harmonic_mean_of_precision_and_recall() -> None:
    precision, recall = 6 / 8, 6 / 12
    f1 = METRICS["entity_f1"].value(np.array([6.0, 8.0, 12.0]))
    assert f1 == pytest.approx(2 * precision * recall / (precision + recall))


@pytest.mark.parametrize("name", METRICS)
@given(good=st.floats(0.6, 1.0), bad=st.floats(0.0, 0.5))
def test_positive_interference_means_hurt(name: str, good: float, bad: float) -> None:
    metric = METRICS[name]
    best, worst = (good, bad) if metric.higher_is_better else (bad, good)
    assert interference(best, worst, metric) > 0  # the joint model is worse
    assert interference(worst, best, metric) == -interference(best, worst, metric)
