import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from isogloss.core import InputError
from isogloss.study.plan.spread import freedom_of, half_width, plateau_of, spread_of

SPEC = "name: toy\nmodel: micro\npretraining: {updates: 400}\n"
ROW = {"mixture": "a+b", "task": "pos", "metric": "pos_accuracy", "setting": "within_language"}


def write_study(folder: Path, *, seed_sd: float = 0.03, example_sd: float = 0.4) -> Path:
    """Write a study of three seeds and 400 examples whose spread is known exactly."""
    seeds, n_examples = 3, 400
    spread = seed_sd / math.sqrt(2)  # of each side
    offsets = np.array([-spread, 0.0, spread])  # of this standard deviation with ddof = 1
    records = [
        {
            **ROW,
            "treatment": treatment,
            "match": "language" if treatment == "monolingual" else "",
            "target_language": "a",
            "value": 0.7 + offset,
        }
        for treatment in ("monolingual", "untreated")
        for offset in offsets
    ]
    half = half_width(seed_sd**2 / seeds, example_sd**2 / n_examples, seeds, n_examples)
    verdict = {
        **ROW,
        "treatment": "untreated",
        "match": "language",
        "language": "a",
        "monolingual": 0.7,
        "ci_low": -half,
        "ci_high": half,
        "n_seeds": seeds,
        "n_examples": n_examples,
    }
    confounds = [
        {"run_id": "one", "updates": 200.0, "left_plateau": True},
        {"run_id": "one", "updates": 200.0, "left_plateau": True},
        {"run_id": "two", "updates": 400.0, "left_plateau": False},
    ]
    folder.mkdir(exist_ok=True)
    for name, rows in {"records": records, "verdicts": [verdict], "confounds": confounds}.items():
        pd.DataFrame(rows).to_csv(folder / f"{name}.csv", index=False)
    (folder / "spec.yaml").write_text(SPEC, encoding="utf-8")
    return folder


def test_both_parts_are_found_again(tmp_path: Path) -> None:
    found = spread_of(write_study(tmp_path / "toy")).iloc[0]
    assert (found["study"], found["model"], found["updates"]) == ("toy", "micro", 400)
    assert found["seed_sd"] == pytest.approx(0.03)
    assert found["example_sd"] == pytest.approx(0.4, rel=0.01)
    assert (found["reference"], found["n_comparisons"]) == (0.7, 1)


def test_a_joint_run_counts_all_its_updates(tmp_path: Path) -> None:
    [found] = plateau_of(write_study(tmp_path / "toy")).to_dict("records")
    assert (found["updates"], found["n_runs"], found["n_left"]) == (400, 2, 1)


def test_degrees_of_freedom_are_those_of_the_larger_part() -> None:
    assert freedom_of(1.0, 0.0, 3, 400) == pytest.approx(4)
    assert freedom_of(0.0, 1.0, 3, 400) == pytest.approx(399)
    assert freedom_of(0.0, 0.0, 3, 400) == 399


def test_no_study_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no readable verdicts\.csv"):
        spread_of(tmp_path)
