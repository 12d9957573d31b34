import pytest

from unit.treatments.directions import directions, weights_of


def test_the_first_direction_is_half_the_sum() -> None:
    """The claim, that a variance comes to the loss, is measured with the weighting."""
    found = directions("uncertainty_weighting")
    assert weights_of(found).tolist() == pytest.approx([0.5] * 3, rel=1e-3)
    logits = found.training.combine.state()["values"]
    assert (logits > 0).all(), "losses above 1 raise the variance"
