"""What file names say: languages, pairs of languages, splits."""

import re
from typing import Final

from isogloss.core import InputError, Language

_SPLIT_NAMES: Final = {
    "train": "train",
    "dev": "dev",
    "valid": "dev",
    "validation": "dev",
    "val": "dev",
    "test": "test",
}
_NAME: Final = re.compile(
    rf"(?P<language>[^.]+)(\.(?P<set>[^.]+))?\.(?P<split>{'|'.join(_SPLIT_NAMES)})\.[^.]+"
)


def parse_name(name: str) -> tuple[str, str | None, str] | None:
    """Return (language, set, split) of `{language}[.{set}].{split}.{ext}`, or None.

    Example:
        >>> parse_name("sw.masakhaner.dev.txt")
        ('sw', 'masakhaner', 'dev')
        >>> parse_name("README.md") is None
        True
    """
    match = _NAME.fullmatch(name)
    return match and (match["language"], match["set"], _SPLIT_NAMES[match["split"]])


def parse_split(folder: str) -> str | None:
    """Return the split that a folder's name names, or None.

    Example:
        >>> parse_split("devtest"), parse_split("raw")
        ('test', None)
    """
    return {**_SPLIT_NAMES, "devtest": "test"}.get(folder)


def parse_languages(text: str, *, task: str, where: str) -> tuple[Language, ...]:
    """Return the language that `text` names, or the two languages for parallel text.

    Args:
        text: `te`, or for parallel text `en-te`, `eng-Latn-tel-Telu`.
        task: kind of data, without set.
        where: the file or key, for the message.

    Raises:
        InputError: no language, or no two different ones.
    """
    if task != "parallel":
        return (Language.parse(text, where=where),)
    cuts = [match.start() for match in re.finditer("-", text)]
    pairs = [_pair(text[:cut], text[cut + 1 :]) for cut in cuts]
    found = [pair for pair in pairs if pair is not None]
    if len(found) == 1 and found[0][0] != found[0][1]:
        return found[0]
    raise InputError(
        expected="two different languages divided by a hyphen, as en-te or eng-Latn-tel-Telu",
        found=f"`{text}`",
        where=where,
        next_step="Rename it; the languages stand in the order of the columns.",
    )


def _pair(first: str, second: str) -> tuple[Language, Language] | None:
    try:
        return Language.parse(first), Language.parse(second)
    except InputError:
        return None
