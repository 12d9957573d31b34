"""How often do the statistics err? 1,000 simulated studies a scenario.

    python benchmarks/error_rates.py            # about 3 minutes on one core
    python benchmarks/error_rates.py --folds 100 --out /tmp/quick.json

Each fold draws two systems on one test set, with test examples of differing difficulty (shared by
both systems), systems that differ on examples (shared by a system's seeds), seeds that differ in
quality, and skewed counts. `rejection`: share of folds with p < 0.05 where both systems come from
one distribution (wanted: 0.03 to 0.07). `coverage`: share of 95 % intervals that contain the true
difference where the second system is worse (wanted: 0.93 to 0.97). The resampling methods that
`difference` replaces are measured beside it, on every eighth fold, and so are the medians. The
three scenarios whose seeds are alike on both sides but compared as independent are wrong on
purpose: they show how much too careful that is.

The file is not called `statistics.py`: as a script's folder comes first on Python's path, that
name would hide the standard library's module from every benchmark here.
"""

import argparse
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from isogloss.core import METRICS, write_atomically
from isogloss.statistics import (
    approximate_randomisation,
    difference,
    hierarchical_bootstrap,
)

Array = NDArray[np.float64]
RESAMPLED = 8  # of so many folds one is given to what takes the most time


@dataclass(frozen=True)
class Scenario:
    """One setting of a simulated study.

    Attributes:
        metric: key of `METRICS`.
        n_seeds: trainings a side.
        n_examples: of the test set.
        seed_spread: standard deviation between trainings, in the latent quality's unit.
        shared_spread: part of it that both systems' seeds of one number share.
        effect: how much worse the second system is, in the latent quality's unit, for coverage.
        paired_seeds: passed to `difference`.
    """

    metric: str
    n_seeds: int
    n_examples: int
    seed_spread: float
    shared_spread: float = 0.0
    effect: float = 0.15
    paired_seeds: bool = False


def _logistic(x: Array) -> Array:
    return 1.0 / (1.0 + np.exp(-x))


def accuracy_counts(quality: Array, size: Array, rng: np.random.Generator) -> Array:
    """One answer an example, right with a probability that falls with its difficulty."""
    del size
    right = rng.random(quality.shape) < _logistic(1.0 + 1.5 * quality)
    return np.stack([right, np.ones_like(right)], axis=-1).astype(float)


def ceiling_counts(quality: Array, size: Array, rng: np.random.Generator) -> Array:
    """As accuracy, at 95 % right answers: few examples tell the systems apart."""
    return accuracy_counts(quality + 2.2, size, rng)


def tagging_counts(quality: Array, size: Array, rng: np.random.Generator) -> Array:
    """Right tags of sentences whose lengths are lognormal."""
    total = np.broadcast_to(size, quality.shape)
    right = rng.binomial(total.astype(int), _logistic(1.5 + 0.7 * quality))
    return np.stack([right, total], axis=-1).astype(float)


def span_counts(quality: Array, size: Array, rng: np.random.Generator) -> Array:
    """Entities: none in many sentences, many in a few; found and invented at random."""
    gold = np.broadcast_to(np.minimum(size // 12, 12), quality.shape).astype(int)
    found = rng.binomial(gold, _logistic(0.3 + quality))
    invented = rng.poisson(0.4 * np.exp(-0.5 * quality))
    return np.stack([found, found + invented, gold], axis=-1).astype(float)


def byte_counts(quality: Array, size: Array, rng: np.random.Generator) -> Array:
    """Bits over a skewed number of bytes, with noise that grows with the text."""
    n_bytes = np.broadcast_to(size * 5.0, quality.shape)
    rate = np.exp(0.5 - 0.12 * quality + 0.1 * rng.standard_normal(quality.shape))
    return np.stack([n_bytes * rate, n_bytes], axis=-1)


Draw = Callable[[Array, Array, np.random.Generator], Array]
DRAW: dict[str, tuple[str, Draw]] = {
    "accuracy": ("accuracy", accuracy_counts),
    "accuracy at 95 %": ("accuracy", ceiling_counts),
    "pos_accuracy": ("pos_accuracy", tagging_counts),
    "entity_f1": ("entity_f1", span_counts),
    "bits_per_byte": ("bits_per_byte", byte_counts),
}


def draw_study(
    scenario: Scenario, effect: float, rng: np.random.Generator, *, n_seeds: int, n_examples: int
) -> tuple[Array, Array]:
    """Return the counts of both systems, shape [n_seeds, n_examples, k] each."""
    size = np.ceil(np.exp(rng.normal(2.6, 0.7, n_examples)))
    difficulty = rng.normal(0.0, 1.0, n_examples)
    _, draw = DRAW[scenario.metric]
    shared = rng.normal(0.0, scenario.shared_spread, (n_seeds, 1))
    own = max(0.0, scenario.seed_spread**2 - scenario.shared_spread**2) ** 0.5
    sides: list[Array] = []
    for loss in (0.0, effect):
        system = rng.normal(0.0, 0.5, n_examples)
        seeds = shared + rng.normal(0.0, own, (n_seeds, 1))
        noise = rng.normal(0.0, 0.4, (n_seeds, n_examples))
        sides.append(draw(system + seeds + noise - difficulty - loss, size, rng))
    return sides[0], sides[1]


def truth(scenario: Scenario, rng: np.random.Generator) -> float:
    """Return the true interference: the mean over many trainings on a very large test set."""
    metric = METRICS[DRAW[scenario.metric][0]]
    gaps = [
        difference(
            *draw_study(scenario, scenario.effect, rng, n_seeds=50, n_examples=2_000), metric
        ).estimate
        for _ in range(30)
    ]
    return float(np.mean(gaps))


@dataclass
class Rates:
    """Shares of folds, and the medians that say what they cost."""

    rejection: float
    coverage: float
    randomisation_rejection: float
    bootstrap_coverage: float
    median_mde: float
    median_seed_share: float


def measure(scenario: Scenario, folds: int, rng: np.random.Generator) -> Rates:
    """Run the folds of one scenario."""
    metric = METRICS[DRAW[scenario.metric][0]]
    true = truth(scenario, rng)
    size = {"n_seeds": scenario.n_seeds, "n_examples": scenario.n_examples}
    rejected, covered, swapped, resampled = [], [], [], []
    mde, share = [], []
    for fold in range(folds):
        pair = draw_study(scenario, 0.0, rng, **size)
        found = difference(*pair, metric, paired_seeds=scenario.paired_seeds)
        rejected.append(found.p < 0.05)
        if fold % RESAMPLED == 0:
            mde.append(found.mde)
            share.append(found.seed_share)
            swapped.append(approximate_randomisation(*pair, metric, n_shuffles=999) < 0.05)
        pair = draw_study(scenario, scenario.effect, rng, **size)
        found = difference(*pair, metric, paired_seeds=scenario.paired_seeds)
        covered.append(found.ci_low <= true <= found.ci_high)
        if fold % RESAMPLED == 0:
            low, high = hierarchical_bootstrap(*pair, metric, n_resamples=500)
            resampled.append(low <= true <= high)
    return Rates(
        *(float(np.mean(one)) for one in (rejected, covered, swapped, resampled)),
        *(round(float(np.median(values)), 5) for values in (mde, share)),
    )


def scenarios() -> Iterator[Scenario]:
    """Seeds that are shared; the grid: metrics x seed spread at 3 seeds, then other sizes."""
    for paired in (True, False):
        for n_seeds in (3, 5, 10):
            yield Scenario("entity_f1", n_seeds, 500, 0.2, 0.15, paired_seeds=paired)
    for metric in DRAW:
        for spread in (0.05, 0.15, 0.4):
            yield Scenario(metric, 3, 500, spread)
    for metric in ("accuracy", "entity_f1", "bits_per_byte"):
        for n_seeds, n_examples in ((3, 300), (3, 1_000), (5, 500), (10, 300)):
            yield Scenario(metric, n_seeds, n_examples, 0.15)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folds", type=int, default=1_000)
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).parent / "results/statistics.json"
    )
    parser.add_argument("--resume", action="store_true", help="go on with what is in --out")
    options = parser.parse_args()
    begun = json.loads(options.out.read_text()) if options.resume else {}
    rows, before = begun.get("scenarios", []), begun.get("wall_s", 0.0)
    started = time.perf_counter()
    for number, scenario in enumerate(scenarios()):
        if number < len(rows):
            continue
        rates = measure(scenario, options.folds, np.random.default_rng(number))
        rows.append(asdict(scenario) | asdict(rates))
        print(scenario, rates, flush=True)
        result = {
            "what": "nominal 5 % tests and 95 % intervals; wanted: rejection 0.03 to 0.07, "
            "coverage 0.93 to 0.97 (a rate of 0.05 over 1,000 folds has a standard error of 0.007)",
            "folds": options.folds,
            "wall_s": round(before + time.perf_counter() - started, 1),
            "scenarios": rows,
        }
        write_atomically(options.out, json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
