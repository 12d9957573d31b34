import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import toys
from isogloss.training.contract import seed_dropout
from isogloss.treatments import build_treatment

PLACE = st.tuples(st.integers(0, 2**31 - 1), st.integers(0, 10**6), st.integers(0, 63))


def draw(place: tuple[int, int, int]) -> list[float]:
    seed_dropout(*place)
    return torch.rand(4).tolist()


@given(PLACE)
def test_the_same_place_draws_the_same(place: tuple[int, int, int]) -> None:
    assert draw(place) == draw(place)


@given(PLACE, st.integers(0, 2))
def test_seed_update_and_process_all_count(place: tuple[int, int, int], which: int) -> None:
    other = list(place)
    other[which] += 1
    assert draw(place) != draw((other[0], other[1], other[2]))


def test_a_step_and_a_rule_cost_one_direction_together() -> None:
    """Whatever the step is: a penalty beside surgery costs what the surgery costs."""
    surgery = build_treatment("pcgrad", {"scope": "model"}).apply(toys.plan())
    one = toys.training(build_treatment("l2_sp", {}).apply(surgery))
    assert one.plan.passes == pytest.approx(5 / 3)
