import torch
from hypothesis import given
from hypothesis import strategies as st

from isogloss.training.contract import seed_dropout

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
