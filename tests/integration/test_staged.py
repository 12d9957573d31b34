"""A staged study that is really trained, killed in its second stage, and resumed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
import yaml
from transformers import AutoModelForMaskedLM, BertConfig

from isogloss.cli import main
from isogloss.models.quiet import quiet
from unit.study import toys

# A model from elsewhere: what a run of this size pretrains stays on the plateau, which ends it all.
SIZE = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
# A difference of 90 points of `pos` is excluded after the first stage; one of a hundredth of a
# point of `ner` never is.
CONTENT = {
    **toys.CONTENT,
    "treat": "finetuning",
    "model": "mine",
    "tasks": ["pos", "ner"],
    "seeds": {"first": 3, "most": 4},
    "pretraining": {"updates": 0, "length": 24},
    "statistics": {"smallest_effect": {"pos_accuracy": 0.9, "entity_f1": 0.0001}},
}
COMMAND = ["run", "study.yaml", "--data", "data", "--launcher", "inline", "--out"]
# What differs from one sitting to another.
SITTING = ["wall_s", "peak_memory_mb"]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with data, a model and a staged study."""
    folder = tmp_path_factory.mktemp("staged")
    toys.write_bed(folder / "data", "conflict")
    config = BertConfig(**SIZE, vocab_size=400, intermediate_size=24, max_position_embeddings=64)
    with quiet():
        AutoModelForMaskedLM.from_config(config).save_pretrained(folder / "mine")
    (folder / "study.yaml").write_text(yaml.safe_dump(CONTENT))
    return folder


def kill_in_the_second_stage(out: Path) -> None:
    """Start the study as a process of its own and kill it while it trains the fourth seed."""
    process = subprocess.Popen(
        [sys.executable, "-m", "isogloss", *COMMAND, str(out)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 600
    while not any(out.glob("runs/finetune-*-s3-*/status")) and process.poll() is None:
        if time.monotonic() > deadline:
            break
        time.sleep(0.02)
    begun = any(out.glob("runs/finetune-*-s3-*/status"))
    process.send_signal(signal.SIGKILL)
    _, told = process.communicate()
    assert begun, f"the second stage did not begin: {told}"
    assert process.returncode == -signal.SIGKILL, told


def results(out: Path) -> dict[str, int]:
    """Return when each finished run was written."""
    return {path.parent.name: path.stat().st_mtime_ns for path in out.glob("runs/*/result.json")}


def test_killed_in_the_second_stage_and_resumed(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(place)
    out = tmp_path / "killed"
    kill_in_the_second_stage(out)
    before = results(out)
    assert not (out / "records.csv").exists(), "it was killed before its end"
    assert main([*COMMAND, str(out)]) == 0
    assert before.items() <= results(out).items(), "no run is repeated"
    assert main([*COMMAND, str(tmp_path / "whole")]) == 0
    whole, resumed = (
        pd.read_csv(folder / "records.csv").drop(columns=SITTING)
        for folder in (tmp_path / "whole", out)
    )
    pd.testing.assert_frame_equal(whole, resumed)
    assert results(out).keys() == results(tmp_path / "whole").keys()

    seeds = resumed.groupby("task")["seed"].unique()
    assert sorted(seeds["pos"]) == [0, 1, 2], "decided after the first stage"
    assert sorted(seeds["ner"]) == [0, 1, 2, 3], "open, and so trained once more"
    verdicts = pd.read_csv(out / "verdicts.csv")
    within = verdicts[verdicts["setting"] == "within_language"].set_index("task")
    assert set(within.loc["pos", "verdict"]) == {"INCONCLUSIVE"}
    assert set(within.loc["pos", "n_seeds"]) == {3}
    assert set(within.loc["ner", "n_seeds"]) == {4}
