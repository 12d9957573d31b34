import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.core import InputError, Language
from isogloss.data.shares import language_shares

EN, SW, TE = (Language.parse(code) for code in ("en", "sw", "te"))


def test_exponent_0_is_uniform_and_1_proportional() -> None:
    sizes = {EN: 800, SW: 150, TE: 50}
    assert language_shares(sizes, 0).tolist() == pytest.approx([1 / 3] * 3)
    assert language_shares(sizes, 1).tolist() == pytest.approx([0.8, 0.15, 0.05])


def test_exponent_between_follows_the_formula() -> None:
    powers = [800**0.7, 150**0.7]
    expected = [power / sum(powers) for power in powers]
    assert language_shares({EN: 800, SW: 150}, 0.7).tolist() == pytest.approx(expected)


@given(
    st.lists(st.floats(1e-3, 1e15), min_size=2, max_size=2),
    st.floats(0, 1000),
)
def test_shares_sum_to_one_and_keep_the_order_of_sizes(sizes: list[int], exponent: float) -> None:
    shares = language_shares(dict(zip((EN, SW), sizes, strict=True)), exponent)
    assert math.isclose(shares.sum(), 1.0)
    assert np.isfinite(shares).all()
    if sizes[0] <= sizes[1]:
        assert shares[0] <= shares[1]


@pytest.mark.parametrize("exponent", [-0.1, math.nan, math.inf, -math.inf])
def test_an_exponent_out_of_range_is_refused(exponent: float) -> None:
    with pytest.raises(InputError, match="exponent >= 0"):
        language_shares({EN: 1}, exponent)


@pytest.mark.parametrize("size", [0, -3, math.nan, math.inf])
def test_a_language_without_data_is_named(size: float) -> None:
    with pytest.raises(InputError, match="swa-Latn"):
        language_shares({EN: 1, SW: size}, 1)


def test_no_language_is_refused() -> None:
    with pytest.raises(InputError, match="at least one language"):
        language_shares({}, 1)
