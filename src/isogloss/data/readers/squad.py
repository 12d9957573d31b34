"""Questions with answer spans in SQuAD 1.1 JSON.

Reference:
    Rajpurkar et al. 2016, SQuAD: 100,000+ Questions for Machine Comprehension of Text,
    https://arxiv.org/abs/1606.05250
"""

import json
from collections.abc import Iterator, Mapping
from typing import Final, TypeVar, cast

from isogloss.core import InputError
from isogloss.data.readers.examples import Question
from isogloss.data.readers.lines import SourceFile
from isogloss.data.readers.reading import Account, Reading

_AS_IT_STANDS: Final = Reading()
T = TypeVar("T")


def read_questions(file: SourceFile, *, reading: Reading = _AS_IT_STANDS) -> list[Question]:
    """Read a SQuAD 1.1 file and verify that every answer stands where its offset says.

    Args:
        file: UTF-8 JSON: `data[].paragraphs[].{context, qas[].{id, question, answers[]}}`; an id
            may be a number.
        reading: what a mapping says; the columns of `prefix` are `id`, `context` and `question`.

    Returns:
        The questions, in the order of the file.

    Raises:
        InputError: not JSON, not SQuAD, an answer that is not at its offset, an id used twice, or
            no question.
    """
    questions: list[Question] = []
    account = Account(file.at(), reading, place="question")
    seen: set[str] = set()
    n_rows = 0
    for number, question in enumerate(_questions(file, _parsed(file)), start=1):
        if not _is_kept(file, question, reading):
            continue
        if n_rows == reading.limit:
            break
        n_rows += 1
        if question.identifier in seen:
            raise _error(file, "ids used once", f"`{question.identifier}` twice")
        seen.add(question.identifier)
        try:
            verify_spans(question, file.at())
        except InputError as error:
            account.broken(number, error)
            continue
        questions.append(question)
    account.close(len(questions))
    if not questions:
        raise file.empty("question")
    return questions


def _is_kept(file: SourceFile, question: Question, reading: Reading) -> bool:
    """Tell whether `prefix` keeps a question."""
    if reading.prefix is None:
        return True
    values = {
        "id": question.identifier,
        "context": question.context,
        "question": question.question,
    }
    column, beginning = reading.prefix
    if column not in values:
        raise file.error(
            None,
            expected=f"`prefix` of one of {', '.join(values)} in SQuAD JSON",
            found=f"`{column}`",
            next_step="Mend `prefix` of the mapping.",
        )
    return values[str(column)].startswith(beginning)


def verify_spans(question: Question, where: str) -> None:
    """Refuse a question without answers, or one of whose answers is not where its offset says.

    Args:
        question: the question.
        where: its file or data set, for the message.

    Raises:
        InputError: an offset points at other text, or there is no answer.
    """
    if not question.answers:
        raise InputError(
            expected="at least one answer: SQuAD 1.1 has no unanswerable questions",
            found="none",
            where=f"{where}, question `{question.identifier}`",
            next_step="Leave such questions out; `repair: skip` in a mapping does.",
        )
    for answer, start in zip(question.answers, question.starts, strict=True):
        there = question.context[start : start + len(answer)] if start >= 0 else ""
        if there != answer or not answer:
            raise InputError(
                expected=f"answer `{answer[:40]}` at character {start} of its context",
                found=f"`{there[:40]}`{_whereabouts(question.context, answer, start)}",
                where=f"{where}, question `{question.identifier}`",
                next_step="Count offsets in Unicode code points of the context as it stands in "
                "the file: no normalisation, no bytes. `repair: skip` in a mapping leaves such "
                "questions out.",
            )


def _whereabouts(context: str, answer: str, start: int) -> str:
    """Say where the answer stands instead, and what the offset seems to count."""
    if not answer or answer not in context:
        return "; it stands nowhere in the context" if answer else ""
    raw, wanted = context.encode("utf-8", "replace"), answer.encode("utf-8", "replace")
    if start >= 0 and raw[start:].startswith(wanted):
        return f"; it stands at {context.index(answer)}: the offset counts bytes of UTF-8"
    units = context.encode("utf-16-le", "replace")
    if start >= 0 and units[2 * start :].startswith(answer.encode("utf-16-le", "replace")):
        return f"; it stands at {context.index(answer)}: the offset counts units of UTF-16"
    return f"; it stands at {context.index(answer)}"


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
                    identifier=_identifier(file, entry),
                    context=context,
                    question=_get(file, entry, "question", str),
                    answers=tuple(_get(file, answer, "text", str) for answer in answers),
                    starts=tuple(_get(file, answer, "answer_start", int) for answer in answers),
                )


def _identifier(file: SourceFile, entry: object) -> str:
    """Return the id as text; some data sets number their questions."""
    value = cast("Mapping[str, object]", entry).get("id") if isinstance(entry, dict) else None
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return _get(file, entry, "id", str)


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
