import json
import math
from pathlib import Path

import pandas as pd

from isogloss.report.curves import with_roles
from isogloss.report.signals import SIGNAL_COLUMNS, no_signals, read_signals


def write_run(runs: Path, spec: str, events: list[object]) -> None:
    folder = runs / "one"
    folder.mkdir(parents=True)
    (folder / "spec.yaml").write_text(spec)
    lines = [event if isinstance(event, str) else json.dumps(event) for event in events]
    (folder / "metrics.jsonl").write_text("\n".join(lines))


def test_reads_what_training_rows_say(tmp_path: Path) -> None:
    events = [
        {"kind": "train", "update": 19, "loss": 9.0},
        {"kind": "train", "update": 39, "meta_ratio": 2.5e-4, "meta_cosine": -0.25},
        {"kind": "train", "update": 59, "meta_ratio": 0.0, "meta_cosine": math.nan},
        {"kind": "train", "update": 79, "meta_ratio": "broken"},
        {"kind": "dev", "update": 79, "meta_ratio": 1.0},
        '{"kind": "train", "update": 99, "meta_rat',
        '["meta_ratio"]',
    ]
    write_run(tmp_path, "{stage: pretrain, seed: 3}", events)
    table = read_signals(tmp_path)
    assert tuple(table) == SIGNAL_COLUMNS
    assert table["update"].tolist() == [39, 59, 79]
    assert table["meta_ratio"].tolist()[:2] == [2.5e-4, 0.0]
    assert table["meta_cosine"].tolist()[0] == -0.25
    assert table.loc[1:, "meta_cosine"].isna().all()
    assert math.isnan(table["meta_ratio"].iloc[2])


def test_fine_tuning_has_no_signal(tmp_path: Path) -> None:
    write_run(tmp_path, "{stage: finetune}", [{"kind": "train", "update": 1, "meta_ratio": 1.0}])
    assert read_signals(tmp_path).empty


def test_the_roles_of_a_run_are_those_of_its_curves(tmp_path: Path) -> None:
    events = [{"kind": "train", "update": 1, "meta_ratio": 1.0, "meta_cosine": 0.5}]
    write_run(tmp_path, "{stage: pretrain}", events)
    role = {"run_id": "one", "treatment": "meta_adapters", "mixture": "a+b", "match": "", "seed": 4}
    table = with_roles(read_signals(tmp_path), pd.DataFrame([role]))
    assert table[["treatment", "mixture", "seed"]].to_numpy().tolist() == [
        ["meta_adapters", "a+b", 4]
    ]


def test_no_runs(tmp_path: Path) -> None:
    assert read_signals(tmp_path / "runs").empty
    assert tuple(no_signals()) == SIGNAL_COLUMNS
    assert no_signals().empty
