"""One look at the languages' gradients as numbers, and who may look."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

import toys
from isogloss.core import InputError
from isogloss.diagnosis import (
    CONFLICT_FILE,
    ConflictMonitor,
    ConflictProbe,
    conflict_row,
    module_kind,
)
from isogloss.gradients import GradientEngine
from isogloss.models import ModuleSpec
from isogloss.training import LoopSettings

NAMES = ["eng-Latn", "swa-Latn"]
PAIR = "eng-Latn|swa-Latn"


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("model.layers.0.attn.Wqkv", "attention"),
        ("bert.encoder.layer.3.attention.output.LayerNorm", "layer_norm"),
        ("roberta.encoder.layer.3.output.dense", "feed_forward"),
        ("bert.encoder.layer.3.attention.output.dense", "attention"),
        ("bert.embeddings.word_embeddings", "embedding"),
        ("classifier", "other"),
    ],
)
def test_kinds_of_modules(path: str, kind: str) -> None:
    assert module_kind(path) == kind


def linear(rows: Tensor, language: list[int]) -> dict[str, Any]:
    """Return the row of a linear model whose gradients are the sums of its rows."""
    model = nn.Sequential(nn.Linear(2, 1, bias=False))
    engine = GradientEngine(model)
    with engine.watch(language, halves=True):
        values = model(rows)
    values.sum().backward()
    return conflict_row(engine.take(), NAMES)


def test_values_worked_by_hand() -> None:
    # English: (1, 0) + (1, 2) = (2, 2); Swahili: (-1, 0) + (0, -1) = (-1, -1): opposite.
    rows = torch.tensor([[1.0, 0.0], [1.0, 2.0], [-1.0, 0.0], [0.0, -1.0]])
    row = linear(rows, [0, 0, 1, 1])
    assert row["cosine"][PAIR] == pytest.approx(-1)
    assert row["conflict_rate"] == 1
    assert row["norm"] == pytest.approx({"eng-Latn": 8**0.5, "swa-Latn": 2**0.5})
    root = 5**-0.5
    assert row["same_language"] == pytest.approx({"eng-Latn": root, "swa-Latn": 0})
    # Pairings: (1,0)(-1,0) = -1, (1,0)(0,-1) = 0, (1,2)(-1,0) = -1/sqrt 5, (1,2)(0,-1) = -2/sqrt 5.
    assert row["half"][PAIR] == pytest.approx((-1 - 3 * root) / 4)
    # Unbiased lengths: <(1,0),(1,2)> / (1/2 1/2) = 4, and 0 for Swahili, whose cosine has none.
    assert row["corrected"][PAIR] is None
    assert row["kinds"]["other"][PAIR] == pytest.approx(-1)
    assert row["coverage"] == 1


def test_a_gradient_that_is_not_finite_is_named_and_left_out() -> None:
    rows = torch.tensor([[1.0, 0.0], [1.0, 2.0], [float("nan"), 0.0], [0.0, -1.0]])
    row = linear(rows, [0, 0, 1, 1])
    assert row["not_finite"] == ["swa-Latn"]
    assert row["languages"] == ["eng-Latn"]
    assert row["cosine"] == {}
    assert list(row["norm"]) == ["eng-Latn"]
    json.dumps(row, allow_nan=False)


def loop(monitor: ConflictMonitor | None, steps: int = 5) -> dict[str, Tensor]:
    """Train a small model by hand, watched or not; return its weights."""
    torch.manual_seed(0)
    model = MODEL if monitor is None else monitored
    model.load_state_dict(START)
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.1)
    language = torch.tensor([0, 1, 0, 1])
    for _ in range(steps):
        optimizer.zero_grad()
        values = torch.randn(4, 3)
        if monitor is None:
            loss = model(values).square().mean()
        else:
            with monitor.watch(language):
                loss = model(values).square().mean()
        loss.backward()
        if monitor is not None:
            monitor.step()
        optimizer.step()
    return toys.weights(model)


def small() -> nn.Module:
    """Return a model with something random in it."""
    return nn.Sequential(nn.Linear(3, 8), nn.Dropout(0.5), nn.LayerNorm(8), nn.Linear(8, 2))


MODEL, monitored = small(), small()
START = {name: value.clone() for name, value in MODEL.state_dict().items()}


def test_a_watched_loop_keeps_every_bit_and_looks_when_due(tmp_path: Path) -> None:
    monitor = ConflictMonitor(monitored, ["en", "sw"], folder=tmp_path, every=2)
    assert toys.same_bits(loop(None), loop(monitor))
    assert [row["update"] for row in monitor.rows] == [0, 2, 4]
    lines = (tmp_path / CONFLICT_FILE).read_text().splitlines()
    assert [json.loads(line) for line in lines] == monitor.rows
    assert -1 <= monitor.rows[0]["cosine"][PAIR] <= 1


def test_a_look_waits_for_a_batch_with_two_languages() -> None:
    monitor = ConflictMonitor(monitored, ["en", "sw"], every=3)
    for language in ([0, 0, 0, 0], [0, 0, 0, 1], [0, 1, 0, 1], [0, 1, 0, 1]):
        with monitor.watch(language):
            loss = monitored(torch.randn(4, 3)).square().mean()
        loss.backward()
        monitor.step()
    assert [row["update"] for row in monitor.rows] == [2, 3]


@pytest.mark.parametrize("language", [[], [0, 2], [-1, 0]])
def test_a_batch_without_known_languages_is_refused(language: list[int]) -> None:
    monitor = ConflictMonitor(monitored, ["en", "sw"])
    with pytest.raises(InputError, match="index of each row's language"), monitor.watch(language):
        pass


@pytest.mark.parametrize("languages", [["en"], [], ["en", "eng"]])
def test_two_different_languages_are_needed(languages: list[str]) -> None:
    with pytest.raises(InputError, match="two different languages"):
        ConflictMonitor(monitored, languages)


def test_a_language_with_one_row_has_no_halves() -> None:
    engine = GradientEngine(monitored)
    with (
        pytest.raises(InputError, match="two rows"),
        engine.watch([0, 0, 1], present=[0, 1], halves=True),
    ):
        pass


def test_modules_that_cannot_be_seen_are_named() -> None:
    model = nn.Sequential(nn.Conv1d(3, 50, 1), nn.Flatten(), nn.Linear(50, 2))
    monitor = ConflictMonitor(model, ["en", "sw"], least_coverage=0.9)
    with monitor.watch([0, 1, 0, 1]):
        loss = model(torch.randn(4, 3, 1)).square().mean()
    loss.backward()
    with pytest.raises(InputError, match=r"can be seen; not seen: 0\.weight \(") as refused:
        monitor.step()
    assert "33.8%" in refused.value.found


def probed(folder: Path, every: int, updates: int = 6, **changes: Any) -> dict[str, Tensor]:
    """Train a plan with a probe; return the weights."""
    plan = toys.plan(updates=updates, **changes)
    one = toys.training(plan)
    if every:
        model: Any = one.model
        probe = ConflictProbe(model, one.context, plan.objective, one.engine, every)
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
    assert {len(row["same_language"]) for row in rows} == {2}
    assert rows[0]["coverage"] > 0.9


def test_a_resumed_run_repeats_no_row(tmp_path: Path) -> None:
    log = tmp_path / CONFLICT_FILE
    plan = toys.plan()
    one = toys.training(plan)
    model: Any = one.model
    probe = ConflictProbe(model, one.context, plan.objective, one.engine, 1)
    probe.start(tmp_path, 0)
    for update in range(3):
        probe.observe(update)
    whole = log.read_text()
    probe.start(tmp_path, 1)
    for update in range(1, 3):
        probe.observe(update)
    assert log.read_text() == whole
