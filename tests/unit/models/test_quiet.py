from transformers.utils import logging

from isogloss.models.quiet import quiet


def test_what_was_set_comes_back() -> None:
    before = (logging.get_verbosity(), logging.is_progress_bar_enabled())
    with quiet():
        assert logging.get_verbosity() == logging.ERROR
        assert not logging.is_progress_bar_enabled()
    assert (logging.get_verbosity(), logging.is_progress_bar_enabled()) == before
