"""Errors say what was expected, found, where, and what to do next; and they cross processes."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.core import InputError, TrainingError, closest, look_up


def _error() -> InputError:
    return InputError(expected="a", found="b", where="c", next_step="Do d.")


def test_message_has_all_four_parts() -> None:
    assert str(_error()) == "Expected a. Found b. Where: c. Do d."


def test_is_a_value_error_and_a_training_error_is_not() -> None:
    assert isinstance(_error(), ValueError)
    assert not isinstance(TrainingError("x"), ValueError)


def test_travels_between_processes() -> None:
    copied = pickle.loads(pickle.dumps(_error()))
    assert str(copied) == str(_error())
    assert copied.next_step == "Do d."


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
