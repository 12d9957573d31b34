"""Patterns of a mapping: `corpora/{language}.{split}.txt`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast

from isogloss.core import InputError, Language
from isogloss.data.sources.section import unknown

_FIELD: Final = re.compile(r"{([^{}]*)}")


@dataclass(frozen=True)
class Pattern:
    """What the placeholders of one unit's patterns stand for.

    Args:
        languages: the language, or the two of parallel text.
        local_name: what `{language}` stands for.
        split: the data's own name of the split.
        where: file and kind, for messages.
    """

    languages: tuple[Language, ...]
    local_name: str
    split: str
    where: str

    def fill(self, pattern: str, *, side: int | None = None) -> str:
        """Return `pattern` with its placeholders filled.

        Args:
            pattern: text with placeholders in braces.
            side: 0 or 1: the side of parallel text that `{side}` stands for, where it may stand.

        Raises:
            InputError: a placeholder that stands for nothing here.
        """
        values = dict(self._values())
        if side is not None:
            values["side"] = self.sides()[side]
        for name in cast("list[str]", _FIELD.findall(pattern)):
            if name not in values:
                raise unknown(name, tuple(values), where=f"{self.where}, `{pattern}`")
        return _FIELD.sub(lambda match: values[match[1]], pattern)

    def sides(self) -> tuple[str, str]:
        """Return the local names of the two languages of parallel text.

        Raises:
            InputError: the local name can be cut into two names in no way, or in several.
        """
        cuts = [match.start() for match in re.finditer("-", self.local_name)]
        names = [(self.local_name[:cut], self.local_name[cut + 1 :]) for cut in cuts]
        usual = [pair for pair in names if tuple(map(_parsed, pair)) == self.languages]
        found = usual if len(names) != 1 else names
        if len(found) != 1:
            raise InputError(
                expected="the names of two languages divided by a hyphen",
                found=f"`{self.local_name}`",
                where=self.where,
                next_step="Write `languages: {en-sw: eng_Latn-swh_Latn}`: ours, then theirs.",
            )
        return found[0]

    def _values(self) -> Mapping[str, str]:
        language = self.languages[0]
        values = {
            "language": self.local_name,
            "code": language.code,
            "script": language.script,
            "iso639_1": language.iso639_1 or language.code,
            "split": self.split,
        }
        if len(self.languages) == 2:
            values["first"], values["second"] = self.sides()
        return values


def _parsed(name: str) -> Language | None:
    try:
        return Language.parse(name)
    except InputError:
        return None
