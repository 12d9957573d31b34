"""Translations that somebody put into files beside the data, line by line or by question id."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Final, Literal, final

from isogloss.core import InputError, Language
from isogloss.data.readers import ClassifiedText, Question, SourceFile, TaggedSentence
from isogloss.data.translations.contract import (
    Example,
    Labels,
    Material,
    Provenance,
    Translations,
    Wanted,
)
from isogloss.data.translations.joining import (
    NO_TRANSLATION,
    Gathering,
    last_place,
    refuse_unequal,
)
from isogloss.data.translations.parallel_labelled import read_like
from isogloss.data.translations.translated_files import (
    Line,
    classified_from,
    question_from,
    read_lines,
    read_translated_questions,
    tagged_from,
)

_ENDINGS: Final = ("tsv", "txt", "json")


@final
@dataclass(frozen=True)
class ParallelFiles:
    """Translations out of files of one's own, one for each kind, split and pair of languages.

    `{kind}.{split}.{source}-{target}.tsv` has one line for each example of the split, in its order:
    a text, or two texts and a tab between them, and maybe the label, which is checked; of tagged
    sentences the words with spaces between them, and maybe a tab and the alignment `0-0 1-2`, along
    which tags are projected (without one they are hidden). For questions it is SQuAD JSON, joined
    by id. Translations back are the file of the pair the other way around, in the same order.

    Attributes:
        folder: of the files.
        way: who translated: "machine" or "human"; human translations of test text are an oracle.
    """

    folder: str
    way: Literal["machine", "human"] = "machine"

    name: ClassVar[str] = "parallel_files"
    what: ClassVar[str] = "Files of translations beside the data: line by line, or by question id."

    def translate(
        self, examples: Sequence[Example], wanted: Wanted, material: Material
    ) -> Translations[Example]:
        """Return the examples joined to their lines."""
        path = self._path(wanted)
        file = SourceFile(path, str(wanted.target))
        provenance = Provenance(self.name, self.way, path.name)
        if isinstance(examples[0], Question):
            found = read_translated_questions(path, str(wanted.target))
            needed = wanted.split == "train"

            def answered(one: Any) -> Any:  # noqa: ANN401
                return question_from(found, one, NO_TRANSLATION, needs_answer=needed)

            return Gathering(wanted, provenance, "located").gather(examples, answered)
        lines = read_lines(file)
        places = _places(examples, len(lines), wanted, material, str(path))

        def on_its_line(one: Any) -> Any:  # noqa: ANN401
            line = lines[places[one.identifier]]
            if isinstance(one, TaggedSentence):
                return tagged_from(file, line, one)
            return classified_from(file, line, one)

        gathering = Gathering(wanted, provenance, _labels(examples, lines))
        return gathering.gather(examples, on_its_line)

    def fingerprint(self, wanted: Wanted, material: Material) -> str:
        """Return the hash of the file."""
        digest = hashlib.sha256(self._path(wanted).read_bytes()).hexdigest()
        return f"{self.name} {self.way} {digest}"

    def _path(self, wanted: Wanted) -> Path:
        """Return the file of what is wanted.

        Raises:
            InputError: there is none, or more than one.
        """
        folder = Path(self.folder)
        names = [
            f"{wanted.kind}.{wanted.split}.{source}-{target}.{ending}"
            for source in codes_of(wanted.source)
            for target in codes_of(wanted.target)
            for ending in _ENDINGS
        ]
        found = [folder / name for name in names if (folder / name).is_file()]
        if len(found) == 1:
            return found[0]
        there = [path.name for path in (found or sorted(folder.glob(f"{wanted.kind}.*")))]
        nothing = "none of this kind" if folder.is_dir() else "no such folder"
        raise InputError(
            expected=f"one file `{names[0]}`",
            found=", ".join(there[:8]) or nothing,
            where=f"{folder}, `translations.folder`",
            next_step="Add the translations, leave the language out, or name another `provider`.",
        )


def codes_of(language: Language) -> list[str]:
    """Return how file names may call a language: `fr`, `fra`, `fra-Latn`."""
    codes = (language.iso639_1, language.code, str(language))
    return list(dict.fromkeys(one for one in codes if one))


def _labels(examples: Sequence[Example], lines: Sequence[Line]) -> Labels:
    if isinstance(examples[0], ClassifiedText):
        return "copied"
    return "projected" if any(len(line.fields) > 1 for line in lines) else "hidden"


def _places(
    examples: Sequence[Example], n_lines: int, wanted: Wanted, material: Material, where: str
) -> Mapping[str, int]:
    """Return the line, from 0, of each example.

    Lines are those of the whole split, of which the examples may be some; of a translation back the
    split is that of the originals.
    """
    source = material.source
    language = wanted.target if wanted.back else wanted.source
    if source.has(wanted.kind, language, wanted.split):
        whole = read_like(source, wanted.kind, language, wanted.split, like=examples)
        n_places = last_place(whole)
        places = {
            one.identifier: place if n_places is None else int(one.identifier[1:]) - 1
            for place, one in enumerate(whole)
        }
        if all(one.identifier in places for one in examples):
            refuse_unequal(n_places or len(whole), n_lines, wanted, where)
            return places
    raise InputError(
        expected=f"examples of {wanted.kind} {wanted.split}, whose lines are the file's",
        found=f"others, the first `{examples[0].identifier}`",
        where=where,
        next_step="Give translations of the study's own data.",
    )
