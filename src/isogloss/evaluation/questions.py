"""Questions through a model that points to its answer: the best span over all windows."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn.functional import cross_entropy

from isogloss.data import EncodedExample, Question, Window, question_windows
from isogloss.evaluation.inference import (
    LanguageIndex,
    batches_by_length,
    inference,
    languages_of,
    padded,
)
from isogloss.evaluation.labelled import LabelledTest, beside
from isogloss.evaluation.metrics import answer_normaliser, answer_scores
from isogloss.evaluation.predictions import Cell, PredictionTable
from isogloss.objectives import position_scores

Scores = NDArray[np.float32]

LONGEST_ANSWER: Final = 30
"""Pieces of an answer, as in the evaluation of BERT on SQuAD."""
N_BEST: Final = 20
"""First and last positions that are paired in a window."""


def evaluate_questions(
    classifier: nn.Module,
    questions: Sequence[Question],
    test: LabelledTest,
    language_index: LanguageIndex,
    *,
    cell: Cell,
) -> list[PredictionTable]:
    """Answer questions by a part of their paragraph and score it by F1 and by equality.

    Args:
        classifier: gives two logits for every position, first and last of the answer; left as it
            was.
        questions: with gold answers.
        test: how they are encoded and batched; its kind says by which published metric they score.
        language_index: which language's modules the rows run through, or those of each question.
        cell: what the numbers are called; its metric is replaced.

    Returns:
        Counts and answers, for `qa_f1` and for `qa_em`.

    Raises:
        InputError: a language that the metric is not defined for.
    """
    normalise = answer_normaliser(test.kind, cell.target_language)
    windows = question_windows(questions, test.tokenizer, test.max_length)
    if not isinstance(language_index, int):
        language_index = [language_index[window.question] for window in windows]
    found = _scores(classifier, windows, test, language_index, _first_windows(windows, test))
    best = [(-np.inf, "") for _ in questions]
    for window, scores in zip(windows, found, strict=True):
        here = n_best(window, scores, questions[window.question].context)
        best[window.question] = max([best[window.question], *here[:1]], key=lambda one: one[0])
    answers = tuple(text for _, text in best)
    scored = [
        answer_scores(text, question.answers, normalise)
        for text, question in zip(answers, questions, strict=True)
    ]
    return [
        PredictionTable(
            replace(cell, metric=metric),
            np.array([[pair[place], 1.0] for pair in scored]).reshape(-1, 2),
            answers,
        )
        for place, metric in enumerate(("qa_f1", "qa_em"))
    ]


def n_best(
    window: Window, scores: Scores, context: str, *, longest: int = LONGEST_ANSWER, n: int = N_BEST
) -> list[tuple[float, str]]:
    """Return the best answers that a window holds, with the sum of their two scores.

    Args:
        window: whose tokens point to characters of the paragraph.
        scores: of its positions as first and as last of the answer, shape [length, 2].
        context: the paragraph as it stands in the file.
        longest: most tokens of an answer.
        n: first and last positions that are paired, and answers that are returned.

    Returns:
        Scores and texts, best first; none empty, and none twice.
    """
    own = scores[window.first : window.first + len(window.spans)]
    first, last = (np.argsort(-own[:, side], kind="stable")[:n].tolist() for side in (0, 1))
    pairs = [
        (float(own[start, 0] + own[end, 1]), context[window.spans[start][0] : window.spans[end][1]])
        for start in first
        for end in last
        if window.leads[start] and 0 <= end - start < longest
    ]
    texts: dict[str, float] = {}
    for score, text in sorted(pairs, key=lambda pair: -pair[0]):
        if text.strip():
            texts.setdefault(text, score)
    return [(score, text) for text, score in texts.items()][:n]


def span_nats(
    classifier: nn.Module,
    rows: Sequence[EncodedExample],
    pad_id: int,
    language_index: int,
    *,
    batch_size: int = 64,
) -> float:
    """Return the mean cross-entropy of the first and last positions of answers, in nats.

    Args:
        classifier: left as it was.
        rows: at least one window, labelled.
        pad_id: id of padding.
        language_index: which language's modules the rows run through.
        batch_size: rows at once; the result does not depend on it.
    """
    total = 0.0
    batches = _batches(classifier, [row.ids for row in rows], pad_id, language_index, batch_size)
    for chosen, scores in batches:
        labels = torch.tensor([rows[index].labels for index in chosen], device=scores.device)
        total += float(cross_entropy(scores.flatten(0, 1), labels.flatten(), reduction="sum"))
    return total / (2 * len(rows))


def _first_windows(windows: Sequence[Window], test: LabelledTest) -> list[tuple[int, ...]]:
    """Return, for each window, the first one of its question's source; none without sources.

    Where the answer is in the source is not known, so the other windows are not better guesses.
    """
    first: dict[int, tuple[int, ...]] = {}
    for window in question_windows(test.sources, test.tokenizer, test.max_length):
        first.setdefault(window.question, window.ids)
    return [first[window.question] for window in windows if first]


def _scores(
    classifier: nn.Module,
    windows: Sequence[Window],
    test: LabelledTest,
    language_index: LanguageIndex,
    sources: Sequence[Sequence[int]],
) -> list[Scores]:
    """Return the scores of each window's positions, shape [length, 2]."""
    found: dict[int, Scores] = {}
    rows, pad_id = [window.ids for window in windows], test.tokenizer.pad_id
    size = test.batch_size
    batches = _batches(classifier, rows, pad_id, language_index, size, test=test, sources=sources)
    for chosen, scores in batches:
        found.update(zip(chosen, scores.transpose(1, 2).cpu().numpy(), strict=True))
    return [found[index] for index in range(len(windows))]


def _batches(
    classifier: nn.Module,
    rows: Sequence[Sequence[int]],
    pad_id: int,
    language_index: LanguageIndex,
    batch_size: int,
    *,
    test: LabelledTest | None = None,
    sources: Sequence[Sequence[int]] = (),
) -> Iterator[tuple[list[int], torch.Tensor]]:
    """Yield indices of rows of like length and the scores of their positions, [rows, 2, length]."""
    with inference(classifier) as device:
        for batch in batches_by_length([len(row) for row in rows], batch_size):
            ids, mask = padded([rows[index] for index in batch], pad_id)
            mask = None if mask is None else mask.to(device)
            own = [sources[index] for index in batch if sources]
            others = () if test is None else beside(own, test, device)
            language = languages_of(language_index, batch)
            logits = classifier(ids.to(device), mask, language, *others)
            yield batch.tolist(), position_scores(logits.float(), mask)
