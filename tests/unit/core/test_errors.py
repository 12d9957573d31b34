"""Errors say what was expected, found, where, and what to do next; and they cross processes."""

import pickle

from isogloss.core import InputError, TrainingError


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
