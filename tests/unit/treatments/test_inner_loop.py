import pytest

import toys
from isogloss.treatments.inner_loop import inner_steps


@pytest.mark.parametrize(("updates", "steps"), [(1, 3), (120, 3), (121, 4), (40_000, 1000)])
def test_a_fortieth_of_the_training_and_no_fewer_than_languages(updates: int, steps: int) -> None:
    assert inner_steps(None, toys.plan(toys.HOSTILE, updates)) == steps


def test_a_number_that_is_given_is_taken() -> None:
    assert inner_steps(7, toys.plan()) == 7
