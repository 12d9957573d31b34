"""Does the printed minimum detectable effect have the power it states?

    python benchmarks/power.py                  # about 10 minutes on one core
    python benchmarks/power.py --folds 50 --out /tmp/quick.json

Each fold is two studies of one language among m whose other languages hold no difference: the
first prints its minimum detectable effect at Holm's level, and the second one has just that effect.
`power`: share of second studies that find it after Holm's correction (wanted: 0.78 to 0.83).
`rejection`: share of tables, put together at random from four times as many studies of nothing, in
which a language is called significant (wanted: 0.03 to 0.07). `median_mde`: of the first studies.
"""

import argparse
import json
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
from error_rates import Scenario, draw_study

from isogloss.core import METRICS, write_atomically
from isogloss.statistics import Difference, difference, holm

METRIC = METRICS["accuracy"]
LANGUAGES = (2, 5, 10)


def measure(n_seeds: int, spread: float, folds: int, rng: np.random.Generator) -> dict[str, object]:
    """Draw studies of nothing once, and put tables together from them."""
    scenario = Scenario("accuracy", n_seeds, 500, spread)

    def study() -> Difference:
        pair = draw_study(scenario, 0.0, rng, n_seeds=n_seeds, n_examples=500)
        return difference(*pair, METRIC)

    pool = [study() for _ in range(4 * folds)]
    p_values = np.array([one.p for one in pool])
    power, rejection, median = {}, {}, {}
    for m in LANGUAGES:
        found, effects = [], []
        for fold in range(folds):
            printed = pool[fold].mde_at(0.05 / m)
            effects.append(printed)
            second = pool[folds + fold]
            moved = replace(second, estimate=second.estimate + printed)
            others = list(rng.choice(p_values[2 * folds :], m, replace=False))
            found.append(holm([moved.p, *others[1:]])[0] < 0.05)
        tables = p_values[rng.integers(len(p_values), size=(20 * folds, m))]
        wrong = tables.min(axis=1) < 0.05 / m
        power[str(m)], rejection[str(m)] = float(np.mean(found)), float(np.mean(wrong))
        median[str(m)] = round(float(np.median(effects)), 5)
    return {
        "seeds": n_seeds,
        "spread": spread,
        "power": power,
        "rejection": rejection,
        "median_mde": median,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folds", type=int, default=500)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results/power.json")
    options = parser.parse_args()
    started, rows = time.perf_counter(), []
    for n_seeds in (3, 5, 10):
        for spread in (0.05, 0.15, 0.4):
            rng = np.random.default_rng(len(rows))
            rows.append(measure(n_seeds, spread, options.folds, rng))
            print(rows[-1], flush=True)
    result = {
        "what": "power at the printed minimum detectable effect and level, by number of languages; "
        "wanted: power 0.78 to 0.83, rejection 0.03 to 0.07",
        "folds": options.folds,
        "wall_s": round(time.perf_counter() - started, 1),
        "settings": rows,
    }
    write_atomically(options.out, json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
