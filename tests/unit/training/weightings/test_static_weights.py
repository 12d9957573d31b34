import numpy as np
import pytest

import toys
from isogloss.training import StaticWeights


def test_weights_are_powers_of_the_sizes() -> None:
    """The toy has 900 tokens of English and 400 of Swahili."""
    context = toys.context(toys.plan())
    losses = np.array([1.0, 5.0])
    for exponent, ratio in ((0.0, 1.0), (1.0, 900 / 400), (-0.5, (400 / 900) ** 0.5)):
        weights = StaticWeights(exponent).start(context).weights(losses, [0, 1])
        assert weights.sum() == pytest.approx(1.0)
        assert weights[0] / weights[1] == pytest.approx(ratio)


def test_of_one_language_the_weight_is_one() -> None:
    rule = StaticWeights(1.0).start(toys.context(toys.plan()))
    assert rule.weights(np.array([2.0]), [1]).tolist() == [1.0]
    rule.after(np.array([2.0]), [1])
    rule.load_state(rule.state())


def test_labelled_examples_are_counted() -> None:
    context = toys.context(toys.plan())
    context.material.clear()
    context.material.update(dict(zip(toys.PAIR, ([1] * 30, [1] * 10), strict=True)))
    weights = StaticWeights(1.0).start(context).weights(np.ones(2), [0, 1])
    assert weights.tolist() == [0.75, 0.25]
