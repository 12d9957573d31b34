"""One comparison: the difference of two systems' scores with its interval, test and power."""

from dataclasses import dataclass, replace

from numpy.typing import ArrayLike

from isogloss.core import InputError, Metric, interference
from isogloss.statistics.counts import checked_pair, influences, seed_scores
from isogloss.statistics.generalised_p import tails
from isogloss.statistics.power import prospect
from isogloss.statistics.variance import Uncertainty, uncertainty


@dataclass(frozen=True)
class Difference:
    """How much worse (interference) or better (gain) one system is than another.

    Attributes:
        estimate: the difference, in the metric's unit.
        uncertainty: its variance, in parts.
        n_seeds: the smaller number of seeds of the two sides.
        n_examples: test examples, the same on both sides.
        reference: score of the reference, mean over seeds.
        treated: score of the other system, mean over seeds.
        alpha: 1 - the coverage of the interval.
    """

    estimate: float
    uncertainty: Uncertainty
    n_seeds: int
    n_examples: int
    reference: float
    treated: float
    alpha: float

    @property
    def standard_error(self) -> float:
        """Of the estimate, in the metric's unit."""
        return self.uncertainty.variance**0.5

    @property
    def seed_share(self) -> float:
        """Part of the variance, 0 to 1, that is of trainings and not of test examples."""
        return self.uncertainty.seed_share

    @property
    def ci_low(self) -> float:
        """Lower end of the interval."""
        return self.estimate - self._half_width

    @property
    def ci_high(self) -> float:
        """Upper end of the interval."""
        return self.estimate + self._half_width

    @property
    def p(self) -> float:
        """Two-sided; below `alpha` exactly when the interval leaves 0 out.

        Where nothing varies, that of flipping the sign of every example's difference.
        """
        if self.estimate == 0.0:
            return 1.0
        # Equal differences on all examples leave a standard error of rounding only.
        if self.standard_error <= 1e-12 * abs(self.estimate):
            return max(2.0 ** (1 - self.n_examples), 5e-324)
        return 2.0 * float(tails(self.uncertainty).beyond(abs(self.estimate))[0])

    @property
    def mde(self) -> float:
        """Minimum detectable effect at `alpha`: the true difference found with probability 0.8."""
        return self.mde_at(self.alpha)

    @property
    def seed_variance_unknown(self) -> bool:
        """Whether a side has one seed: interval and p are then about test examples only."""
        return self.n_seeds < 2

    def as_gain(self) -> "Difference":
        """Return the same comparison with the sign turned: positive = better than the reference."""
        return replace(self, estimate=0.0 - self.estimate)

    def scaled(self, factor: float) -> "Difference":
        """Return the same comparison in another unit: every score and error times `factor`."""
        return replace(
            self,
            estimate=self.estimate * factor,
            reference=self.reference * factor,
            treated=self.treated * factor,
            uncertainty=self.uncertainty.scaled(factor),
        )

    def at(self, alpha: float) -> "Difference":
        """Return the same comparison with its interval at another level."""
        return replace(self, alpha=alpha)

    def mde_at(self, alpha: float, power: float = 0.8) -> float:
        """Return the minimum detectable effect at another level, such as Holm's."""
        return prospect(self.uncertainty).mde(alpha, power)

    def power_at(self, effect: float, alpha: float) -> float:
        """Return the probability that a study like this one finds a true `effect`."""
        return prospect(self.uncertainty).power(effect, alpha)

    @property
    def _half_width(self) -> float:
        if self.standard_error == 0.0:
            return 0.0
        return float(tails(self.uncertainty).critical(self.alpha)[0])


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
    `variance.py` (examples paired, seeds a second source of variation) and `generalised_p.py`.

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
    return Difference(
        estimate=interference(scores[0], scores[1], metric),
        uncertainty=spread,
        n_seeds=min(len(first), len(second)),
        n_examples=first.shape[1],
        reference=scores[0],
        treated=scores[1],
        alpha=alpha,
    )
