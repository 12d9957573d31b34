"""Do the verdicts about two finished systems hold what they say? 1,000 simulations a setting.

    python benchmarks/comparison_levels.py             # about 3 minutes of one core
    python benchmarks/comparison_levels.py --folds 100 --out /tmp/quick.json

Both systems answer the same examples, whose difficulty they share. `level`: share of p < 0.05 where
there is no difference (wanted: 0.03 to 0.07). `coverage`: share of 95 % intervals that hold the
true difference where there is one (0.93 to 0.97). `equivalence`: share of "no difference of
interest" where the true difference is exactly the smallest one of interest (at most 0.05, and
nearly that where there are many examples). `family`: share of tables without any difference in
which one is significant by Holm's method (at most 0.05). Settings that are in the file already are
kept; remove it to begin anew.

`planted`: one language of 30 loses 2 points while the others gain 1: how often it is found, beside
the power that was promised, and how often another one is called HURT.
"""

import argparse
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from isogloss.core import METRICS, write_atomically
from isogloss.statistics import CORRECTIONS, SystemDifference, system_difference
from isogloss.statistics.paired_binary import PairedBinary

Array = NDArray[np.float64]
Draw = Callable[[np.random.Generator, int, float], tuple[Array, Array]]
OLD, FOLDS = 0.05, 1000


@dataclass(frozen=True)
class Setting:
    """One kind of data.

    Attributes:
        draw: (generator, examples, size of the change) to the counts of both systems.
        metric: of the counts.
        n: examples.
        change: size of the change, for coverage and equivalence.
        of_a_cluster: examples of one cluster.
        times: folds are so many times those asked for, where a rate is near its limit.
    """

    draw: Draw
    metric: str
    n: int
    change: float
    of_a_cluster: int = 1
    times: int = 1


def right_or_wrong(rng: np.random.Generator, n: int, change: float) -> tuple[Array, Array]:
    hard = rng.beta(4.0, 2.0, n)
    shares = (0.15 + 0.8 * hard, 0.15 + 0.8 * hard - change)
    return tuple(_scored(rng.random(n) < share) for share in shares)  # type: ignore[return-value]


def passages(rng: np.random.Generator, n: int, change: float) -> tuple[Array, Array]:
    """Ten questions a passage, which suits one system better than the other."""
    hard = 0.2 + 0.6 * np.repeat(rng.random(n // 10), 10)
    suits = 0.2 * np.repeat(rng.uniform(-1, 1, n // 10), 10)
    shares = (hard + suits / 2, hard - suits / 2 - change)
    return tuple(_scored(rng.random(n) < share) for share in shares)  # type: ignore[return-value]


def graded(rng: np.random.Generator, n: int, change: float) -> tuple[Array, Array]:
    hard = rng.random(n)
    noise = [0.1 * rng.standard_normal(n) * (1.0 + hard) for _ in range(2)]
    return _scored(hard + noise[0]), _scored(hard - change + noise[1])


def words(rng: np.random.Generator, n: int, change: float) -> tuple[Array, Array]:
    """Word errors: most recordings have none, a few are all wrong."""
    length = rng.integers(3, 40, n)
    hard = rng.gamma(0.4, 0.2, n)
    sides = []
    for rate in (1.0, 1.0 + change / 0.08):
        own = rng.lognormal(-0.125, 0.5, n)
        sides.append(np.column_stack([rng.poisson(hard * own * rate * length), length]))
    return sides[0].astype(float), sides[1].astype(float)


def entities(rng: np.random.Generator, n: int, change: float) -> tuple[Array, Array]:
    """Entities of a sentence: many have none."""
    gold = rng.poisson(1.5, n)
    found = rng.beta(8.0, 2.0, n)
    sides = []
    for share in (found, np.clip(found - change, 0.0, 1.0)):
        right = rng.binomial(gold, share)
        sides.append(np.column_stack([right, right + rng.poisson(0.2, n), gold]))
    return sides[0].astype(float), sides[1].astype(float)


def _scored(values: Array) -> Array:
    return np.column_stack([values, np.ones(len(values))]).astype(float)


SETTINGS: Mapping[str, Setting] = {
    "right or wrong, 500 examples": Setting(right_or_wrong, "accuracy", 500, 0.04),
    "right or wrong, 2,000 examples": Setting(right_or_wrong, "accuracy", 2000, 0.04),
    "10 questions a passage, 60 passages": Setting(passages, "accuracy", 600, 0.06, 10),
    "the same, taken for independent": Setting(passages, "accuracy", 600, 0.06),
    "graded, 300 examples": Setting(graded, "mean_score", 300, 0.02),
    "word errors, skewed, 200 recordings": Setting(words, "word_error_rate", 200, 0.02, times=10),
    "word errors, skewed, 500 recordings": Setting(words, "word_error_rate", 500, 0.02, times=10),
    "word errors, skewed, 2,000 recordings": Setting(words, "word_error_rate", 2000, 0.02, times=4),
    "entity F1, 500 sentences": Setting(entities, "entity_f1", 500, 0.04),
}


def compared(setting: Setting, sides: tuple[Array, Array]) -> SystemDifference:
    size = setting.of_a_cluster
    clusters = np.arange(setting.n) // size if size > 1 else None
    return system_difference(*sides, METRICS[setting.metric], clusters=clusters)


def measure(setting: Setting, folds: int) -> dict[str, float]:
    folds *= setting.times
    rng = np.random.default_rng(0)
    whole = setting.draw(np.random.default_rng(1), 2_000_000, setting.change)
    truth = system_difference(*whole, METRICS[setting.metric]).estimate
    rejected, covered, none = 0, 0, 0
    for _ in range(folds):
        rejected += compared(setting, setting.draw(rng, setting.n, 0.0)).p < OLD
        found = compared(setting, setting.draw(rng, setting.n, setting.change))
        low, high = found.interval(OLD)
        covered += low <= truth <= high
        none += found.p_no_difference(truth) < OLD
    return {
        "folds": folds,
        "level": rejected / folds,
        "coverage": covered / folds,
        "equivalence": none / folds,
        "true_harm": round(truth, 5),
    }


def changed(rng: np.random.Generator, n: int, share: float, harm: float) -> PairedBinary:
    broke, mended, _ = rng.multinomial(n, [(share + harm) / 2, (share - harm) / 2, 1 - share])
    return PairedBinary(n, int(broke), int(mended))


def family(n_languages: int, folds: int) -> dict[str, float]:
    """Tables without a difference: how often one is significant."""
    rng = np.random.default_rng(2)
    wrong = dict.fromkeys(CORRECTIONS, 0)
    for _ in range(folds):
        p_values = [changed(rng, 2000, 0.12, 0.0).p for _ in range(n_languages)]
        for name, correction in CORRECTIONS.items():
            wrong[name] += min(correction.adjust(p_values)) < OLD
    return {"folds": folds, **{name: count / folds for name, count in wrong.items()}}


def graded_family(n_languages: int, folds: int) -> dict[str, float]:
    rng, setting = np.random.default_rng(3), SETTINGS["graded, 300 examples"]
    wrong = 0
    for _ in range(folds):
        rows = [compared(setting, graded(rng, setting.n, 0.0)).p for _ in range(n_languages)]
        wrong += min(CORRECTIONS["holm"].adjust(rows)) < OLD
    return {"folds": folds, "holm": wrong / folds}


def planted(folds: int, n: int = 10_000) -> dict[str, float | None]:
    """One language of 30 loses 2 points, the others gain 1."""
    rng = np.random.default_rng(4)
    found, false, promised, sure, kept = 0, 0, 0.0, 0, 0
    for _ in range(folds):
        rows = [changed(rng, n, 0.12, 0.02 if one == 7 else -0.01) for one in range(30)]
        adjusted = CORRECTIONS["holm"].adjust([row.p for row in rows])
        level = CORRECTIONS["holm"].levels([row.p for row in rows], OLD)[7]
        hurt = [p < OLD and row.broke > row.mended for p, row in zip(adjusted, rows, strict=True)]
        power = rows[7].power(0.02, level)
        promised += power
        found += hurt[7]
        sure += power > 0.95
        kept += power > 0.95 and hurt[7]
        false += any(hurt[:7] + hurt[8:])
    return {
        "folds": folds,
        "examples": n,
        "found": found / folds,
        "promised": round(promised / folds, 4),
        "found_where_power_is_above_0.95": round(kept / sure, 4) if sure else None,
        "folds_with_power_above_0.95": sure,
        "another_language_called_hurt": false / folds,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folds", type=int, default=FOLDS)
    place = Path(__file__).parent / "results" / "comparison_levels.json"
    parser.add_argument("--out", type=Path, default=place)
    args = parser.parse_args()
    folds = args.folds
    work: dict[str, Callable[[], Mapping[str, float | None]]] = {
        **{name: (lambda one=one: measure(one, folds)) for name, one in SETTINGS.items()},
        **{f"right or wrong, {n} languages": (lambda n=n: family(n, folds)) for n in (2, 20, 200)},
        "planted, 10,000 examples a language": lambda: planted(folds),
        "planted, 5,000 examples a language": lambda: planted(folds, 5000),
        "graded, 20 languages": lambda: graded_family(20, folds),
        "graded, 200 languages": lambda: graded_family(200, max(folds // 5, 1)),
    }
    done = json.loads(args.out.read_text()) if args.out.is_file() else {}
    for name, run in work.items():
        if name in done:
            continue
        start = time.process_time()
        done[name] = {**run(), "cpu_seconds": round(time.process_time() - start, 1)}
        print(f"{name}: {json.dumps(done[name])}", flush=True)
        write_atomically(args.out, json.dumps(done, indent=1) + "\n")


if __name__ == "__main__":
    main()
