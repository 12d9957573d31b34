"""The packaged tables agree with themselves and with the standard."""

import csv
from importlib.resources import files

import pycountry
import pytest

from isogloss.core.language_tables import (
    by_alias,
    by_mistake,
    doubts,
    find,
    is_collection,
    is_region,
    is_script,
    key_of,
    known_entries,
)


def test_no_name_or_alias_stands_for_two_languages() -> None:
    text = files("isogloss.core").joinpath("languages.tsv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines(), delimiter="\t"))
    owner: dict[str, str] = {}
    for row in rows:
        assert all(row[column] for column in ("code", "script", "name", "family"))
        aliases = [row["code"], row["iso639_1"], row["name"], *row["aliases"].split(",")]
        mistaken = row["mistaken_codes"].split(",")
        for name in {name.lower() for name in [*aliases, *mistaken] if name}:
            assert owner.setdefault(name, row["code"]) == row["code"], name
    assert [row["code"] for row in rows] == sorted(row["code"] for row in rows)


def test_codes_are_those_of_the_standard() -> None:
    for entry in known_entries():
        standard = pycountry.languages.get(alpha_3=entry.code)
        assert standard is not None, entry
        # `ku` is Kurdish; the member that everybody means by it is Northern Kurdish.
        if entry.code != "kmr":
            assert entry.iso639_1 == getattr(standard, "alpha_2", None), entry


def test_a_mistaken_code_is_no_alias() -> None:
    assert not set(by_mistake()) & set(by_alias())
    assert not set(doubts()) & (set(by_alias()) | set(by_mistake()))


def test_marks_are_ignored_in_names_and_kept_in_codes() -> None:
    assert key_of("Mooré") == "moore"
    assert key_of("ṭe") == "ṭe"


@pytest.mark.parametrize("name", ["novial", "mbya guarani", "church slavic", "quapaw"])
def test_names_of_the_standard_are_found_without_marks_and_parentheses(name: str) -> None:
    assert find(name) is not None


def test_scripts_regions_and_collections() -> None:
    assert is_script("Telu") and is_script("Zzzz") and not is_script("Abcd")
    assert is_region("BR") and is_region("XX") and is_region("419") and not is_region("EN")
    assert is_collection("mul") and not is_collection("tel")
