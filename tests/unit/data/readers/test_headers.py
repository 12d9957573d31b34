"""Names of columns."""

from pathlib import Path

import pytest

from isogloss.core import InputError
from isogloss.data.readers.headers import (
    find_named,
    has_known_name,
    identifier_column,
    is_name_of,
    resolve_columns,
    shown_columns,
)
from isogloss.data.readers.lines import SourceFile

FILE = SourceFile(Path("x.tsv"))


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("text label", {"text": 0, "label": 1}),
        ("ID tweet label", {"text": 1, "label": 2}),
        ("premise hypo label", {"text": 0, "pair": 1, "label": 2}),
        ("label sentence2 sentence1", {"text": 2, "pair": 1, "label": 0}),
        ("index question sentence label", {"text": 1, "pair": 2, "label": 3}),
        ("category headline text url", {"text": 2, "label": 0}),
        ("label gold_label text", {"text": 2, "label": 1}),
        ("source target label", {"text": 0, "pair": 1, "label": 2}),
        ("text target", {"text": 0, "label": 1}),
        ("title body label", {"label": 2}),
        ("text category sentiment", {"text": 0}),
        ("zin soort", {}),
    ],
)
def test_columns_are_found_by_their_usual_names(header: str, expected: dict[str, int]) -> None:
    assert find_named(header.split()) == expected


def test_words_that_name_columns() -> None:
    assert has_known_name(["zin", '"Label"']) and not has_known_name(["zin", "soort"])
    assert is_name_of("Hypothesis", "pair") and is_name_of("#text", "text")
    assert not is_name_of("label", "text") and not is_name_of("label", "prefix")


def test_columns_by_name_and_by_number() -> None:
    names = ["ID", "tweet", "Label "]
    wanted = {"text": "tweet", "label": "label", "prefix": 1}
    assert resolve_columns(FILE, 1, names, wanted) == {"text": 1, "label": 2, "prefix": 0}


@pytest.mark.parametrize(
    ("column", "message"),
    [
        (4, r"column 4 \(`text`\). Found 3 columns"),
        ("twet", "Did you mean `tweet`"),
        ("xyz", "Found the columns 1 `ID`, 2 `tweet`, 3 `label`.*give its number"),
    ],
)
def test_a_column_that_is_not_there_is_refused(column: str | int, message: str) -> None:
    with pytest.raises(InputError, match=message):
        resolve_columns(FILE, 1, ["ID", "tweet", "label"], {"text": column})


def test_long_headers_are_cut_in_messages() -> None:
    assert shown_columns(["a"] * 14).endswith("12 `a` and 2 more")


def test_a_column_of_identifiers_has_one_of_their_names() -> None:
    assert identifier_column(["text", "Pair ID", "label"]) == 1
    assert identifier_column(["text", "label"]) is None
    assert identifier_column(["id", "idx", "text"]) is None
