import pytest

from unit.treatments.directions import directions, weights_of


def test_the_first_direction_is_the_sum() -> None:
    """The claim, that a variance comes to twice the loss, is measured with the weighting."""
    found = directions("uncertainty_weighting")
    assert weights_of(found).tolist() == pytest.approx([1.0] * 3, rel=1e-3)
    logits = found.training.combine.state()["values"]
    assert (logits > 0).all(), "losses above 1 / 2 raise the variance"
