import numpy as np
import pytest

import toys
from isogloss.core import InputError
from isogloss.treatments import build_treatment
from isogloss.treatments.loss_weights.static_weights import StaticWeighting
from unit.treatments.directions import directions, weights_of


def test_weights_are_powers_of_the_sizes() -> None:
    """The toy has 900 tokens of English and 400 of Swahili."""
    context = toys.context(toys.plan())
    losses = np.array([1.0, 5.0])
    for exponent, ratio in ((0.0, 1.0), (1.0, 900 / 400), (-0.5, (400 / 900) ** 0.5)):
        weights = StaticWeighting(exponent).start(context).weights(losses, [0, 1])
        assert weights.sum() == pytest.approx(1.0)
        assert weights[0] / weights[1] == pytest.approx(ratio)


def test_of_one_language_the_weight_is_one() -> None:
    rule = StaticWeighting(1.0).start(toys.context(toys.plan()))
    assert rule.weights(np.array([2.0]), [1]).tolist() == [1.0]
    rule.after(np.array([2.0]), [1])
    rule.load_state(rule.state())


def test_labelled_examples_are_counted() -> None:
    context = toys.context(toys.plan())
    context.material.clear()
    context.material.update(dict(zip(toys.PAIR, ([1] * 30, [1] * 10), strict=True)))
    weights = StaticWeighting(1.0).start(context).weights(np.ones(2), [0, 1])
    assert weights.tolist() == [0.75, 0.25]


def test_the_direction_has_the_weights() -> None:
    """The toy has 900 tokens of English and 400 of Swahili."""
    found = directions("static_weights", toys.PAIR, exponents=[1.0])
    assert weights_of(found).tolist() == pytest.approx([9 / 13, 4 / 13], rel=1e-3)


def test_every_exponent_is_a_candidate() -> None:
    one = build_treatment("static_weights", {"exponents": [0.0, 2.0]})
    assert [candidate.exponents for candidate in one.candidates()] == [(0.0,), (2.0,)]  # type: ignore[attr-defined]


@pytest.mark.parametrize("exponents", [[], [float("nan")], [float("inf")]])
def test_unusable_exponents_are_refused(exponents: list[float]) -> None:
    with pytest.raises(InputError, match="one or more finite exponents"):
        build_treatment("static_weights", {"exponents": exponents})
