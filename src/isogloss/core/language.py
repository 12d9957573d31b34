"""Languages by identity: ISO 639-3 code and ISO 15924 script, never a bare string.

The table beside this file (`languages.tsv`) holds the languages that multilingual models and
benchmarks are usually trained on. Families are named as in WALS, "Altaic" divided into its
branches. A macrolanguage and the member that everybody means by it (`ara` and `arb`, `swa` and
`swh`, `zho` and `cmn`) are ONE language here, under the macrolanguage's code: two identities for
the same text would hide duplicates and split a language's budget.
"""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from typing import Final

from isogloss.core.errors import InputError
from isogloss.core.registry import closest

UNKNOWN_SCRIPT: Final = "Zzzz"
_VARIANT: Final = re.compile(r"(?P<base>.+)[-_][xX][-_](?P<variant>[a-zA-Z0-9]{1,8})")
_PRIVATE_USE: Final = re.compile(r"q[a-t][a-z]")  # ISO 639-2 reserves qaa..qtz for local use.


@dataclass(frozen=True)
class Language:
    """One language in one script.

    Args:
        code: ISO 639-3 code, `tel`; `qaa` to `qtz` are the synthetic test bed's languages.
        script: ISO 15924 code, `Telu`; `Zzzz` where it is not known.
        name: English name.
        family: language family, as WALS names it; empty where the table does not know it.
        iso639_1: two-letter code, or None where the language has none.
        variant: a private subtag (BCP 47), such as `low` for a sample of the language's text that
            a study treats as a language of its own; empty for the language itself.

    Two languages are equal when code, script and variant are; the other fields only describe.

    Example:
        >>> str(Language.parse("te")), Language.parse("Telugu").family
        ('tel-Telu', 'Dravidian')
        >>> Language.parse("tel-Latn") == Language.parse("tel")
        False
        >>> str(Language.parse("fr-x-low")), Language.parse("fr-x-low").base == Language.parse("fr")
        ('fra-Latn-x-low', True)
    """

    code: str
    script: str
    name: str = field(default="", compare=False)
    family: str = field(default="", compare=False)
    iso639_1: str | None = field(default=None, compare=False)
    variant: str = ""

    def __str__(self) -> str:
        private = f"-x-{self.variant}" if self.variant else ""
        return f"{self.code}-{self.script}{private}"

    @property
    def base(self) -> "Language":
        """The language itself, without a variant."""
        return replace(self, variant="")

    @classmethod
    def parse(cls, text: str, *, where: str = "language") -> "Language":
        """Return the language that `text` names.

        Args:
            text: ISO 639-1 or 639-3 code or English name, alone or followed by `-` or `_` and a
                script: `te`, `tel`, `Telugu`, `tel-Telu`, `tel_Latn`; case does not matter. Any of
                them followed by `-x-` and a name of up to eight letters or digits is a variant.
            where: the file or key that `text` comes from, for the message.

        Raises:
            InputError: `text` names no language; the message says which one is near.

        Reference:
            ISO 639-3 (https://iso639-3.sil.org), ISO 15924 (https://unicode.org/iso15924).
        """
        asked = " ".join(text.split())
        private = _VARIANT.fullmatch(asked)
        if private is not None:
            base = cls.parse(private["base"], where=where)
            return replace(base, variant=private["variant"].lower())
        known = _by_alias()
        if asked.lower() in known:
            return known[asked.lower()]
        name, script = _divide(asked)
        language = known.get(name.lower()) or _synthetic(name.lower()) or _from_iso(name.lower())
        if language is None:
            raise _refusal(text, name.lower(), where)
        if not script:
            return language
        if not _is_script(script.title()):
            raise InputError(
                expected="an ISO 15924 script of four letters after the language, as in tel-Telu",
                found=f"`{text}`",
                where=where,
                next_step=f"Write `{language}`, or `{language.code}` alone.",
            )
        return cls(language.code, script.title(), language.name, language.family, language.iso639_1)


SEVERAL: Final = Language("mul", "Zyyy", "several languages")
"""Stands where a table asks for one source language and a model was fine-tuned on several.

`mul` is ISO 639-2's code for it; it is no language, and a study file cannot name it.
"""


def known_languages() -> tuple[Language, ...]:
    """Return the languages of the packaged table, in the order of their codes."""
    return tuple(language for language, _, _ in _rows())


@cache
def _rows() -> tuple[tuple[Language, tuple[str, ...], tuple[str, ...]], ...]:
    """Read the packaged table: each language with its names and with its mistaken codes."""
    text = files("isogloss.core").joinpath("languages.tsv").read_text(encoding="utf-8")
    rows: list[tuple[Language, tuple[str, ...], tuple[str, ...]]] = []
    for row in csv.DictReader(text.splitlines(), delimiter="\t"):
        two = row["iso639_1"] or None
        language = Language(row["code"], row["script"], row["name"], row["family"], two)
        names = (row["code"], row["iso639_1"], row["name"], *row["aliases"].split(","))
        mistaken = tuple(filter(None, row["mistaken_codes"].split(",")))
        rows.append((language, tuple(filter(None, names)), mistaken))
    return tuple(rows)


@cache
def _by_alias() -> Mapping[str, Language]:
    """Lower-case code, two-letter code, name or alias -> language."""
    return {name.lower(): language for language, names, _ in _rows() for name in names}


@cache
def _by_mistake() -> Mapping[str, Language]:
    """What people write although it is no code of ISO 639-1 or 639-3 -> the language they mean.

    Bibliographic codes of ISO 639-2/B (`fre`), codes withdrawn long ago (`iw`), codes of countries
    (`cz`), and codes that published tables made up (`jap`).
    """
    return {code: language for language, _, mistaken in _rows() for code in mistaken}


def _divide(text: str) -> tuple[str, str]:
    """Split `tel-Telu` into language and script; a name such as `Guinea-Bissau Creole` stays."""
    name, _, script = text.replace("_", "-").rpartition("-")
    return (name, script) if name and script else (text, "")


def _synthetic(code: str) -> Language | None:
    if not _PRIVATE_USE.fullmatch(code):
        return None
    return Language(code, "Latn", f"Synthetic {code}", "Synthetic")


@cache
def _from_iso(code: str) -> Language | None:
    """Ask the whole of ISO 639-3; the standard does not say which script a language uses."""
    key = {2: "alpha_2", 3: "alpha_3"}.get(len(code), "name")
    entry = _standard("languages", **{key: code})
    # `mul`, `und`, `zxx` and `mis` (scope S) are not languages.
    if not entry or entry["scope"] == "S":
        return None
    return Language(entry["alpha_3"], UNKNOWN_SCRIPT, entry["name"], "", entry.get("alpha_2"))


@cache
def _is_script(script: str) -> bool:
    """Tell whether `script` is a code of ISO 15924."""
    usual = {UNKNOWN_SCRIPT, *(language.script for language in known_languages())}
    return script in usual or bool(_standard("scripts", alpha_4=script))


def _standard(table: str, **wanted: str) -> dict[str, str]:
    """Return the entry of an ISO table, as a plain dictionary; empty if there is none."""
    import pycountry  # Reads 8 MB of tables: only for what our own table does not know.

    entry = getattr(pycountry, table).get(**wanted)
    return dict(entry) if entry is not None else {}


def _refusal(text: str, name: str, where: str) -> InputError:
    """Say why `text` is not a language, and which language is probably meant."""
    near = closest(name, list(_by_alias()))
    meant = _by_mistake().get(name) or (_by_alias()[near] if near else None)
    hint = f"Did you mean `{meant}` ({meant.name})? " if meant else ""
    return InputError(
        expected="a language: ISO 639-1 or 639-3 code or English name, as te, tel, Telugu, "
        "tel-Telu; qaa to qtz for synthetic languages",
        found=f"`{text}`",
        where=where,
        next_step=f"{hint}Other languages: any ISO 639-3 code with its script, as `nov-Latn`.",
    )
