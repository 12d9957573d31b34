"""Cells with invented counts, so that what follows from them can be tested by hand."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from isogloss.core import METRICS, Language
from isogloss.statistics import difference
from isogloss.transfer import MatrixSpec, parse_matrix
from isogloss.transfer.arms import BASELINE, Effect
from isogloss.transfer.results import Measured, Row

EN, SW, TE, HI = (Language.parse(code) for code in ("en", "sw", "te", "hi"))


def spec(**changes: Any) -> MatrixSpec:
    """Return a matrix of four languages."""
    plain = {"model": "a/b", "transfer_languages": ["en", "sw", "te", "hi"], "tasks": ["pos"]}
    return parse_matrix({**plain, **changes}, "here")


def effect(giver: Language, *, arm: str = "alone", updates: int = 10) -> Effect:
    """Return the effect of a language on all four."""
    return Effect(arm, (giver,), updates, (BASELINE,) * 3, (BASELINE,) * 3, (EN, SW, TE, HI))


def row(
    giver: Language,
    taker: Language,
    gain: float,
    verdict: str,
    *,
    task: str = "pos",
    updates: int = 10,
) -> Row:
    """Return a judged cell with a gain in accuracy, on 1,000 examples and three runs."""
    metric = {"pos": "pos_accuracy", "ner": "entity_f1", "topic": "accuracy"}[task]
    k = len(METRICS[metric].counts)
    before, after = np.zeros((3, 1000, k)), np.zeros((3, 1000, k))
    before[..., 1:] = after[..., 1:] = 1.0
    before[:, :500, 0] = 1.0
    for run in range(3):
        after[run, : 500 + round(1000 * gain) + run - 1, 0] = 1.0
    change = difference(before, after, METRICS[metric], paired_seeds=True).as_gain()
    return Row(effect(giver, updates=updates), task, metric, taker, change, 0.005, verdict)


def measured(rows: Sequence[Row], of: MatrixSpec | None = None) -> Measured:
    """Return a matrix of these cells."""
    wanted: Mapping[Any, int] = {}
    return Measured(of or spec(), tuple(rows), (), wanted, ())
