"""Does a distance between languages predict an effect? Mantel's test, languages as the units."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from isogloss.core import InputError
from isogloss.statistics.counts import Array
from isogloss.statistics.resampling import seed_of_content

_FEWEST: Final = 4


@dataclass(frozen=True)
class Association:
    """How a factor goes with an effect.

    Attributes:
        estimate: Spearman's rank correlation over the cells, the controls taken out; nan where a
            side does not vary.
        ci_low: lower end of its interval of 95 %, languages resampled.
        ci_high: upper end.
        p: two-sided, by permutation of languages.
        n_languages: units of the permutation.
        n_cells: cells with both numbers.
    """

    estimate: float
    ci_low: float
    ci_high: float
    p: float
    n_languages: int
    n_cells: int


def mantel(
    effect: ArrayLike,
    factor: ArrayLike,
    *,
    same_languages: bool,
    controls: Sequence[ArrayLike] = (),
    n_permutations: int = 1_999,
    n_resamples: int = 1_000,
) -> Association:
    """Test whether a factor of pairs of languages goes with an effect of pairs.

    Cells of one language are not independent, so the languages are permuted and not the cells: rows
    and columns of the factor together where both sides are the same languages, each for themselves
    where they are not. With controls, ranks of both sides are replaced by their residuals from the
    ranks of the controls (a partial Mantel test). Cells that lack a number are left out, and the
    diagonal where both sides are the same languages. The interval resamples languages.

    Args:
        effect: shape [transfer languages, targets]; nan = missing.
        factor: same shape.
        same_languages: whether row i and column i are one language.
        controls: same shape each.
        n_permutations: random permutations; the smallest possible p is 1 / (n + 1).
        n_resamples: of the interval.

    Returns:
        The association, the same for the same numbers (seeded by content).

    Raises:
        InputError: shapes differ, or there are fewer than 4 languages on a side.

    Reference:
        Nathan Mantel (1967). The detection of disease clustering and a generalized regression
        approach. Cancer Research 27, 209-220.
        Peter E. Smouse, Jeffrey C. Long, Robert R. Sokal (1986). Multiple regression and
        correlation extensions of the Mantel test of matrix correspondence.
        https://doi.org/10.2307/2413122
    """
    y, x, *others = (np.asarray(one, dtype=np.float64) for one in (effect, factor, *controls))
    _refuse_unfit([y, x, *others])
    if same_languages:
        y = np.where(np.eye(len(y), dtype=bool), np.nan, y)
    generator = np.random.default_rng(seed_of_content(y, x, *others))
    n_rows, n_columns = y.shape
    y, x, *others = (_ranks(one) for one in (y, x, *others))
    observed = _partial(y, x, others)
    n_cells = int(np.isfinite(np.stack([y, x, *others])).all(axis=0).sum())
    if not np.isfinite(observed):
        return Association(np.nan, np.nan, np.nan, 1.0, min(y.shape), n_cells)
    extreme = 0
    for _ in range(n_permutations):
        rows = generator.permutation(n_rows)
        columns = rows if same_languages else generator.permutation(n_columns)
        found = _partial(y, x[np.ix_(rows, columns)], others)
        extreme += not abs(found) < abs(observed) - 1e-12  # one that is no number counts against
    resampled = []
    for _ in range(n_resamples):
        rows = generator.integers(0, n_rows, n_rows)
        columns = rows if same_languages else generator.integers(0, n_columns, n_columns)
        pick = np.ix_(rows, columns)
        resampled.append(_partial(y[pick], x[pick], [one[pick] for one in others]))
    low, high = np.nanquantile(resampled, [0.025, 0.975])
    p = (1 + extreme) / (1 + n_permutations)
    return Association(observed, float(low), float(high), p, min(y.shape), n_cells)


def mean_over_languages(
    effect: ArrayLike, *, same_languages: bool, n_resamples: int = 2_000
) -> tuple[float, float, float]:
    """Return the mean of a matrix of effects, and its interval of 95 % over languages.

    Rows and columns are resampled, together where they are the same languages: cells are not the
    units. The diagonal is then left out.

    Args:
        effect: shape [transfer languages, targets]; nan = missing.
        same_languages: whether row i and column i are one language.
        n_resamples: of the bootstrap.

    Returns:
        Mean, low and high; nan where there is no cell, low and high nan with one language a side.
    """
    cells = np.asarray(effect, dtype=np.float64)
    if same_languages:
        cells = np.where(np.eye(len(cells), dtype=bool), np.nan, cells)
    if not np.isfinite(cells).any():
        return np.nan, np.nan, np.nan
    mean = float(np.nanmean(cells))
    if min(cells.shape) < 2:
        return mean, np.nan, np.nan
    generator = np.random.default_rng(seed_of_content(cells))
    means: list[float] = []
    for _ in range(n_resamples):
        rows = generator.integers(0, cells.shape[0], cells.shape[0])
        columns = rows if same_languages else generator.integers(0, cells.shape[1], cells.shape[1])
        drawn = cells[np.ix_(rows, columns)]
        if np.isfinite(drawn).any():
            means.append(float(np.nanmean(drawn)))
    low, high = np.quantile(means, [0.025, 0.975])
    return mean, float(low), float(high)


def _ranks(matrix: Array) -> Array:
    """Return the ranks of the cells that are there, ties shared; once, for all permutations."""
    from scipy.stats import rankdata  # takes a second to load

    there = np.isfinite(matrix)
    ranked = np.full(matrix.shape, np.nan)
    ranked[there] = rankdata(matrix[there])
    return ranked


def _partial(y: Array, x: Array, controls: Sequence[Array]) -> float:
    """Return the correlation of y and x over cells, controls taken out of both."""
    cells = np.stack([y, x, *controls])
    there = np.isfinite(cells).all(axis=0)
    if there.sum() < 3 + len(controls):
        return float("nan")
    kept = cells[:, there]
    of_y, of_x, *others = kept - kept.mean(axis=1, keepdims=True)
    if others:
        basis = np.stack(others, axis=1)
        of_y, of_x = (one - basis @ np.linalg.lstsq(basis, one)[0] for one in (of_y, of_x))
    scale = float(np.linalg.norm(of_y) * np.linalg.norm(of_x))
    return float(of_y @ of_x) / scale if scale > 1e-9 * there.sum() else float("nan")


def _refuse_unfit(matrices: Sequence[Array]) -> None:
    shapes = {one.shape for one in matrices}
    if len(shapes) == 1 and matrices[0].ndim == 2 and min(matrices[0].shape) >= _FEWEST:
        return
    raise InputError(
        expected=f"matrices of one shape, at least {_FEWEST} languages on each side",
        found=", ".join(str(list(one.shape)) for one in matrices),
        where="the Mantel test",
        next_step="Languages are the units of this test: with fewer nothing can be said.",
    )
