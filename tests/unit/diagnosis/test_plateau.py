import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.diagnosis import PLATEAU_MARGIN, left_plateau


@pytest.mark.parametrize(
    ("dev", "unigram", "left"),
    [
        (6.0, 6.0, False),
        (5.96, 6.0, False),  # standing at the plateau, within the noise of dev losses
        (5.4, 6.0, False),
        (5.39, 6.0, True),
        (4.1, 6.0, True),
        (7.0, 6.0, False),  # worse than counting pieces
        (math.nan, 6.0, False),
    ],
)
def test_a_tenth_below_the_unigram_loss(dev: float, unigram: float, left: bool) -> None:
    assert left_plateau(dev, unigram) is left
    assert PLATEAU_MARGIN == 0.1


@given(st.floats(0, 20), st.floats(0.1, 20), st.floats(0, 5))
def test_a_lower_loss_never_goes_back(dev: float, unigram: float, less: float) -> None:
    assert left_plateau(dev - less, unigram) >= left_plateau(dev, unigram)


def test_the_margin_can_be_set() -> None:
    assert left_plateau(5.9, 6.0, margin=0.01)
