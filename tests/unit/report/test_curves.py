import json
import math
from pathlib import Path

import pandas as pd

from isogloss.report.curves import (
    CURVE_COLUMNS,
    SIGNAL_COLUMNS,
    events,
    no_signals,
    pretrainings,
    read_curves,
    read_signals,
    update_of,
    with_roles,
)


def write_run(runs: Path, spec: str, events: list[object]) -> None:
    folder = runs / "one"
    folder.mkdir(parents=True)
    (folder / "spec.yaml").write_text(spec)
    lines = [event if isinstance(event, str) else json.dumps(event) for event in events]
    (folder / "metrics.jsonl").write_text("\n".join(lines))


def test_reads_dev_losses_only(tmp_path: Path) -> None:
    spec = "{run_id: r, treatment: untreated, mixture: [a, b], seed: 3, options: {exponent: 0.3}}"
    events = [
        {"kind": "train", "update": 1, "loss": 9.0},
        {"kind": "dev", "update": 5, "loss_by_language": {"a": 2.5, "b": 3.5}},
        '{"kind": "dev", "update": 10, "loss_by_l',
        '["dev"]',
        {"kind": "dev", "update": 15, "loss_by_language": None},
    ]
    write_run(tmp_path, spec, events)
    table = read_curves(tmp_path)
    assert list(table.columns) == list(CURVE_COLUMNS)
    assert table[["language", "update", "nats"]].to_numpy().tolist() == [
        ["a", 5, 2.5],
        ["b", 5, 3.5],
    ]
    assert table["mixture"].iloc[0] == "a+b"
    assert table["options"].iloc[0] == "exponent 0.3"


def test_fine_tuning_has_no_curve(tmp_path: Path) -> None:
    event = {"kind": "dev", "update": 5, "loss_by_language": {"a": 2.5}}
    write_run(tmp_path, "{stage: finetune, treatment: untreated}", [event])
    assert read_curves(tmp_path).empty


def test_a_broken_spec_does_not_hide_the_curve(tmp_path: Path) -> None:
    event = {"kind": "dev", "update": 5, "loss_by_language": {"a": 2.5}}
    write_run(tmp_path, "{[", [event])
    curves = read_curves(tmp_path)
    assert curves["treatment"].tolist() == [""]
    row = {"run_id": "one", "treatment": "untreated", "mixture": "a+b", "match": "", "seed": 4}
    assert with_roles(curves, pd.DataFrame([row]))["seed"].tolist() == [4]


def test_one_run_may_play_several_roles(tmp_path: Path) -> None:
    event = {"kind": "dev", "update": 5, "loss_by_language": {"a": 2.5, "b": 2.7}}
    write_run(tmp_path, "{stage: pretrain, plan: {seed: 1}}", [event])
    curves = read_curves(tmp_path)
    assert with_roles(curves, None).empty, "a run that nobody names has no place in a figure"
    roles = [
        {"run_id": "one", "treatment": name, "mixture": "a+b", "match": "", "seed": 1}
        for name in ("untreated", "temperature", "temperature")
    ]
    played = with_roles(curves, pd.DataFrame(roles))
    assert list(played.columns) == list(CURVE_COLUMNS)
    assert sorted(played["treatment"]) == ["temperature"] * 2 + ["untreated"] * 2


def test_no_runs_is_an_empty_table(tmp_path: Path) -> None:
    assert read_curves(tmp_path / "runs").empty


def test_rows_of_one_kind_that_hold_a_key(tmp_path: Path) -> None:
    log = tmp_path / "metrics.jsonl"
    rows = [
        {"kind": "train", "update": 1, "meta_ratio": 0.5},
        {"kind": "dev", "update": 2, "meta_ratio": 0.5},
        {"kind": "train", "note": "meta_ratio"},
    ]
    log.write_text("\n".join([*map(json.dumps, rows), '{"kind": "train", "meta_ratio": 0.']))
    [event] = events(log, "train", "meta_ratio")
    assert update_of(event) == 1
    assert update_of({"update": None}) == 0


def test_pretrainings_only(tmp_path: Path) -> None:
    write_run(tmp_path, "{stage: pretrain, seed: 5}", [])
    [(log, run)] = pretrainings(tmp_path)
    assert log.name == "metrics.jsonl"
    assert run["seed"] == 5


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
