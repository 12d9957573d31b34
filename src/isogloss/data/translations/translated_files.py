"""What files of translations hold: lines of texts, sentences with alignments, SQuAD JSON."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, cast

from isogloss.core import InputError
from isogloss.data.readers import HIDDEN, ClassifiedText, Question, SourceFile, TaggedSentence
from isogloss.data.translations.joining import NO_ANSWER
from isogloss.data.translations.projection import (
    LEAST_COVERAGE,
    Link,
    project_tags,
    read_links,
)
from isogloss.data.translations.texts import find_answer

LOW_COVERAGE: Final = f"less than {LEAST_COVERAGE:.0%} of its words are aligned"
_BAD_LINKS: Final = "its alignment points outside of the sentence"


@dataclass(frozen=True)
class Line:
    """A translated text, pair of texts or sentence of words.

    Attributes:
        fields: of its line, divided by tabs.
        number: of the line.
    """

    fields: tuple[str, ...]
    number: int


def read_lines(file: SourceFile) -> list[Line]:
    """Return the lines of a file, blank ones too: they count where files are joined by line."""
    return [
        Line(tuple(field.strip() for field in text.split("\t")), number)
        for number, text in file.lines()
    ]


def classified_from(file: SourceFile, line: Line, example: ClassifiedText) -> ClassifiedText:
    """Return the translation of a text or pair, with the class of the original.

    Args:
        file: for the message.
        line: one text, or two; a label behind them has to be the original's.
        example: the original.

    Raises:
        InputError: an empty text, another number of texts, or another label.
    """
    n_texts = 1 if example.pair is None else 2
    texts, label = line.fields[:n_texts], line.fields[n_texts:]
    if len(texts) != n_texts or len(label) > 1 or not all(texts):
        raise file.error(
            line.number,
            expected=f"{n_texts} translated {'text' if n_texts == 1 else 'texts, divided by a tab'}"
            ", and maybe the label",
            found=repr(" | ".join(line.fields))[:60],
            next_step="Mend the line; one line for each example, in its order.",
        )
    if label and _label(label[0]) != _label(example.label):
        raise file.error(
            line.number,
            expected=f"the label `{example.label}` of the original: `{example.text[:40]}`",
            found=f"`{label[0]}`",
            next_step="Are the files in the same order, with no line left out of one of them?",
        )
    return replace(example, text=texts[0], pair=texts[1] if n_texts == 2 else None)


def tagged_from(file: SourceFile, line: Line, example: TaggedSentence) -> TaggedSentence | str:
    """Return the translation of a sentence, its tags projected where the line has an alignment.

    Args:
        file: for the message.
        line: words divided by spaces, and maybe the alignment `0-0 1-2`.
        example: the original.

    Returns:
        The sentence, or the reason why it is left out.

    Raises:
        InputError: no word, or something else than an alignment behind the words.
    """
    tokens = tuple(line.fields[0].split())
    if not tokens or len(line.fields) > 2:
        raise _no_sentence(file, line)
    links = read_links(line.fields[1]) if len(line.fields) == 2 else ()
    if links is None:
        raise _no_sentence(file, line)
    if not links:
        return replace(example, tokens=tokens, tags=(HIDDEN,) * len(tokens))
    return _projected(example, tokens, links)


def _projected(
    example: TaggedSentence, tokens: tuple[str, ...], links: tuple[Link, ...]
) -> TaggedSentence | str:
    entities = all(tag == "O" or tag[:2] in {"B-", "I-"} for tag in example.tags)
    found = project_tags(example.tags, len(tokens), links, entities=entities)
    if found is None:
        return _BAD_LINKS
    tags, coverage = found
    return LOW_COVERAGE if coverage < LEAST_COVERAGE else replace(example, tokens=tokens, tags=tags)


def read_translated_questions(path: Path, language: str) -> dict[str, Question]:
    """Return the questions of a SQuAD file of translations by id.

    Translated answers often do not stand where the file says, or nowhere: an answer that is not at
    its offset is looked for in the paragraph, and left out where it is not found.

    Raises:
        InputError: no JSON, not SQuAD's, or an id twice.
    """
    file = SourceFile(path, language)
    try:
        document = json.loads("\n".join(line for _, line in file.lines()))
        questions = list(_questions(document))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise file.error(
            None,
            expected="SQuAD 1.1 JSON: data, paragraphs, context, qas, id, question",
            found=f"{type(error).__name__}: {error}"[:80],
            next_step="Mend the file, or download it again.",
        ) from error
    found = {one.identifier: one for one in questions}
    if len(found) != len(questions) or not found:
        raise file.error(
            None,
            expected="questions, each id once",
            found=f"{len(questions)} questions with {len(found)} ids",
            next_step="Mend the file.",
        )
    return found


def question_from(
    found: Mapping[str, Question], example: Question, missing: str, *, needs_answer: bool
) -> Question | str:
    """Return the translation of a question by its id, or the reason why it is left out."""
    one = found.get(example.identifier)
    if one is None:
        return missing
    return NO_ANSWER if needs_answer and not one.answers else one


def _questions(document: Any) -> Iterator[Question]:  # noqa: ANN401
    for article in document["data"]:
        for paragraph in article["paragraphs"]:
            context = str(paragraph["context"])
            for entry in paragraph["qas"]:
                places = [_place(context, answer) for answer in entry.get("answers") or []]
                there = [place for place in places if place is not None]
                yield Question(
                    str(entry["id"]),
                    context,
                    str(entry["question"]),
                    tuple(context[start:end] for start, end in there),
                    tuple(start for start, _ in there),
                )


def _place(context: str, answer: Mapping[str, Any]) -> tuple[int, int] | None:
    text = str(answer["text"])
    start = cast("int", answer.get("answer_start", -1))
    if start >= 0 and text and context[start : start + len(text)] == text:
        return start, start + len(text)
    return find_answer(context, text)


def _label(text: str) -> str:
    """Return a label as XNLI's files of translations spell it."""
    return "contradiction" if text == "contradictory" else text


def _no_sentence(file: SourceFile, line: Line) -> InputError:
    return file.error(
        line.number,
        expected="words divided by spaces, and maybe a tab and the alignment `0-0 1-2`",
        found=repr(" | ".join(line.fields))[:60],
        next_step="Mend the line; one line for each sentence, in its order.",
    )
