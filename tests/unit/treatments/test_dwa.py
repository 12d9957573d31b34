import pytest

from unit.treatments.directions import directions, weights_of


def test_the_first_direction_is_the_sum() -> None:
    """The claim, that a loss which stopped falling weighs more, is measured with the weighting."""
    assert weights_of(directions("dwa")).tolist() == pytest.approx([1.0] * 3, rel=1e-3)
