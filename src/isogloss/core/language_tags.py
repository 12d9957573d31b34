"""Language tags: code or name, then script, region and private part (BCP 47, FLORES, mBART)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from isogloss.core.language_tables import (
    Entry,
    by_alias,
    doubts,
    find,
    find_ours,
    is_region,
    is_script,
    key_of,
)

_PRIVATE: Final = re.compile(r"(?P<base>.+)[-_][xX][-_](?P<variant>[a-zA-Z0-9]{1,8})")
_REGION: Final = re.compile(r"[a-zA-Z]{2}|\d{3}")
_SCRIPT_LENGTH: Final = 4
_LONGEST: Final = 100  # No name of ISO 639-3 has more characters.
_ROMANISED: Final = "rom"  # CC-100 writes `hi_rom`.
# CLDR, likely subtags: where a region writes the language in another script than most do.
_SCRIPT_OF_REGION: Final[Mapping[tuple[str, str], str]] = {
    ("aze", "IR"): "Arab",
    ("kaz", "CN"): "Arab",
    ("kir", "CN"): "Arab",
    ("mon", "CN"): "Mong",
    ("pan", "PK"): "Arab",
    ("snd", "IN"): "Deva",
    ("srp", "ME"): "Latn",
    ("tgk", "PK"): "Arab",
    ("uig", "KZ"): "Cyrl",
    ("uzb", "AF"): "Arab",
    ("zho", "HK"): "Hant",
    ("zho", "MO"): "Hant",
    ("zho", "TW"): "Hant",
}
# Small letters of a region that is also a code of a language look like a pair: `en-fr`. These are
# read as regions all the same, and a language's own code is: `de-de`.
_USUAL_REGIONS: Final = {"pt br", "zh tw"}


@dataclass(frozen=True)
class Tag:
    """What a tag says.

    Args:
        entry: the language, or None where the tag names none.
        script: ISO 15924 code; empty where the tag does not say it.
        variant: private part, in small letters.
        name: the part that should name the language.
        wrong: a part after the language that is neither script nor region.
        doubtful: the code means several languages, and nothing here says which.
    """

    entry: Entry | None = None
    script: str = ""
    variant: str = ""
    name: str = ""
    wrong: str = ""
    doubtful: bool = False


def read_tag(text: str) -> Tag:
    """Take a tag apart.

    Args:
        text: `te`, `Telugu`, `tel-Telu`, `tel_Latn`, `pt-BR`, `zh_Hant_TW`, `fr-x-low`.

    Example:
        >>> tag = read_tag("zh-TW")
        >>> tag.entry.name, tag.script
        ('Chinese', 'Hant')
    """
    if len(text) > _LONGEST:
        return Tag(name=key_of(text[:_LONGEST]))
    # Some whole tags are names: Wikipedia's `be-x-old`.
    private = None if key_of(text) in by_alias() else _PRIVATE.fullmatch(text)
    variant = private["variant"].lower() if private else ""
    parts = re.split(r"[-_]", private["base"] if private else text)
    if not all(parts):
        return Tag(name=key_of(parts[0]))
    # Our own table first: asking the whole standard costs its reading.
    tag = _divided(parts, find_ours, capital=not text.isupper())
    if tag is None or (tag.wrong and not tag.doubtful):
        tag = _divided(parts, find, capital=not text.isupper()) or Tag(name=key_of(parts[0]))
    return replace(tag, variant=variant)


def _divided(
    parts: list[str], look_up: Callable[[str], Entry | None], *, capital: bool
) -> Tag | None:
    """Return the longest beginning that names a language, and what the rest says."""
    for cut in range(len(parts), 0, -1):
        head, tail = key_of(" ".join(parts[:cut])), parts[cut:]
        doubt = doubts().get(head)
        entry = find(doubt.with_script) if doubt and tail else look_up(head)
        if entry is None and doubt is None:
            continue
        script, wrong = _read_tail(entry, head, tail, capital=capital)
        doubtful = doubt is not None and (entry is None or not script)
        return Tag(entry, script, "", head, wrong, doubtful)
    return None


def _read_tail(
    entry: Entry | None, head: str, tail: list[str], *, capital: bool
) -> tuple[str, str]:
    """Return the script, and the first part that cannot be read."""
    script = ""
    for place, part in enumerate(tail):
        if place == 0 and (found := _script(part)):
            script = found
        elif place == len(tail) - 1 and _is_region(head, part, capital=capital):
            code = entry.code if entry else ""
            script = script or _SCRIPT_OF_REGION.get((code, part.upper()), "")
        else:
            return script, part
    return script, ""


def _script(part: str) -> str:
    """Return the script that a part names, or an empty string."""
    if part.lower() == _ROMANISED:
        return "Latn"
    return part.title() if len(part) == _SCRIPT_LENGTH and is_script(part.title()) else ""


def _is_region(head: str, part: str, *, capital: bool) -> bool:
    """Tell a region from the second language of a pair."""
    if not _REGION.fullmatch(part) or not is_region(part.upper()):
        return False
    is_language = find(part.lower()) is not None
    small = part.lower()
    return (
        not is_language
        or (capital and part.isupper())
        or small == head
        or f"{head} {small}" in _USUAL_REGIONS
    )
