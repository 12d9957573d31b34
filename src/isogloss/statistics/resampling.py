"""The two classical resampling methods, for comparison with `difference` and for one trained model.

Neither holds its level over trainings with three seeds (see `difference`); both are right for the
question "would these trained models differ on another test set?".
"""

import hashlib

import numpy as np
from numpy.typing import ArrayLike

from isogloss.core import InputError, Metric, interference
from isogloss.statistics.counts import Array, checked_pair

# Rows of random weights held at once: 512 x 1,000 examples are 4 MB.
_CHUNK = 512


def approximate_randomisation(
    reference: ArrayLike, treated: ArrayLike, metric: Metric, *, n_shuffles: int = 9_999
) -> float:
    """Return the p-value of the paired randomisation test over test examples.

    Each shuffle swaps the two systems' counts of a random half of the examples (of all seeds at
    once) and asks how often the seed-averaged scores then differ at least as much as observed.

    Level: exact for one trained model a side; over new trainings it rejects too often, the more so
    the more seeds vary, because swapping examples never shows it another training.

    Args:
        reference: counts, shape [n_seeds, n_examples, k].
        treated: counts of the same shape.
        metric: function of summed counts.
        n_shuffles: random swaps; the smallest possible p is 1 / (n_shuffles + 1).

    Returns:
        Two-sided p in (0, 1], the same for the same data (seeded by content).

    Raises:
        InputError: the sides differ in examples or in seeds.

    Reference:
        Eric W. Noreen (1989). Computer-Intensive Methods for Testing Hypotheses. Wiley.
    """
    first, second = checked_pair(reference, treated, metric)
    if len(first) != len(second):
        raise InputError(
            expected="as many seeds on both sides of a randomisation test",
            found=f"{len(first)} and {len(second)}",
            where=f"{metric.name}, reference and treated",
            next_step="Use `difference`, which allows other numbers of seeds.",
        )
    generator = np.random.default_rng(seed_of_content(first, second))
    observed = abs(_gap(first.sum(axis=1), second.sum(axis=1), metric))
    both, turned = (first + second).sum(axis=1), first - second
    as_extreme = 0
    for start in range(0, n_shuffles, _CHUNK):
        rows = min(_CHUNK, n_shuffles - start)
        signs = generator.integers(0, 2, size=(rows, first.shape[1])) * 2.0 - 1.0
        change = np.einsum("ri,sik->rsk", signs, turned, optimize=True)
        gaps = _gap((both + change) / 2.0, (both - change) / 2.0, metric)
        # Ties count as extreme; equal sums may differ in the last bits.
        as_extreme += int((np.abs(gaps) >= observed * (1 - 1e-9) - 1e-15).sum())
    return (1 + as_extreme) / (1 + n_shuffles)


def hierarchical_bootstrap(
    reference: ArrayLike,
    treated: ArrayLike,
    metric: Metric,
    *,
    n_resamples: int = 2_000,
    alpha: float = 0.05,
) -> tuple[float, float]:
    """Return the percentile interval of the interference, resampling examples and seeds.

    Each resample draws test examples (the same for both systems and all seeds) and, for each
    system, seeds, all with replacement.

    Level: too narrow with few seeds, since 3 resampled seeds show two thirds of their variance;
    its measured coverage stands in `benchmarks/results/statistics.json`.

    Args:
        reference: counts, shape [n_seeds, n_examples, k].
        treated: counts on the same examples.
        metric: function of summed counts.
        n_resamples: bootstrap samples.
        alpha: 1 - nominal coverage.

    Returns:
        (low, high) in the metric's unit, the same for the same data (seeded by content).

    Raises:
        InputError: the sides differ in examples.

    Reference:
        A. C. Davison and D. V. Hinkley (1997). Bootstrap Methods and their Application, 3.8.
        https://doi.org/10.1017/CBO9780511802843
    """
    first, second = checked_pair(reference, treated, metric)
    generator = np.random.default_rng(seed_of_content(first, second))
    n_examples = first.shape[1]
    even = np.full(n_examples, 1.0 / n_examples)
    gaps: list[Array] = []
    for start in range(0, n_resamples, _CHUNK):
        rows = min(_CHUNK, n_resamples - start)
        weights = generator.multinomial(n_examples, even, size=rows).astype(np.float64)
        means = [_resampled_mean(side, weights, metric, generator) for side in (first, second)]
        gaps.append(means[0] - means[1])
    sign = 1.0 if metric.higher_is_better else -1.0
    low, high = np.quantile(sign * np.concatenate(gaps), [alpha / 2.0, 1.0 - alpha / 2.0])
    return float(low), float(high)


def seed_of_content(*arrays: Array) -> int:
    """Return a seed for a random generator that depends on the numbers and on nothing else."""
    digest = hashlib.sha256()
    for array in arrays:
        digest.update(str(array.shape).encode())
        digest.update(np.ascontiguousarray(array, dtype="<f8").tobytes())
    return int.from_bytes(digest.digest()[:8], "little")


def _resampled_mean(
    counts: Array, weights: Array, metric: Metric, generator: np.random.Generator
) -> Array:
    """Return the mean score over resampled seeds for each row of example weights."""
    scores = metric.value(np.einsum("ri,sik->rsk", weights, counts, optimize=True))
    picks = generator.integers(0, len(counts), size=scores.shape)
    return np.take_along_axis(scores, picks, axis=1).mean(axis=1)


def _gap(first: Array, second: Array, metric: Metric) -> Array:
    """Return seed-mean interference for summed counts of shape [..., n_seeds, k]."""
    gap = metric.value(first).mean(axis=-1) - metric.value(second).mean(axis=-1)
    return gap * interference(1.0, 0.0, metric)
