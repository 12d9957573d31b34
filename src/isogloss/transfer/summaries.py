"""What languages and pairs of a matrix are like, from the words of its cells."""

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from isogloss.core import Language
from isogloss.statistics import (
    GIVER_WORDS,
    TAKER_WORDS,
    category,
    mean_over_languages,
    shares,
)
from isogloss.transfer.results import Measured, Part, Row, first_metric, part_of


def by_part(found: Measured) -> dict[Part, list[Row]]:
    """Return the cells of one language's effects by part: these are the matrices."""
    parts: dict[Part, list[Row]] = {}
    for row in found.rows:
        if row.effect.is_cell:
            parts.setdefault(row.part, []).append(row)
    return parts


def language_rows(found: Measured) -> Iterator[dict[str, Any]]:
    """Yield the rows of `languages.csv`: what each language gives and takes, itself left out."""
    for rows in by_part(found).values():
        for role, words in (("transfer", GIVER_WORDS), ("target", TAKER_WORDS)):
            groups: dict[Language, list[Row]] = {}
            for row in rows:
                [giver] = row.effect.transfer
                if giver != row.target:
                    groups.setdefault(giver if role == "transfer" else row.target, []).append(row)
            for language, own in groups.items():
                verdicts = [one.verdict for one in own]
                yield {
                    **part_of(own[0]),
                    "language": str(language),
                    "role": role,
                    "unseen": language in found.spec.unseen,
                    "category": category(verdicts, words),
                    **shares(verdicts),
                    "n_cells": len(own),
                    "mean_gain": float(np.mean([one.change.estimate for one in own])),
                }


def asymmetry_rows(found: Measured) -> Iterator[dict[str, Any]]:
    """Yield the rows of `asymmetry.csv`: does a help b more than b helps a?

    The interval is put together from those of the two cells (MOVER): with gains x and y,
    low = x - y - sqrt((x - x_low)^2 + (y_high - y)^2), and high likewise.

    Reference:
        Guang Yong Zou and Allan Donner (2008). Construction of confidence limits about effect
        measures: a general approach. https://doi.org/10.1002/sim.3095
    """
    for rows in by_part(found).values():
        cells = {(row.effect.transfer[0], row.target): row for row in rows}
        languages = list(dict.fromkeys(one for pair in cells for one in pair))
        for a, b in combinations(languages, 2):
            if (a, b) in cells and (b, a) in cells:
                x, y = cells[a, b].change, cells[b, a].change
                gap = x.estimate - y.estimate
                low = np.hypot(x.estimate - x.ci_low, y.ci_high - y.estimate)
                high = np.hypot(x.ci_high - x.estimate, y.estimate - y.ci_low)
                yield {
                    **part_of(rows[0]),
                    "a": str(a),
                    "b": str(b),
                    "a_to_b": x.estimate,
                    "b_to_a": y.estimate,
                    "difference": gap,
                    "ci_low": gap - float(low),
                    "ci_high": gap + float(high),
                }


def recommended_rows(found: Measured) -> Iterator[dict[str, Any]]:
    """Yield the rows of `recommended.csv`: pairs that help wherever it was asked, never harm.

    Listed where a language is beneficial for a target by the first metric in two tasks or more
    (where there are two) and at two numbers of updates or more (where there are two), and harmful
    nowhere; in order of the smallest lower end of the intervals. The rule is ours.
    """
    pairs: dict[tuple[Language, Language], list[Row]] = {}
    for rows in by_part(found).values():
        for row in rows:
            if row.metric == first_metric(row.task) and row.effect.transfer[0] != row.target:
                pairs.setdefault((row.effect.transfer[0], row.target), []).append(row)
    listed: list[dict[str, Any]] = []
    for (transfer, target), rows in pairs.items():
        good = [row for row in rows if row.verdict == "beneficial"]
        enough = all(
            len({key(row) for row in good}) >= min(2, len({key(row) for row in rows}))
            for key in (lambda row: row.task, lambda row: row.effect.updates)
        )
        if good and enough and not any(row.verdict == "harmful" for row in rows):
            listed.append(
                {
                    "transfer": str(transfer),
                    "target": str(target),
                    "least_gain": min(row.change.ci_low for row in good),
                    "gain": float(np.mean([row.change.estimate for row in good])),
                    "n_beneficial": len(good),
                    "n_parts": len(rows),
                    "where": ", ".join(f"{row.task} k={row.effect.updates}" for row in good),
                }
            )
    yield from sorted(listed, key=lambda one: -one["least_gain"])


def seen_rows(found: Measured) -> Iterator[dict[str, Any]]:
    """Yield the rows of `seen.csv`: mean gains by whether pretraining has seen the languages."""
    unseen = set(found.spec.unseen)
    if not unseen:
        return
    for part, rows in by_part(found).items():
        for giver, taker in ((a, b) for a in (False, True) for b in (False, True)):
            own = [
                row
                for row in rows
                if (row.effect.transfer[0] in unseen) is giver and (row.target in unseen) is taker
            ]
            own = [row for row in own if row.effect.transfer[0] != row.target]
            if own:
                mean, low, high = mean_over_languages(
                    matrix_of(own)[0], same_languages=False, n_resamples=2_000
                )
                yield {
                    **dict(zip(("task", "metric", "arm", "updates"), part, strict=True)),
                    "transfer_is": "unseen" if giver else "seen",
                    "target_is": "unseen" if taker else "seen",
                    "gain": mean,
                    "ci_low": low,
                    "ci_high": high,
                    "n_cells": len(own),
                }


def matrix_of(
    rows: Sequence[Row],
) -> tuple[NDArray[np.float64], tuple[Language, ...], tuple[Language, ...]]:
    """Return gains [transfer languages, targets], nan where there is no cell, and both sides."""
    givers = tuple(dict.fromkeys(row.effect.transfer[0] for row in rows))
    takers = tuple(dict.fromkeys(row.target for row in rows))
    found = np.full((len(givers), len(takers)), np.nan)
    for row in rows:
        found[givers.index(row.effect.transfer[0]), takers.index(row.target)] = row.change.estimate
    return found, givers, takers
