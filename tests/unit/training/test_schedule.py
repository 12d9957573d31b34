import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.training.schedule import SCHEDULES, rate


@pytest.mark.parametrize("name", SCHEDULES)
@given(updates=st.integers(1, 500), warm_up=st.floats(0, 0.99), data=st.data())
def test_factors_lie_between_0_and_1(
    name: str, updates: int, warm_up: float, data: st.DataObject
) -> None:
    update = data.draw(st.integers(0, updates - 1))
    factor = rate(SCHEDULES[name], update, updates, warm_up)
    assert 0 < factor <= 1


@pytest.mark.parametrize("name", SCHEDULES)
def test_factors_rise_and_then_never_rise_again(name: str) -> None:
    factors = [rate(SCHEDULES[name], update, 50, 0.2) for update in range(50)]
    assert factors[:10] == pytest.approx([n / 10 for n in range(1, 11)])
    assert factors[10] == 1
    assert factors[10:] == sorted(factors[10:], reverse=True)


@pytest.mark.parametrize(("name", "last"), [("constant", 1.0), ("linear", 0.02), ("cosine", 0.011)])
def test_where_a_schedule_ends(name: str, last: float) -> None:
    assert rate(SCHEDULES[name], 49, 50, 0.0) == pytest.approx(last, abs=1e-3)


def test_half_way_down_the_cosine() -> None:
    assert rate(SCHEDULES["cosine"], 50, 100, 0.0) == pytest.approx(0.01 + 0.99 / 2)


def test_one_update_is_done_at_full_rate() -> None:
    assert rate(SCHEDULES["linear"], 0, 1, 0.5) == 1
