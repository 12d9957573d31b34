"""The one data source: a catalogue of units, each with its way to be read.

A layout (kind folders, flat text, YAML mapping, Hugging Face data sets) is a function that makes
the catalogue; nothing after that depends on the layout.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import final

from isogloss.core import InputError, Language, closest
from isogloss.data.readers import ClassifiedText, Question, TaggedSentence
from isogloss.data.sources.protocol import NO_LANGUAGE, SPLITS, Contents, Unit


@final
@dataclass(frozen=True)
class Catalogue:
    """Everything that lies at one place, by kind, language and split.

    Args:
        where: the folder or file it was made from.
        contents: each unit and how to read it.
        ignored: files in data folders that were passed over -> why.
    """

    where: str
    contents: Mapping[Unit, Contents]
    ignored: Mapping[str, str] = field(default_factory=dict[str, str])

    def units(self) -> tuple[Unit, ...]:
        """Return everything there is, in a fixed order."""
        return tuple(self.contents)

    def held_out(self) -> tuple[Unit, ...]:
        """Return nothing: all data are what they are called."""
        return ()

    def kinds(self) -> tuple[str, ...]:
        """Return the kinds there are."""
        return tuple(dict.fromkeys(unit.kind for unit in self.contents))

    def languages(self, kind: str) -> tuple[Language, ...]:
        """Return the languages with data of `kind` in any split; none if there is no such kind."""
        found = {
            language for unit in self.contents if unit.kind == kind for language in unit.languages
        }
        return tuple(sorted(found, key=str))

    def has(self, kind: str, language: Language, split: str) -> bool:
        """Tell whether there are data; for `parallel`, with any other language."""
        return bool(self._matching(kind, language, split))

    def text(self, language: Language, split: str, *, kind: str = "text") -> Iterable[str]:
        """Return lines of text that stream anew each time they are iterated."""
        return _Lines(self._find(kind, (language,), split))

    def tagged(self, kind: str, language: Language, split: str) -> list[TaggedSentence]:
        """Return tagged sentences; those of kind `ner` are in IOB2."""
        contents = self._find(kind, (language,), split)
        return contents.tagged(entities=kind.partition(".")[0] == "ner")

    def classified(self, kind: str, language: Language, split: str) -> list[ClassifiedText]:
        """Return labelled texts or pairs of texts."""
        paired = kind.partition(".")[0] == "nli"
        return self._find(kind, (language,), split).classified(paired=paired)

    def pairs(
        self, first: Language, second: Language, split: str, *, kind: str = "parallel"
    ) -> list[tuple[str, str]]:
        """Return translation pairs in the order asked for, whichever order the file has."""
        swapped = Unit(kind, (second, first), split)
        if swapped in self.contents:
            return [(there, here) for here, there in self.contents[swapped].pairs()]
        return list(self._find(kind, (first, second), split).pairs())

    def questions(self, kind: str, language: Language, split: str) -> list[Question]:
        """Return questions whose answers were verified to stand at their offsets."""
        return self._find(kind, (language,), split).questions()

    def fingerprint(self, kind: str, language: Language, split: str) -> str:
        """Return the SHA-256 of the contents (of all pairs with the language, for `parallel`)."""
        matching = self._matching(kind, language, split)
        if len(matching) == 1:
            return self.contents[matching[0]].fingerprint()
        if not matching:
            raise self._absent(kind, (language,), split)
        parts = [self.contents[unit].fingerprint() for unit in matching]
        return hashlib.sha256("".join(parts).encode()).hexdigest()

    def n_blank_lines(self, unit: Unit) -> int:
        """Return how many blank lines of a unit are passed over when it is read."""
        return self._find(*unit).n_blank_lines()

    def _matching(self, kind: str, language: Language, split: str) -> list[Unit]:
        return [
            unit
            for unit in self.contents
            if (unit.kind, unit.split) == (kind, split) and language in unit.languages
        ]

    def _find(self, kind: str, languages: tuple[Language, ...], split: str) -> Contents:
        contents = self.contents.get(Unit(kind, languages, split))
        if contents is None:
            raise self._absent(kind, languages, split)
        return contents

    def _absent(self, kind: str, languages: tuple[Language, ...], split: str) -> InputError:
        """Say what is asked, what is there, and the nearest thing to do."""
        asked = "+".join(map(str, languages))
        if kind not in self.kinds():
            near = closest(kind, list(self.kinds()))
            found = f"the kinds {', '.join(self.kinds()) or '(none)'}"
            step = f"Did you mean `{near}`?" if near else f"Add `{kind}` data, or leave it out."
        elif split not in SPLITS:
            found, step = f"`{split}`", f"Use one of {', '.join(SPLITS)}."
        else:
            found = f"{kind} in {self._summary(kind)}"
            step = "Leave it out of the study, or add its file. `isogloss data check` lists all."
        named = [
            f"{Path(path).name} was {why}"
            for path, why in self.ignored.items()
            if why.startswith(NO_LANGUAGE)
        ]
        return InputError(
            expected=f"{kind} data of {asked}, split {split}",
            found="; ".join([found, *named[:3]]),
            where=self.where,
            next_step=step,
        )

    def _summary(self, kind: str) -> str:
        """List the languages of a kind with their splits."""
        splits: dict[str, list[str]] = {}
        for unit in self.contents:
            if unit.kind == kind:
                splits.setdefault("+".join(map(str, unit.languages)), []).append(unit.split)
        return ", ".join(f"{name} ({'/'.join(found)})" for name, found in splits.items())


@dataclass(frozen=True)
class _Lines:
    """Lines that can be iterated more than once and are never held."""

    contents: Contents

    def __iter__(self) -> Iterator[str]:
        return self.contents.text()
