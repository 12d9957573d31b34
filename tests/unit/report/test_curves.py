import json
from pathlib import Path

import pandas as pd

from isogloss.report.curves import (
    CURVE_COLUMNS,
    events,
    pretrainings,
    read_curves,
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
