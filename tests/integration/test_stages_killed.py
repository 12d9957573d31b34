"""Seeds until decided, killed in the second stage: the same runs and decisions as if never."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
import yaml

from integration.test_stopped import SITTING, within
from isogloss.cli import main
from isogloss.models import create_model
from isogloss.study import prepare
from unit.study import toys

# Any difference is of interest, so that two seeds decide nothing.
CONTENT = {
    "name": "stages",
    "treat": "finetuning",
    "model": "./model",
    "mixtures": [["qaa", "qab"]],
    "tasks": ["pos"],
    "seeds": {"first": 2, "most": 3},
    "match": ["language"],
    "precision": "fp32",
    "largest_overlap": 1,
    "pretraining": {"updates": 0, "length": 24},
    "finetuning": {"rows": 8, "length": 24, "max_examples": 48, "learning_rate": 0.002},
    "statistics": {"smallest_effect": {"pos_accuracy": 1e-6}},
    "logging": {"conflict": 0},
}
COMMAND = ["run", "study.yaml", "--data", "data", "--launcher", "inline", "--out"]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with data, a checkpoint, a study, and what comes out when nobody kills it."""
    folder = tmp_path_factory.mktemp("place")
    toys.write_bed(folder / "data", "conflict")
    prepared = prepare(toys.spec(), str(folder / "data"), folder / "first")
    model = create_model("micro", tokenizer=prepared.tokenizer, languages=toys.PAIR, seed=0)
    model.save(folder / "model")
    shutil.copytree(
        folder / "first" / "prepared" / "tokenizer", folder / "model", dirs_exist_ok=True
    )
    (folder / "study.yaml").write_text(yaml.safe_dump(CONTENT))
    before = Path.cwd()
    os.chdir(folder)
    try:
        assert main([*COMMAND, "whole"]) == 0
    finally:
        os.chdir(before)
    return folder


def finished(out: Path) -> dict[str, int]:
    """Return when each finished run was finished."""
    return {path.parent.name: path.stat().st_mtime_ns for path in out.glob("runs/*/result.json")}


def reached(second: set[str], out: Path) -> bool:
    """Tell whether a run of the second stage is finished."""
    return not second.isdisjoint(finished(out))


def test_killed_in_its_second_stage_it_comes_to_the_same(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(place)
    whole, out = place / "whole", tmp_path / "out"
    records = pd.read_csv(whole / "records.csv")
    assert 2 in set(records["seed"]), "open after the first stage"
    second = {run for run in finished(whole) if "-s2-" in run}
    assert len(second) > 1

    process = subprocess.Popen(
        [sys.executable, "-m", "isogloss", *COMMAND, str(out)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        started = within(600, lambda: reached(second, out) or process.poll() is not None)
    finally:
        process.kill()
    _, told = process.communicate(timeout=60)
    assert started, told
    assert process.returncode == -signal.SIGKILL, told
    before = finished(out)
    assert reached(second, out)
    assert second - before.keys(), "killed before the end of the second stage"

    assert main([*COMMAND, str(out)]) == 0
    after = finished(out)
    assert after.keys() == finished(whole).keys()
    assert {run: after[run] for run in before} == before, "no run is repeated"
    for name in ("records", "verdicts", "comparisons", "diagnoses", "averages"):
        tables = [
            pd.read_csv(folder / f"{name}.csv").drop(columns=SITTING, errors="ignore")
            for folder in (whole, out)
        ]
        pd.testing.assert_frame_equal(*tables)
