"""`plan`: runs and costs, and nothing trained."""

import json
from collections.abc import Callable
from pathlib import Path


def test_counts_the_runs(bed: Path, study_file: Path, isogloss: Callable[..., object]) -> None:
    code, out, _ = isogloss("plan", study_file, "--data", bed, "--json")
    plan = json.loads(out)
    assert code == 0
    # A seed: two models alone and one together, fine-tuned on 1 + 1 + 2 languages.
    assert len(plan["runs"]) == 2 * (3 + 4)
    assert plan["cost"]["n_finished"] == 0
    assert plan["cost"]["passes"] == sum(row["updates"] for row in plan["runs"])


def test_knows_what_is_done(
    bed: Path, study_file: Path, finished: Path, isogloss: Callable[..., object]
) -> None:
    code, out, _ = isogloss("plan", study_file, "--data", bed, "--out", finished)
    assert code == 0
    assert "14 finished already" in out
