"""Examples through something that translates plain text, with what it said kept on disk."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from isogloss.core import InputError, write_atomically
from isogloss.data.readers import HIDDEN, ClassifiedText, Question, TaggedSentence
from isogloss.data.translations.contract import (
    Example,
    Labels,
    Provenance,
    Translations,
    Wanted,
)
from isogloss.data.translations.joining import NO_ANSWER, Gathering
from isogloss.data.translations.words import words_of

TranslateTexts = Callable[[Sequence[str]], Sequence[str | None]]
"""Texts in, one translation each out; None = longer than it reads."""

TOO_LONG: Final = "it is longer than the translation model reads"
_EMPTY: Final = "its translation is empty"


def translate_by_text(
    examples: Sequence[Example],
    wanted: Wanted,
    provenance: Provenance,
    translate: TranslateTexts,
) -> Translations[Example]:
    """Return examples with all their texts translated.

    Labels: the class of a text is copied. Tags of words are hidden, as nobody says which word of
    the translation stands for which. The first answer of a question is translated by itself and
    looked for in the translated paragraph, as it is and then in lower case; where it is not found,
    a training question is skipped and counted, and one of another split keeps no answer.

    Args:
        examples: of one form.
        wanted: what was asked for.
        provenance: what translates.
        translate: all distinct texts at once.
    """
    texts = list(dict.fromkeys(text for one in examples for text in _texts(one)))
    said = dict(zip(texts, translate(texts), strict=True))

    def translation(example: Example) -> Example | str:
        found = [said[text] for text in _texts(example)]
        if any(one is None for one in found):
            return TOO_LONG
        parts = [str(one) for one in found]
        if not all(part.strip() for part in parts):
            return _EMPTY
        return _with_texts(example, parts, wanted.split == "train")

    return Gathering(wanted, provenance, _labels(examples[0])).gather(examples, translation)


@dataclass
class KeptTexts:
    """A translator whose translations are kept in a file and never asked for twice.

    Args:
        translate: asked for the texts that are not kept.
        path: of the file, JSON lines of text and translation; None = nothing is kept.
        batch: texts between two writes.
    """

    translate: TranslateTexts
    path: Path | None
    batch: int = 256
    _kept: dict[str, str | None] = field(default_factory=dict[str, str | None])

    def __call__(self, texts: Sequence[str]) -> list[str | None]:
        """Return the translations of texts.

        Raises:
            InputError: the translator gives another number of translations, or something that is
                no text; or the file is damaged.
        """
        self._read()
        missing = [text for text in texts if text not in self._kept]
        for begin in range(0, len(missing), self.batch):
            asked = missing[begin : begin + self.batch]
            found = list(self.translate(asked))
            if len(found) != len(asked) or not all(
                one is None or isinstance(one, str)  # pyright: ignore[reportUnnecessaryIsInstance]
                for one in found
            ):
                raise InputError(
                    expected=f"{len(asked)} texts, one translation for each that was given",
                    found=f"{len(found)} of {', '.join(sorted({type(x).__name__ for x in found}))}",
                    where="translations, what the translator returned",
                    next_step="Return a list of texts of the same length, in the same order.",
                )
            self._kept |= dict(zip(asked, found, strict=True))
            self._write()
        return [self._kept[text] for text in texts]

    def _read(self) -> None:
        if self.path is None or self._kept or not self.path.is_file():
            return
        try:
            rows = [json.loads(line) for line in self.path.read_text("utf-8").splitlines()]
            self._kept = {row["text"]: row["translation"] for row in rows}
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(
                expected="translations that were kept: JSON lines of `text` and `translation`",
                found=f"a damaged file ({error})",
                where=str(self.path),
                next_step="Remove the file: the texts are translated again.",
            ) from error

    def _write(self) -> None:
        if self.path is not None:
            rows = (
                json.dumps({"text": text, "translation": found}, ensure_ascii=False)
                for text, found in self._kept.items()
            )
            write_atomically(self.path, "\n".join([*rows, ""]))


def kept_at(cache: Path | None, name: str, wanted: Wanted) -> Path | None:
    """Return where translations into a language by a translator of this name are kept."""
    if cache is None:
        return None
    digest = hashlib.sha256(name.encode()).hexdigest()[:16]
    return cache / f"translated.{digest}.{wanted.source}.{wanted.target}.jsonl"


def _texts(example: ClassifiedText | TaggedSentence | Question) -> list[str]:
    """Return the texts of an example that are translated."""
    if isinstance(example, ClassifiedText):
        return [example.text, *([example.pair] if example.pair is not None else [])]
    if isinstance(example, TaggedSentence):
        return [" ".join(example.tokens)]
    return [example.context, example.question, *example.answers[:1]]


def _with_texts(example: Example, texts: Sequence[str], needs_answer: bool) -> Example | str:
    """Return an example with other texts, or the reason why it cannot be."""
    if isinstance(example, ClassifiedText):
        return replace(example, text=texts[0], pair=texts[1] if len(texts) > 1 else None)
    if isinstance(example, TaggedSentence):
        tokens = tuple(word.text for word in words_of(texts[0]))
        return replace(example, tokens=tokens, tags=(HIDDEN,) * len(tokens))
    context, question, *answers = texts
    places = [place for answer in answers if (place := find_answer(context, answer)) is not None]
    if needs_answer and not places:
        return NO_ANSWER
    found = tuple(context[start:end] for start, end in places)
    return replace(
        example,
        context=context,
        question=question,
        answers=found,
        starts=tuple(start for start, _ in places),
    )


def find_answer(context: str, answer: str) -> tuple[int, int] | None:
    """Return where an answer stands in a paragraph, or None.

    Looked for as it is, then without the punctuation at its ends, then in lower case.
    """
    bare = answer.strip().strip(".,;:!?\u3002\u060c\u0964\"'\u00ab\u00bb()").strip()
    for wanted, text in (
        (answer.strip(), context),
        (bare, context),
        (bare.lower(), context.lower()),
    ):
        start = text.find(wanted) if wanted else -1
        if start >= 0 and len(text) == len(context):
            return start, start + len(wanted)
    return None


def _labels(example: ClassifiedText | TaggedSentence | Question) -> Labels:
    if isinstance(example, ClassifiedText):
        return "copied"
    return "hidden" if isinstance(example, TaggedSentence) else "located"
