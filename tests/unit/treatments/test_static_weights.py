import pytest

import toys
from isogloss.core import InputError
from isogloss.treatments import build_treatment
from unit.treatments.directions import directions, weights_of


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
