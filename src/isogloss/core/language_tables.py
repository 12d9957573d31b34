"""The tables that names of languages are looked up in: ours, and the whole of ISO 639-3."""

import csv
import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

UNKNOWN_SCRIPT: Final = "Zzzz"
_PRIVATE_USE: Final = re.compile(r"q[a-t][a-z]")  # ISO 639-2 reserves qaa..qtz for local use.
# Universal Dependencies' own codes for treebanks in which two languages alternate.
_MIXED: Final[Mapping[str, str]] = {
    "qaf": "Maghrebi Arabic-French",
    "qfn": "Frisian-Dutch",
    "qhe": "Hindi-English",
    "qtd": "Turkish-German",
    "qte": "Telugu-English",
}
_SHORTEST_NAME: Final = 4  # Below it, a mark makes another code: `ṭe` is no `te`.
_CODE_LENGTH: Final = 3


class Entry(NamedTuple):
    """One language as the tables have it; the fields are those of `Language`."""

    code: str
    script: str
    name: str
    family: str
    iso639_1: str | None


class Doubt(NamedTuple):
    """A code that means different languages to different people.

    Args:
        with_script: code of what ISO 639 means by it, taken where a script stands beside the code
            as in FLORES; empty where it means several languages.
        meanings: what to write instead.
        why: who means what.
    """

    with_script: str
    meanings: tuple[str, ...]
    why: str


def key_of(text: str) -> str:
    """Return a code or name without what writers differ in: case, hyphens, marks on letters.

    Example:
        >>> key_of("Norwegian_Bokmål"), key_of("zh-TW"), key_of("ṭe")
        ('norwegian bokmal', 'zh tw', 'ṭe')
    """
    words = " ".join(text.replace("_", " ").replace("-", " ").split()).casefold()
    if len(words) < _SHORTEST_NAME:
        return words
    parts = unicodedata.normalize("NFD", words)
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def known_entries() -> tuple[Entry, ...]:
    """Return the languages of our own table, in the order of their codes."""
    return tuple(entry for entry, _, _ in _rows())


def find(key: str) -> Entry | None:
    """Return the language with this code or name, as `key_of` writes it; None for no language."""
    return find_ours(key) or _from_iso(key)


def find_ours(key: str) -> Entry | None:
    """Return what `find` does, without reading the standard."""
    return by_alias().get(key) or _private_use(key)


@cache
def by_alias() -> Mapping[str, Entry]:
    """Code, two-letter code, name or alias -> language of our own table."""
    return {key_of(name): entry for entry, names, _ in _rows() for name in names}


@cache
def by_mistake() -> Mapping[str, Entry]:
    """What people write although it is no code of ISO 639-1 or 639-3 -> the language they mean.

    Bibliographic codes of ISO 639-2/B (`fre`), codes withdrawn (`iw`, `ajp`), codes of countries
    (`cz`), and codes that published tables made up (`jap`).
    """
    return {code: entry for entry, _, mistaken in _rows() for code in mistaken}


@cache
def doubts() -> Mapping[str, Doubt]:
    """Code -> the languages that it may mean."""
    return {
        row["code"]: Doubt(row["with_script"], tuple(row["meanings"].split(",")), row["why"])
        for row in _table("language_doubts.tsv")
    }


@cache
def is_script(script: str) -> bool:
    """Tell whether `script` is a code of ISO 15924."""
    usual = {UNKNOWN_SCRIPT, *(entry.script for entry in known_entries())}
    return script in usual or bool(_standard("scripts", alpha_4=script))


@cache
def is_region(region: str) -> bool:
    """Tell whether `region` is a country of ISO 3166-1, an area of UN M49, or mBART's `XX`."""
    if region.isdigit():
        return True
    return region == "XX" or bool(_standard("countries", alpha_2=region))


def is_collection(code: str) -> bool:
    """Tell whether ISO 639 has the code for no language: `mul`, `und`, `zxx`, `mis`."""
    return _standard("languages", alpha_3=code).get("scope") == "S"


def _table(name: str) -> Iterator[dict[str, str]]:
    text = files("isogloss.core").joinpath(name).read_text(encoding="utf-8")
    return iter(csv.DictReader(text.splitlines(), delimiter="\t"))


@cache
def _rows() -> tuple[tuple[Entry, tuple[str, ...], tuple[str, ...]], ...]:
    """Read our own table: each language with its names and with its mistaken codes."""
    rows: list[tuple[Entry, tuple[str, ...], tuple[str, ...]]] = []
    for row in _table("languages.tsv"):
        two = row["iso639_1"] or None
        entry = Entry(row["code"], row["script"], row["name"], row["family"], two)
        names = (row["code"], row["iso639_1"], row["name"], *row["aliases"].split(","))
        mistaken = tuple(filter(None, row["mistaken_codes"].split(",")))
        rows.append((entry, tuple(filter(None, names)), mistaken))
    return tuple(rows)


def _private_use(code: str) -> Entry | None:
    """Return a local language; what it is called, only its users know."""
    if not _PRIVATE_USE.fullmatch(code):
        return None
    if code in _MIXED:
        return Entry(code, "Latn", f"{_MIXED[code]} code-switching", "", None)
    return Entry(code, "Latn", f"Private use {code}", "", None)


@cache
def _from_iso(key: str) -> Entry | None:
    """Ask the whole of ISO 639-3; the standard does not say which script a language uses."""
    column = {2: "alpha_2", _CODE_LENGTH: "alpha_3"}.get(len(key))
    entry = _standard("languages", **{column: key}) if column else _iso_names().get(key)
    if not entry or entry["scope"] == "S":
        return None
    return Entry(entry["alpha_3"], UNKNOWN_SCRIPT, entry["name"], "", entry.get("alpha_2"))


@cache
def _iso_names() -> Mapping[str, dict[str, str]]:
    """Every name of ISO 639-3 -> its entry; with and without what stands in parentheses."""
    import pycountry

    names: dict[str, dict[str, str]] = {}
    shared: set[str] = set()
    for entry in map(dict, pycountry.languages):
        names[key_of(entry["name"])] = entry
        short = key_of(entry["name"].partition("(")[0])
        if names.setdefault(short, entry) is not entry:
            shared.add(short)
    whole = {key_of(entry["name"]) for entry in map(dict, pycountry.languages)}
    return {name: entry for name, entry in names.items() if name in whole or name not in shared}


def _standard(table: str, **wanted: str) -> dict[str, str]:
    """Return the entry of an ISO table, as a plain dictionary; empty if there is none."""
    import pycountry  # Reads 8 MB of tables: only for what our own table does not know.

    entry = getattr(pycountry, table).get(**wanted)
    return dict(entry) if entry is not None else {}
