"""Languages by identity: ISO 639-3 code and ISO 15924 script, never a bare string.

The table beside this file (`languages.tsv`) holds the languages that multilingual models and
benchmarks are usually trained on. Families are named as in WALS, "Altaic" divided into its
branches. A macrolanguage and the member that everybody means by it (`ara` and `arb`, `swa` and
`swh`, `zho` and `cmn`) are ONE language here, under the macrolanguage's code: two identities for
the same text would hide duplicates and split a language's budget.
"""

from dataclasses import dataclass, field, replace
from typing import Final

from isogloss.core.errors import InputError, closest
from isogloss.core.language_tables import (
    Doubt,
    by_alias,
    by_mistake,
    doubts,
    is_collection,
    known_entries,
)
from isogloss.core.language_tags import Tag, read_tag

_SHORTEST_NAME: Final = 4
_LONGEST_SHOWN: Final = 60


@dataclass(frozen=True)
class Language:
    """One language in one script.

    Args:
        code: ISO 639-3 code, `tel`; `qaa` to `qtz` are the test bed's, or a user's own.
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
                script, a region or both: `te`, `tel`, `Telugu`, `tel-Telu`, `tel_Latn`, `pt-BR`,
                `zh_Hant_TW`; case does not matter. A region is not kept: it decides about the
                script where two are in use. Wikipedia's own codes (`zh-yue`, `simple`) are known.
                Any of them followed by `-x-` and a name of up to eight letters or digits is a
                variant.
            where: the file or key that `text` comes from, for the message.

        Raises:
            InputError: `text` names no language, or may mean two; the message says which.

        Reference:
            ISO 639-3 (https://iso639-3.sil.org), ISO 15924 (https://unicode.org/iso15924), BCP 47
            (https://www.rfc-editor.org/info/bcp47).
        """
        tag = read_tag(" ".join(text.split()))
        if tag.doubtful:
            raise _doubtful(text, doubts()[tag.name], where)
        if tag.entry is None:
            raise _refusal(text, tag.name, where)
        language = cls(*tag.entry, variant=tag.variant)
        if tag.wrong:
            raise _wrong_part(text, language, tag, where)
        return replace(language, script=tag.script) if tag.script else language

    @property
    def is_private_use(self) -> bool:
        """Whether the code is one of `qaa` to `qtz`, which ISO 639 leaves to local use."""
        return "qaa" <= self.code <= "qtz"


SEVERAL: Final = Language("mul", "Zyyy", "several languages")
"""Stands where a table asks for one source language and a model was fine-tuned on several.

`mul` is ISO 639-2's code for it; it is no language, and a study file cannot name it.
"""


def known_languages() -> tuple[Language, ...]:
    """Return the languages of the packaged table, in the order of their codes."""
    return tuple(Language(*entry) for entry in known_entries())


def _doubtful(text: str, doubt: Doubt, where: str) -> InputError:
    """Say what a code may mean."""
    choices = " or ".join(f"`{Language.parse(one)}`" for one in doubt.meanings)
    return InputError(
        expected="a code that means one language",
        found=f"`{text}`: {doubt.why}",
        where=where,
        next_step=f"Write {choices}.",
    )


def _wrong_part(text: str, language: Language, tag: Tag, where: str) -> InputError:
    """Say which part of a tag is neither script nor region."""
    second = by_alias().get(tag.wrong.lower())
    if tag.wrong.lower() == "zaw":
        step = "Convert Zawgyi text to Unicode and name it `mya-Mymr`."
    elif second is not None and tag.wrong.islower():
        step = f"If it is {language.name} of a region, write the region in capitals: "
        step += f"`{tag.name}-{tag.wrong.upper()}`. Otherwise write `{language}`."
    else:
        private = "".join(filter(str.isalnum, tag.wrong)).lower()[:8]
        kept = f", or `{language.base}-x-{private}` for a variety of it" if private else ""
        step = f"Write `{language.base}`{kept}."
    return InputError(
        expected="an ISO 15924 script of four letters or an ISO 3166 region after the language, "
        "as in tel-Telu and pt-BR",
        found=f"`{text[:_LONGEST_SHOWN]}`",
        where=where,
        next_step=step,
    )


def _refusal(text: str, name: str, where: str) -> InputError:
    """Say why `text` is not a language, and which language is probably meant."""
    meant = by_mistake().get(name)
    # Every code of two or three letters is near to another one.
    if meant is None and len(name) >= _SHORTEST_NAME:
        near = closest(name, list(by_alias()))
        meant = by_alias()[near] if near and len(near) >= _SHORTEST_NAME else None
    hint = f"Did you mean `{meant.code}-{meant.script}` ({meant.name})? " if meant else ""
    if is_collection(name):
        hint = f"`{name}` stands for no one language: name the language. "
    return InputError(
        expected="a language: ISO 639-1 or 639-3 code or English name, as te, tel, Telugu, "
        "tel-Telu; qaa to qtz for languages of your own",
        found=f"`{text[:_LONGEST_SHOWN]}`",
        where=where,
        next_step=f"{hint}Other languages: any ISO 639-3 code with its script, as `nov-Latn`.",
    )
