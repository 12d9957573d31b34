"""One comparison: the difference of two systems' scores with its interval, test and power."""

from dataclasses import dataclass, replace

from numpy.typing import ArrayLike

from isogloss.core import InputError, Metric, interference
from isogloss.statistics.counts import checked_pair, influences, seed_scores
from isogloss.statistics.student import (
    critical_value,
    minimum_detectable_effect,
    two_sided_p,
)
from isogloss.statistics.variance import Uncertainty, uncertainty


@dataclass(frozen=True)
class Difference:
    """How much worse (interference) or better (gain) one system is than another.

    Attributes:
        estimate: the difference, in the metric's unit.
        ci_low: lower end of the interval.
        ci_high: upper end of the interval.
        p: two-sided; below `alpha` exactly when the interval leaves 0 out.
        mde: minimum detectable effect: true difference found with probability 0.8 at `alpha`.
        n_seeds: the smaller number of seeds of the two sides.
        n_examples: test examples, the same on both sides.
        reference: score of the reference, mean over seeds.
        treated: score of the other system, mean over seeds.
        standard_error: of the estimate.
        degrees_of_freedom: of the standard error.
        seed_share: part of the variance, 0 to 1, that only more seeds would shrink.
        alpha: 1 - the coverage of the interval.
    """

    estimate: float
    ci_low: float
    ci_high: float
    p: float
    mde: float
    n_seeds: int
    n_examples: int
    reference: float
    treated: float
    standard_error: float
    degrees_of_freedom: float
    seed_share: float
    alpha: float

    @property
    def seed_variance_unknown(self) -> bool:
        """Whether a side has one seed: interval and p are then about test examples only."""
        return self.n_seeds < 2

    def as_gain(self) -> "Difference":
        """Return the same comparison with the sign turned: positive = better than the reference."""
        return replace(
            self, estimate=0.0 - self.estimate, ci_low=0.0 - self.ci_high, ci_high=0.0 - self.ci_low
        )

    def mde_at(self, alpha: float, power: float = 0.8) -> float:
        """Return the minimum detectable effect at another level, such as `0.05 / n_languages`."""
        return minimum_detectable_effect(
            self.standard_error, self.degrees_of_freedom, alpha=alpha, power=power
        )


def difference(
    reference: ArrayLike,
    treated: ArrayLike,
    metric: Metric,
    *,
    paired_seeds: bool = False,
    alpha: float = 0.05,
) -> Difference:
    """Compare two systems on the same test examples over several trainings each.

    The estimate is `interference(mean score of reference, mean score of treated)`: positive = the
    treated system is worse; `.as_gain()` turns the sign. Interval and test use the variance of
    `variance.py` (examples paired, seeds a second source of variation) and Student's t.

    Why not the bootstrap and the randomisation test alone (`resampling.py` keeps both)? With three
    seeds neither can hold its level: a bootstrap of 3 seeds underestimates their variance by a
    third and takes normal quantiles where t has 2 to 4 degrees of freedom; swapping examples
    ignores seeds; permuting the seeds of 3 + 3 trainings cannot give p below 0.1. Measured
    rates of all three: `benchmarks/results/statistics.json`.

    Args:
        reference: counts of the reference (monolingual, say), shape [n_seeds, n_examples, k].
        treated: counts of the other system on the same examples, shape [n_seeds, n_examples, k].
        metric: function of summed counts; `metric.counts` names the k counts.
        paired_seeds: True when seed s of both sides shares more than its number (both fine-tuned
            from one pretrained model). Trainings that share only the number vary independently:
            False then doubles the degrees of freedom, and errs on the wide side if they correlate.
        alpha: 1 - coverage of the interval; also the level for the minimum detectable effect.

    Returns:
        The comparison. With one seed on a side it holds for these trained models only and
        `seed_variance_unknown` is True.

    Raises:
        InputError: the two sides have other examples, or other seeds where seeds are paired.

    Example:
        >>> from isogloss.core import METRICS
        >>> right = [[[1, 1], [1, 1], [1, 1], [0, 1]]]  # one seed, four examples
        >>> wrong = [[[1, 1], [0, 1], [1, 1], [0, 1]]]
        >>> found = difference(right, wrong, METRICS["accuracy"])
        >>> found.estimate, round(found.p, 3), found.seed_variance_unknown
        (0.25, 0.391, True)
    """
    first, second = checked_pair(reference, treated, metric)
    if paired_seeds and len(first) != len(second):
        raise InputError(
            expected="as many seeds on both sides when seeds are paired",
            found=f"{len(first)} and {len(second)}",
            where=f"{metric.name}, reference and treated",
            next_step="Run the missing seeds, or compare with paired_seeds=False.",
        )
    spread = uncertainty(
        influences(first, metric), influences(second, metric), paired_seeds=paired_seeds
    )
    scores = tuple(float(seed_scores(side, metric).mean()) for side in (first, second))
    return difference_of(
        interference(scores[0], scores[1], metric),
        spread,
        scores=(scores[0], scores[1]),
        n_seeds=min(len(first), len(second)),
        n_examples=first.shape[1],
        alpha=alpha,
    )


def difference_of(
    estimate: float,
    spread: Uncertainty,
    *,
    scores: tuple[float, float],
    n_seeds: int,
    n_examples: int,
    alpha: float,
) -> Difference:
    """Return a comparison from its estimate and how uncertain that is.

    Args:
        estimate: the difference; positive = the treated system is worse.
        spread: its variance.
        scores: of the reference and of the treated system.
        n_seeds: the smaller number of seeds of the two sides.
        n_examples: test examples.
        alpha: 1 - coverage of the interval.
    """
    error = spread.variance**0.5
    half = critical_value(spread.degrees_of_freedom, alpha) * error
    return Difference(
        estimate=estimate,
        ci_low=estimate - half,
        ci_high=estimate + half,
        p=_p_value(estimate, spread, n_examples),
        mde=minimum_detectable_effect(error, spread.degrees_of_freedom, alpha=alpha),
        n_seeds=n_seeds,
        n_examples=n_examples,
        reference=scores[0],
        treated=scores[1],
        standard_error=error,
        degrees_of_freedom=spread.degrees_of_freedom,
        seed_share=spread.seed_share,
        alpha=alpha,
    )


def _p_value(estimate: float, spread: Uncertainty, n_examples: int) -> float:
    """Return the two-sided p; where nothing varies, that of flipping every example's sign."""
    if estimate == 0.0:
        return 1.0
    error = spread.variance**0.5
    # Equal differences on all examples leave a standard error of rounding only.
    if error <= 1e-12 * abs(estimate):
        return max(2.0 ** (1 - n_examples), 5e-324)
    return two_sided_p(estimate / error, spread.degrees_of_freedom)
