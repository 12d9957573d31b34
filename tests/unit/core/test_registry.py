"""Look-up in literal tables, with "did you mean"."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.core import InputError, closest, look_up

TABLE = {"untreated": 1, "temperature": 2}


def test_finds_what_is_there() -> None:
    assert look_up(TABLE, "temperature", "treatment") == 2


def test_suggests_the_nearest_name_and_lists_all() -> None:
    with pytest.raises(InputError) as caught:
        look_up(TABLE, "temprature", "treatment")
    assert caught.value.next_step == "Did you mean `temperature`?"
    assert "temperature, untreated" in caught.value.expected


def test_says_so_when_nothing_is_near() -> None:
    with pytest.raises(InputError, match="Pick one of the list"):
        look_up(TABLE, "xyz", "treatment")


def test_case_does_not_hide_a_near_name() -> None:
    assert closest("UNTREATED", ["Untreated"]) == "Untreated"


@given(st.text())
def test_any_text_is_found_or_refused(name: str) -> None:
    if name in TABLE:
        assert look_up(TABLE, name, "treatment") == TABLE[name]
    else:
        with pytest.raises(InputError):
            look_up(TABLE, name, "treatment")
