"""Questions with answer spans in SQuAD 1.1 JSON.

Reference:
    Rajpurkar et al. 2016, SQuAD: 100,000+ Questions for Machine Comprehension of Text,
    https://arxiv.org/abs/1606.05250
"""

import json
from collections.abc import Iterator
from typing import TypeVar

from isogloss.core import InputError
from isogloss.data.readers.examples import Question
from isogloss.data.readers.lines import SourceFile

T = TypeVar("T")


def read_questions(file: SourceFile) -> list[Question]:
    """Read a SQuAD 1.1 file and verify that every answer stands where its offset says.

    Args:
        file: UTF-8 JSON: `data[].paragraphs[].{context, qas[].{id, question, answers[]}}`.

    Returns:
        The questions, in the order of the file.

    Raises:
        InputError: not JSON, not SQuAD, an answer that is not at its offset, an id used twice, or
            no question.
    """
    questions: list[Question] = []
    seen: set[str] = set()
    for question in _questions(file, _parsed(file)):
        if question.identifier in seen:
            raise _error(file, "ids used once", f"`{question.identifier}` twice")
        seen.add(question.identifier)
        verify_spans(question, file.at())
        questions.append(question)
    if not questions:
        raise file.empty("question")
    return questions


def verify_spans(question: Question, where: str) -> None:
    """Refuse a question one of whose answers is not where its offset says.

    Args:
        question: the question.
        where: its file or data set, for the message.

    Raises:
        InputError: an offset points at other text.
    """
    for answer, start in zip(question.answers, question.starts, strict=True):
        there = question.context[start : start + len(answer)] if start >= 0 else ""
        if there != answer:
            raise InputError(
                expected=f"answer `{answer[:40]}` at character {start} of its context",
                found=f"`{there[:40]}`",
                where=f"{where}, question `{question.identifier}`",
                next_step="Count offsets in Unicode code points of the context as it stands in "
                "the file: no normalisation, no bytes.",
            )


def _parsed(file: SourceFile) -> object:
    text = "\n".join(line for _, line in file.lines())
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise file.error(
            error.lineno,
            expected="JSON",
            found=f"{error.msg} at column {error.colno}",
            next_step="Mend the file.",
        ) from error
    except (RecursionError, ValueError) as error:
        raise _error(file, "JSON", f"a document that cannot be parsed ({error})") from error


def _questions(file: SourceFile, document: object) -> Iterator[Question]:
    for article in _get(file, document, "data", list):
        for paragraph in _get(file, article, "paragraphs", list):
            context = _get(file, paragraph, "context", str)
            for entry in _get(file, paragraph, "qas", list):
                answers = _get(file, entry, "answers", list)
                yield Question(
                    identifier=_get(file, entry, "id", str),
                    context=context,
                    question=_get(file, entry, "question", str),
                    answers=tuple(_get(file, answer, "text", str) for answer in answers),
                    starts=tuple(_get(file, answer, "answer_start", int) for answer in answers),
                )


def _get(file: SourceFile, node: object, key: str, kind: type[T]) -> T:
    """Return `node[key]` if it is there and of the right type."""
    value = node.get(key) if isinstance(node, dict) else None
    if not isinstance(value, kind):
        raise _error(file, f"`{key}` ({kind.__name__}) in SQuAD 1.1 JSON", repr(value)[:60])
    if isinstance(value, str) and not value.isascii() and _has_surrogate(value):
        raise _error(file, "Unicode text", f"half a surrogate pair in `{key}`: {value[:40]!r}")
    return value


def _has_surrogate(text: str) -> bool:
    """Tell whether JSON escapes left half a character, which UTF-8 cannot write."""
    return any("\ud800" <= character <= "\udfff" for character in text)


def _error(file: SourceFile, expected: str, found: str) -> InputError:
    return file.error(None, expected=expected, found=found, next_step="Mend the file.")
