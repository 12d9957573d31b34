"""How long does it take to compare two systems, and in how much memory?

    python benchmarks/comparison.py                # 1,000,000 examples of 50 languages a side
    python benchmarks/comparison.py --examples 100000 --out /tmp/quick.json

Two CSV files (language, example, score, domain) are written, then read, paired, compared and
written as `isogloss compare --scores` does, in one process of its own, whose CPU seconds and peak
memory are taken. The score is right or wrong, or word errors over words.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from isogloss.core import known_languages, write_atomically

_WORK = """
import resource, sys, time
from pathlib import Path
from isogloss.comparison import Choices, compare_scores, read_scores, write_comparison
start, cpu = time.perf_counter(), time.process_time()
base, new = (read_scores(Path(one)) for one in sys.argv[1:3])
read = time.process_time() - cpu
found = compare_scores(base, new, Choices(by=("domain",)))
write_comparison(found, Path(sys.argv[3]))
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
took = time.perf_counter() - start, time.process_time() - cpu
print(*took, read, peak, len(found.rows))
"""


def write_side(path: Path, n_examples: int, n_languages: int, kind: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    names = [one.code for one in known_languages()[:n_languages]]
    table = pd.DataFrame(
        {
            "language": pd.Categorical.from_codes(np.arange(n_examples) % n_languages, names),
            "example": [f"example-{i}" for i in range(n_examples)],
            "domain": pd.Categorical.from_codes(np.arange(n_examples) % 5, list("abcde")),
        }
    )
    if kind == "accuracy":
        table["score"] = (rng.random(n_examples) < 0.7).astype(int)
    else:
        table["words"] = np.random.default_rng(9).integers(3, 40, n_examples)
        table["errors"] = rng.poisson(0.1 * table["words"])
    table.to_csv(path, index=False)


def measure(n_examples: int, n_languages: int, kind: str) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        sides = [Path(folder) / f"{name}.csv" for name in ("base", "new")]
        for seed, path in enumerate(sides):
            write_side(path, n_examples, n_languages, kind, seed)
        words = [sys.executable, "-c", _WORK, *map(str, sides), str(Path(folder) / "out")]
        done = subprocess.run(words, capture_output=True, text=True, check=True)
    wall, cpu, read, peak, rows = map(float, done.stdout.split())
    return {
        "metric": kind,
        "examples": n_examples,
        "languages": n_languages,
        "rows": int(rows),
        "wall_seconds": round(wall, 2),
        "cpu_seconds": round(cpu, 2),
        "of_it_reading": round(read, 2),
        "peak_memory_mb": round(peak),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=1_000_000)
    parser.add_argument("--languages", type=int, default=50)
    place = Path(__file__).parent / "results" / "comparison.json"
    parser.add_argument("--out", type=Path, default=place)
    args = parser.parse_args()
    found = []
    for kind in ("accuracy", "word_error_rate"):
        found.append(measure(args.examples, args.languages, kind))
        print(json.dumps(found[-1]))
    about = {"made": time.strftime("%Y-%m-%d"), "rows": found}
    write_atomically(args.out, json.dumps(about, indent=1) + "\n")
    print(f"{resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.0f} MB at the most")


if __name__ == "__main__":
    main()
