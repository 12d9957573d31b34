"""The keys of a mapping are checked, and the nearest name is offered."""

import pytest

from isogloss.core import InputError
from isogloss.data.sources.section import parse_section


def test_a_list_of_languages_stands_for_itself() -> None:
    section = parse_section({"files": "x", "languages": ["en", "sw"]}, "x.yaml, text")
    assert section.languages == {"en": "en", "sw": "sw"}
    assert section.splits == {"train": "train", "dev": "dev", "test": "test"}


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"file": "x", "languages": ["en"]}, "Found `file`.*Did you mean `files`"),
        ({"files": "x"}, "x.yaml, text, languages"),
        ({"files": "x", "languages": []}, "languages"),
        ({"files": "x", "languages": 3}, "languages"),
        ({"files": "x", "languages": {"en": 3}}, "text, languages, en"),
        ({"languages": ["en"]}, "exactly one of `files` and `dataset`. Found neither"),
        ({"files": "x", "dataset": "y", "languages": ["en"]}, "Found both"),
        ({"files": "x", "languages": ["en"], "limit": "many"}, "limit"),
        ({"files": "x", "languages": ["en"], "limit": 0}, "limit"),
        ({"files": "x", "languages": ["en"], "prefix": ["id"]}, "prefix"),
        ({"files": "x", "languages": ["en"], "splits": {"valid": "v"}}, "Found `valid`"),
        ([], "a mapping"),
        (None, "a mapping"),
    ],
)
def test_what_does_not_fit_is_refused(values: object, message: str) -> None:
    with pytest.raises(InputError, match=message):
        parse_section(values, "x.yaml, text")
