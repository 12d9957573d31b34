"""How near languages are without asking a model: by script, by text, by features from a file."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from isogloss.core import InputError, Language

Matrix = NDArray[np.float64]


def script_affinity(languages: Sequence[Language]) -> Matrix:
    """Return 1 for languages of one script, else 0."""
    scripts = np.array([one.script for one in languages])
    return (scripts[:, None] == scripts).astype(float)


def text_affinity(samples: Mapping[Language, Sequence[str]], longest: int = 3) -> Matrix:
    """Return the cosine of the languages' frequencies of character n-grams, square roots taken.

    The Bhattacharyya coefficient of what the texts are made of: 1 = the same frequencies, 0 = no
    n-gram in common. It needs no model and no table of languages.

    Args:
        samples: lines of text by language, in the order of the axes.
        longest: n-grams of 1 to this many characters.
    """
    counts = [_ngrams(lines, longest) for lines in samples.values()]
    frame = pd.DataFrame(counts).fillna(0.0).to_numpy()
    roots = np.sqrt(frame / frame.sum(axis=1, keepdims=True))
    return roots @ roots.T


def _ngrams(lines: Sequence[str], longest: int) -> dict[str, int]:
    counts: dict[str, int] = {}
    for line in lines:
        for n in range(1, longest + 1):
            for place in range(len(line) - n + 1):
                one = line[place : place + n]
                counts[one] = counts.get(one, 0) + 1
    return counts


def typology_affinity(path: Path, languages: Sequence[Language]) -> Matrix:
    """Return 1 less the mean difference of features, each scaled to 0 to 1, from a CSV file.

    Args:
        path: a header, then a row per language: its code in the first column, numbers in the
            others; an empty cell is unknown and left out of its pairs.
        languages: in the order of the axes.

    Raises:
        InputError: no such file, a language without a row, no numbers, or a pair without a feature
            that both have.
    """
    try:
        table = pd.read_csv(path)
        codes = [Language.parse(str(one), where=str(path)) for one in table.iloc[:, 0]]
        features = table.iloc[:, 1:].apply(pd.to_numeric).to_numpy(dtype=float)
    except (OSError, ValueError, IndexError) as error:
        step = "Give a header and a row per language: its code, then numbers."
        raise _no_typology(str(error), path, step) from error
    absent = [str(one) for one in languages if one not in codes]
    if absent or not features.size:
        step = "Add them, or leave the affinity `typology` out."
        raise _no_typology(f"no row of {', '.join(absent)}" if absent else "none", path, step)
    rows = features[[codes.index(one) for one in languages]]
    rows = rows[:, np.isfinite(rows).any(axis=0)]
    low, spread = np.nanmin(rows, axis=0), np.nanmax(rows, axis=0) - np.nanmin(rows, axis=0)
    scaled = (rows - low) / np.where(spread > 0, spread, 1.0)
    apart = np.abs(scaled[:, None] - scaled)
    if np.isnan(apart).all(axis=2).any():  # so too without any feature
        step = "Fill some of the empty cells."
        raise _no_typology("two languages without a common feature", path, step)
    return 1 - np.nanmean(apart, axis=2)


def _no_typology(found: str, path: Path, step: str) -> InputError:
    return InputError(
        expected="a CSV file with features of every language",
        found=found,
        where=str(path),
        next_step=step,
    )
