"""Questions and their paragraphs as rows: the paragraph in overlapping windows.

Reference:
    Devlin et al. 2019, BERT, https://arxiv.org/abs/1810.04805 (run_squad.py): windows of a third of
    the length (128 of 384) apart, questions of at most 64 tokens.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from isogloss.data.readers.examples import Question
from isogloss.data.samplers.examples import EncodedExample, EncodedExamples, refuse_short
from isogloss.data.tokenizers.tokenizer import Tokenizer

Span = tuple[int, int]

NO_ANSWER: Final = (0, 0)
"""Start and end of the answer in a window that does not hold it: the position of cls."""
_LONGEST_QUESTION: Final = 64
_SHORTEST: Final = 8


@dataclass(frozen=True, slots=True)
class Window:
    """One row: `cls question sep part-of-the-paragraph sep`.

    Args:
        ids: token ids.
        question: place of its question among the questions.
        first: position of the first token of the paragraph.
        spans: of each token of the paragraph in the row: where its characters begin and end in the
            paragraph as it stands in the file.
        answer: positions of the first and last token of the answer, or `NO_ANSWER`.
        leads: of each token of the paragraph in the row: whether no other window shows more of what
            stands around it. An answer is looked for where its first token leads.
    """

    ids: tuple[int, ...]
    question: int
    first: int
    spans: tuple[Span, ...]
    answer: tuple[int, int]
    leads: tuple[bool, ...]


def question_windows(
    questions: Sequence[Question], tokenizer: Tokenizer, max_length: int
) -> list[Window]:
    """Return the windows of each question, one question after the other.

    Args:
        questions: the first answer of each is what its windows are labelled with.
        tokenizer: the model's tokenizer.
        max_length: most positions of a window, >= 8. A question takes at most 64 of them and at
            most half of them; windows begin a third of `max_length` apart.

    Raises:
        InputError: a length that leaves no room.
    """
    refuse_short(max_length, _SHORTEST)
    contexts = list(dict.fromkeys(question.context for question in questions))
    encoded = dict(zip(contexts, tokenizer.encode_with_spans(contexts), strict=True))
    asked = tokenizer.encode([question.question for question in questions])
    room = min(_LONGEST_QUESTION, (max_length - 3) // 2)
    return [
        window
        for number, (question, ids) in enumerate(zip(questions, asked, strict=True))
        for window in _windows(
            (tokenizer.cls_id, *ids[:room], tokenizer.sep_id),
            encoded[question.context],
            _answer_pieces(question, encoded[question.context][1]),
            number=number,
            max_length=max_length,
            sep_id=tokenizer.sep_id,
        )
    ]


def encode_questions(
    questions: Sequence[Question], tokenizer: Tokenizer, max_length: int
) -> EncodedExamples:
    """Return the windows of questions as labelled rows; arguments of `question_windows`.

    Returns:
        Rows whose labels are the positions of the answer's first and last token.

    Raises:
        InputError: a length that leaves no room.
    """
    windows = question_windows(questions, tokenizer, max_length)
    asked = tokenizer.encode([question.question for question in questions])
    room = min(_LONGEST_QUESTION, (max_length - 3) // 2)
    return EncodedExamples(
        tuple(EncodedExample(one.ids, one.answer) for one in windows),
        n_truncated=sum(len(ids) > room for ids in asked),
        n_words_lost=0,
        example_of_row=tuple(one.question for one in windows),
    )


def _windows(
    head: tuple[int, ...],
    context: tuple[list[int], list[Span]],
    answer: Span | None,
    *,
    number: int,
    max_length: int,
    sep_id: int,
) -> list[Window]:
    """Cut one paragraph; the last window ends where the paragraph does."""
    ids, spans = context
    room = max_length - len(head) - 1
    step = min(max(max_length // 3, 1), room)
    parts = [(begin, min(begin + room, len(ids))) for begin in range(0, max(len(ids), 1), step)]
    parts = parts[: 1 + next(n for n, (_, end) in enumerate(parts) if end == len(ids))]
    leading = _leading(len(ids), parts).tolist()
    windows: list[Window] = []
    for part, (begin, end) in enumerate(parts):
        inside = answer is not None and begin <= answer[0] and answer[1] < end
        shift = len(head) - begin
        place = (answer[0] + shift, answer[1] + shift) if inside and answer else NO_ANSWER
        row = (*head, *ids[begin:end], sep_id)
        leads = tuple(one == part for one in leading[begin:end])
        windows.append(Window(row, number, len(head), tuple(spans[begin:end]), place, leads))
    return windows


def _leading(n_tokens: int, parts: Sequence[Span]) -> NDArray[np.int64]:
    """Return, for each token, the part with most tokens on its shorter side, or a longer one.

    The rule of BERT's run_squad.py: the shorter side, and a hundredth of the part's length.
    """
    tokens = np.arange(n_tokens)
    begin, end = (np.array(edges)[:, None] for edges in zip(*parts, strict=True))
    around = np.minimum(tokens - begin, end - 1 - tokens)
    return np.where(around < 0, -1.0, around + 0.01 * (end - begin)).argmax(axis=0)


def _answer_pieces(question: Question, spans: Sequence[Span]) -> Span | None:
    """Return the first and the last token that hold characters of the answer."""
    if not question.answers:
        return None
    begin = question.starts[0]
    end = begin + len(question.answers[0])
    inside = [
        index
        for index, (first, last) in enumerate(spans)
        if first < last and first < end and last > begin
    ]
    return (inside[0], inside[-1]) if inside else None
