"""Does the printed minimum detectable effect have the power it states, and a table its level?

    python benchmarks/power.py                  # about 5 minutes on one core
    python benchmarks/power.py --folds 50 --out /tmp/quick.json

Each fold is two studies of one language among m whose other languages hold no difference: the
first prints its minimum detectable effect at Holm's level, and the second one has just that effect.
`power`: share of second studies that find it after Holm's correction (wanted: 0.78 to 0.83).
`rejection`: share of tables, put together at random from ten times as many studies of nothing, in
which a language is called significant (wanted: 0.03 to 0.07); `at_level` is the share of these
studies whose p is below 0.05 / m, over 0.05 / m. `median_mde`: of the first studies. Where `shared`
is not 0, seeds of one number share that much of their spread and are compared in pairs.
"""

import argparse
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
from error_rates import Scenario, draw_study

from isogloss.core import METRICS, write_atomically
from isogloss.statistics import Difference, difference, holm

METRIC = METRICS["accuracy"]
LANGUAGES = (2, 5, 10)


def measure(scenario: Scenario, folds: int, rng: np.random.Generator) -> dict[str, object]:
    """Draw studies of nothing once, and put tables together from them."""

    def study() -> Difference:
        size = {"n_seeds": scenario.n_seeds, "n_examples": scenario.n_examples}
        pair = draw_study(scenario, 0.0, rng, **size)
        return difference(*pair, METRIC, paired_seeds=scenario.paired_seeds)

    firsts, seconds = ([study() for _ in range(folds)] for _ in range(2))
    p_values = np.array([study().p for _ in range(10 * folds)])
    power, rejection, at_level, median = {}, {}, {}, {}
    for m in LANGUAGES:
        effects = [one.mde_at(0.05 / m) for one in firsts]
        found = []
        for second, effect in zip(seconds, effects, strict=True):
            moved = replace(second, estimate=second.estimate + effect)
            others = list(rng.choice(p_values, m - 1, replace=False))
            found.append(holm([moved.p, *others])[0] < 0.05)
        tables = p_values[rng.integers(len(p_values), size=(20 * folds, m))]
        wrong = tables.min(axis=1) < 0.05 / m
        power[str(m)], rejection[str(m)] = float(np.mean(found)), float(np.mean(wrong))
        at_level[str(m)] = round(float(np.mean(p_values < 0.05 / m)) * m / 0.05, 3)
        median[str(m)] = round(float(np.median(effects)), 5)
    return {
        "seeds": scenario.n_seeds,
        "spread": scenario.seed_spread,
        "shared": scenario.shared_spread,
        "power": power,
        "rejection": rejection,
        "at_level": at_level,
        "median_mde": median,
    }


def scenarios() -> list[Scenario]:
    """Seeds that vary by themselves, and seeds in pairs that share three quarters of it."""
    sizes = (3, 5, 10)
    alone = [Scenario("accuracy", n, 500, spread) for n in sizes for spread in (0.05, 0.15, 0.4)]
    pairs = [Scenario("accuracy", n, 500, 0.2, 0.15, paired_seeds=True) for n in sizes]
    return alone + pairs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folds", type=int, default=1_000)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results/power.json")
    parser.add_argument("--resume", action="store_true", help="go on with what is in --out")
    options = parser.parse_args()
    rows = json.loads(options.out.read_text())["settings"] if options.resume else []
    for number, scenario in enumerate(scenarios()):
        if number < len(rows):
            continue
        rows.append(measure(scenario, options.folds, np.random.default_rng(number)))
        print(rows[-1], flush=True)
        result = {
            "what": "power at the printed minimum detectable effect and level, by number of "
            "languages; wanted: power 0.78 to 0.83, rejection 0.03 to 0.07",
            "folds": options.folds,
            "settings": rows,
        }
        write_atomically(options.out, json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
