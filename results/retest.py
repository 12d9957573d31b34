"""What the verdicts of kept tables are under today's test, as far as the kept numbers tell.

    python results/retest.py [NAME ...]

The tables here were made with Student's t and Satterthwaite's degrees of freedom, which called a
true nothing significant too often (docs/statistics.md). Today's p-value needs the parts of the
variance, and the answers to single examples, from which they come, are not kept. But the interval
and the old p-value give the old variance, and the scores of the seeds in `records.csv` the part of
the trainings. What stays unknown is how much of that part test examples explain too, between
nothing and all of it, so the new p-value is known between two bounds. Writes
`results/NAME/retest.csv`: one row for each verdict that was significant, with Holm's correction
over its table anew.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml
from scipy import optimize, stats

from isogloss.statistics.generalised_p import tails
from isogloss.statistics.holm import holm
from isogloss.statistics.variance import SeedPart, Uncertainty

Row = Any  # of `itertuples`: its attributes are the columns
SIGNIFICANT = ("HURT", "HELPED", "BETTER", "WORSE")
# Table -> its column of differences, and what Holm's correction was over one set of.
TABLES = {
    "verdicts": ("interference", ["treatment", "match", "task", "metric", "setting"]),
    "comparisons": ("gain", ["treatment", "reference", "task", "metric", "setting"]),
    "averages": ("gain", ["reference", "mixture", "task", "metric", "setting"]),
}
SHARES = np.linspace(0.0, 1.0, 5)


def old_variance(estimate: float, half: float, p: float) -> float:
    """Return the variance behind an interval and a p-value of Student's t."""

    def gap(log_freedom: float) -> float:
        freedom = np.exp(log_freedom)
        error = half / stats.t.ppf(0.975, freedom)
        return float(stats.t.logsf(abs(estimate) / error, freedom) + np.log(2.0) - np.log(p))

    low, high = 0.0, np.log(1e6)
    if gap(low) * gap(high) < 0:
        freedom = np.exp(optimize.brentq(gap, low, high))
    else:
        freedom = np.exp(min(low, high, key=lambda end: abs(gap(end))))
    return float(half / stats.t.ppf(0.975, freedom)) ** 2


def bounds(row: Row, estimate: float, sides: list[np.ndarray], *, paired: bool) -> list[float]:
    """Return the least and the largest p-value that the kept numbers allow."""
    half = (row.ci_high - row.ci_low) / 2
    if not (half > 0 and 0 < row.p < 1):
        return [row.p, row.p]
    variance = old_variance(estimate, half, row.p)
    parts = [(len(side), float(side.var(ddof=1)) / len(side)) for side in sides if len(side) > 1]
    total = sum(part for _, part in parts)
    if total == 0:
        return [row.p, row.p]
    # Trainings add V_seeds - V_both where that is more than nothing, and nothing where it is not.
    cases = [(variance - total + share * total, share) for share in SHARES if variance >= total]
    most = max(variance, total) / total
    cases += [(variance, 1.0 + share * (most - 1.0)) for share in SHARES]
    found = []
    for examples, share in cases:
        seeds = tuple(SeedPart(n, part, part * share, n - 1.0) for n, part in parts)
        uncertain = Uncertainty(examples, int(row.n_examples), seeds, paired)
        found.append(2.0 * float(tails(uncertain).beyond(abs(estimate))[0]))
    return [min(found), max(found)]


def seed_scores(records: pd.DataFrame, row: Row, treatment: str) -> pd.Series:
    """Return the scores of one side of a row by seed; of an average, the mean over languages."""
    same = records["treatment"] == treatment
    for key in ("task", "metric", "setting"):
        same &= records[key] == getattr(row, key)
    if hasattr(row, "language"):
        same &= records["target_language"] == row.language
        same &= records["source_language"] == row.source_language
    if treatment == "monolingual":
        same &= (records["match"] == row.match) & (records["mixture"] == row.source_language)
    else:
        same &= records["mixture"] == row.mixture
    return records[same].groupby("seed")["value"].mean()


def retested(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield the verdicts that were significant, with the bounds of their p-values."""
    records = pd.read_csv(folder / "records.csv", keep_default_na=False, na_values=[""])
    spec = yaml.safe_load((folder / "spec.yaml").read_text())
    paired, alpha = spec.get("treat") == "finetuning", spec["statistics"]["alpha"]
    for name, (column, family) in TABLES.items():
        path = folder / f"{name}.csv"
        if not path.is_file():
            continue
        table = pd.read_csv(path, keep_default_na=False, na_values=[""]).dropna(subset=["p"])
        for _, rows in table.groupby(family, dropna=False, sort=False):
            if not rows["verdict"].isin(SIGNIFICANT).any():
                continue
            both = []
            for row in rows.itertuples():
                reference = getattr(row, "reference", "monolingual")
                first, second = (
                    seed_scores(records, row, one) for one in (reference, row.treatment)
                )
                estimate = getattr(row, column)
                if abs(abs(first.mean() - second.mean()) - abs(estimate)) > 1e-6:
                    raise ValueError(f"{folder.name}: records do not give {row}")
                sides = [first - second] if paired else [first, second]
                values = [side.to_numpy() for side in sides]
                both.append(bounds(row, estimate, values, paired=paired))
            adjusted = zip(*(holm(list(side)) for side in zip(*both, strict=True)), strict=True)
            for row, (low, high) in zip(rows.to_dict("records"), adjusted, strict=True):
                if row["verdict"] in SIGNIFICANT:
                    now = "stands" if high < alpha else "falls" if low >= alpha else "open"
                    if row["n_seeds"] < 2:  # of which no verdict is given any more
                        now = "one seed"
                    yield {
                        "table": name,
                        **{key: row.get(key, "") for key in ("treatment", "reference", "mixture")},
                        **{key: row.get(key, "") for key in ("match", "task", "metric", "setting")},
                        **{key: row.get(key, "") for key in ("source_language", "language")},
                        "difference": row[column],
                        "verdict": row["verdict"],
                        "p_holm": row["p_holm"],
                        "p_holm_now_at_least": low,
                        "p_holm_now_at_most": high,
                        "now": now,
                    }


def main() -> None:
    """Retest the kept studies and say how many verdicts stand."""
    here = Path(__file__).parent
    for name in sys.argv[1:] or sorted(path.parent.name for path in here.glob("*/records.csv")):
        rows = pd.DataFrame(list(retested(here / name)))
        if rows.empty:
            sys.stdout.write(f"{name}: no verdict was significant\n")
            continue
        rows.to_csv(here / name / "retest.csv", index=False, float_format="%.6g")
        counts = rows.groupby("table", sort=False)["now"].value_counts().to_dict()
        sys.stdout.write(f"{name}: {counts}\n")


if __name__ == "__main__":
    main()
