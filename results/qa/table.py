"""Print the answers of a study beside those of its baseline, from whatever runs have finished.

    python results/qa/table.py STUDY [BASELINE]

F1 and EM of each training and tested language, mean over its seeds; the difference to the model
that never saw the questions, with a 95 % interval over the test questions (paired bootstrap).
"""

import sys
from pathlib import Path

import numpy as np

from isogloss.evaluation import read_predictions

N_SAMPLES = 10_000
Scores = dict[tuple[str, str, str], np.ndarray]


def scores(study: Path, task: str) -> Scores:
    """Return a task's score per question, mean over seeds, by (trained on, tested on, metric)."""
    found: dict[tuple[str, str, str], list[np.ndarray]] = {}
    for path in sorted(study.glob("runs/finetune-*/predictions.parquet")):
        trained = path.parent.name.split("-")[1]
        for table in read_predictions(path):
            key = (trained, table.cell.target_language.code, table.cell.metric)
            if table.cell.task == task:
                found.setdefault(key, []).append(table.counts[:, 0] / table.counts[:, 1])
    return {key: np.mean(values, axis=0) for key, values in found.items()}


def interval(values: np.ndarray) -> str:
    """Return a mean in points with its bootstrap interval."""
    rng = np.random.default_rng(0)
    means = rng.choice(values, (N_SAMPLES, len(values))).mean(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    return f"{100 * values.mean():+.1f} [{100 * low:+.1f}, {100 * high:+.1f}]"


def main(study: Path, baseline: Path) -> None:
    """Write one row per training and tested language."""
    ours, without = scores(study, "qa"), scores(baseline, "qa_passage_only")
    header = ["trained on", "tested on", "questions", "F1", "EM", "F1 without", "difference"]
    rows = [header, ["---"] * len(header)]
    for (trained, tested, metric), f1 in sorted(ours.items()):
        if metric != "qa_f1":
            continue
        em = ours[trained, tested, "qa_em"]
        row = [trained, tested, str(len(f1)), f"{100 * f1.mean():.1f}", f"{100 * em.mean():.1f}"]
        base = without.get((trained, tested, metric))
        row += ["-", "-"] if base is None else [f"{100 * base.mean():.1f}", interval(f1 - base)]
        rows.append(row)
    sys.stdout.writelines("| " + " | ".join(row) + " |\n" for row in rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[-1]))
