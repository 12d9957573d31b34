"""How much the trainings and the test examples of a finished study make its differences vary."""

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from isogloss.core import InputError, read_yaml
from isogloss.statistics import critical_value

if TYPE_CHECKING:
    import pandas as pd

SPREAD_COLUMNS = (
    *("study", "model", "updates", "task", "metric"),
    *("reference", "seed_sd", "example_sd", "n_comparisons"),
)
PLATEAU_COLUMNS = ("study", "model", "updates", "n_runs", "n_left")


def spread_of(study: Path) -> "pd.DataFrame":
    """Return the spread behind the verdicts of a study, one row per task.

    `seed_sd` is the standard deviation of a difference between one training of each side on the
    same test examples, `example_sd` that of one example's share in it: with S seeds and n examples
    the squared standard error is seed_sd^2 / S + example_sd^2 / n. Each is the root of the mean
    square over the verdicts within a language that rest on two seeds or more; `reference` is the
    mean score of the monolingual models.

    Args:
        study: folder with `verdicts.csv`, `records.csv` and `spec.yaml`.

    Raises:
        InputError: the folder is no finished study.
    """
    import pandas as pd

    verdicts, records = (_table(study, name) for name in ("verdicts.csv", "records.csv"))
    spec = _spec(study)
    told = verdicts[(verdicts["setting"] == "within_language") & (verdicts["n_seeds"] > 1)]
    parts = [
        {
            "task": row.task,
            "metric": row.metric,
            "reference": row.monolingual,
            **_parts(row, records),
        }
        for row in told.dropna(subset=["ci_low"]).itertuples()
    ]
    frame = pd.DataFrame(parts, columns=["task", "metric", "reference", "seeds", "examples"])
    rows = [
        {
            "study": study.name,
            "model": str(spec["model"]),
            "updates": int(spec["pretraining"]["updates"]),
            "task": task,
            "metric": metric,
            "reference": group["reference"].mean(),
            "seed_sd": math.sqrt(group["seeds"].mean()),
            "example_sd": math.sqrt(group["examples"].mean()),
            "n_comparisons": len(group),
        }
        for (task, metric), group in frame.groupby(["task", "metric"], sort=False)
    ]
    return pd.DataFrame(rows, columns=list(SPREAD_COLUMNS))


def plateau_of(study: Path) -> "pd.DataFrame":
    """Return how many pretrainings of a study left the plateau, by their number of updates.

    Args:
        study: folder with `confounds.csv` and `spec.yaml`.

    Raises:
        InputError: the folder is no finished study.
    """
    import pandas as pd

    confounds = _table(study, "confounds.csv")
    spec = _spec(study)
    # A joint run has a row for each language, each with its share of the updates.
    runs = confounds.groupby("run_id").agg({"updates": "sum", "left_plateau": "all"})
    rows = [
        {
            "study": study.name,
            "model": str(spec["model"]),
            "updates": round(float(str(updates))),
            "n_runs": len(group),
            "n_left": int(group["left_plateau"].sum()),
        }
        for updates, group in runs.groupby(runs["updates"].round())
    ]
    return pd.DataFrame(rows, columns=list(PLATEAU_COLUMNS))


# Sizes that are tried for the part of the examples.
_STEPS = 300
_NEXT = "Give the folder of a finished study."


def _spec(study: Path) -> dict[str, Any]:
    """Return the specification of a study as plain data."""
    read = read_yaml(study / "spec.yaml", what="the specification of a study", next_step=_NEXT)
    return cast("dict[str, Any]", read)


def _table(study: Path, name: str) -> "pd.DataFrame":
    import pandas as pd

    try:
        frame = pd.read_csv(study / name, keep_default_na=False, na_values=[""])
    except (OSError, ValueError) as error:
        raise InputError(
            expected="the folder of a finished study",
            found=f"no readable {name}",
            where=str(study),
            next_step="Give the folder that `--out` named, after its runs are done.",
        ) from error
    return frame


def _parts(row: object, records: "pd.DataFrame") -> dict[str, float]:
    """Return the two parts of a verdict's variance, of one training and of one example.

    The interval gives the whole. Its degrees of freedom depend on the parts, so that two sizes of
    the part of the examples can give one interval: the larger is taken.
    """
    n_seeds, n_examples = float(row.n_seeds), float(row.n_examples)  # type: ignore[attr-defined]
    seeds = _seed_variance(row, records)
    half = (row.ci_high - row.ci_low) / 2  # type: ignore[attr-defined]
    shares = np.linspace(1.0, 0.0, _STEPS) ** 2
    widths = [
        half_width(seeds / n_seeds, share * (half / 1.96) ** 2, n_seeds, n_examples)
        for share in shares.tolist()
    ]
    nearest = int(np.abs(np.array(widths) - half).argmin())
    fitting = np.flatnonzero(np.array(widths) <= half)
    chosen = float(shares[fitting[0] if len(fitting) else nearest])
    return {"seeds": seeds, "examples": chosen * (half / 1.96) ** 2 * n_examples}


def half_width(seeds: float, examples: float, n_seeds: float, n_examples: float) -> float:
    """Return half of the 95 % interval whose variance has these two parts."""
    freedom = freedom_of(seeds, examples, n_seeds, n_examples)
    return critical_value(freedom, 0.05) * math.sqrt(seeds + examples)


def freedom_of(seeds: float, examples: float, n_seeds: float, n_examples: float) -> float:
    """Return the degrees of freedom of the sum of both parts (Satterthwaite)."""
    total = seeds + examples
    if total == 0.0:
        return n_examples - 1
    shares = seeds / total, examples / total
    return 1 / (shares[0] ** 2 / (2 * (n_seeds - 1)) + shares[1] ** 2 / (n_examples - 1))


def _seed_variance(row: object, records: "pd.DataFrame") -> float:
    """Return the variance of one training's score on each side, added up."""
    same = records
    for name in ("mixture", "task", "metric", "setting"):
        same = same[same[name] == getattr(row, name)]
    same = same[same["target_language"] == row.language]  # type: ignore[attr-defined]
    alone = same[(same["treatment"] == "monolingual") & (same["match"] == row.match)]  # type: ignore[attr-defined]
    joint = same[same["treatment"] == row.treatment]  # type: ignore[attr-defined]
    found = [float(side["value"].var(ddof=1)) for side in (alone, joint) if len(side) > 1]
    return float(sum(found))
