"""The probe of a study's runs: it touches nothing, and a resumed run repeats no look."""

import json
from pathlib import Path
from typing import Any

import pytest
from torch import Tensor

import toys
from isogloss.diagnosis import CONFLICT_FILE, ConflictProbe
from isogloss.models import ModuleSpec
from isogloss.training import LoopSettings, TextSampling


def probed(folder: Path, every: int, updates: int = 6, **changes: Any) -> dict[str, Tensor]:
    """Train a plan with a probe; return the weights."""
    plan = toys.plan(updates=updates, **changes)
    one = toys.training(plan)
    if every:
        model: Any = one.model
        equal = TextSampling(0.0)
        probe = ConflictProbe(model, one.context, plan.objective, equal, one.engine, every)
        one.observers = [probe]
    one.run(folder, LoopSettings(log_every=2))
    return toys.weights(one.model)


@pytest.mark.parametrize(
    "modules", [(), (ModuleSpec("adapter", (0, 1), options={"bottleneck": 2}),)]
)
def test_a_probe_keeps_every_bit(modules: tuple[ModuleSpec, ...], tmp_path: Path) -> None:
    plain = probed(tmp_path / "plain", 0, modules=modules)
    watched = probed(tmp_path / "watched", 2, modules=modules)
    assert toys.same_bits(plain, watched)
    lines = (tmp_path / "watched" / CONFLICT_FILE).read_text().splitlines()
    rows = [json.loads(line) for line in lines]
    assert [row["update"] for row in rows] == [0, 2, 4]
    assert {len(row["control"]) for row in rows} == {2}
    assert rows[0]["coverage"] > 0.9


def test_a_resumed_run_repeats_no_row(tmp_path: Path) -> None:
    log = tmp_path / CONFLICT_FILE
    plan = toys.plan()
    one = toys.training(plan)
    model: Any = one.model
    equal = TextSampling(0.0)
    probe = ConflictProbe(model, one.context, plan.objective, equal, one.engine, 1)
    probe.start(tmp_path, 0)
    for update in range(3):
        probe.observe(update)
    whole = log.read_text()
    probe.start(tmp_path, 1)
    for update in range(1, 3):
        probe.observe(update)
    assert log.read_text() == whole
