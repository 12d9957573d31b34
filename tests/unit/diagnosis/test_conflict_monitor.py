"""The monitor in a loop of anybody's own."""

import json
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

import toys
from isogloss.core import InputError
from isogloss.diagnosis import CONFLICT_FILE, ConflictMonitor

PAIR = "eng-Latn|swa-Latn"


def small() -> nn.Module:
    """Return a model with something random in it."""
    return nn.Sequential(nn.Linear(3, 8), nn.Dropout(0.5), nn.LayerNorm(8), nn.Linear(8, 2))


MODEL, monitored = small(), small()
START = {name: value.clone() for name, value in MODEL.state_dict().items()}


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


def test_modules_that_cannot_be_seen_are_named() -> None:
    model = nn.Sequential(nn.Conv1d(3, 50, 1), nn.Flatten(), nn.Linear(50, 2))
    monitor = ConflictMonitor(model, ["en", "sw"], least_coverage=0.9)
    with monitor.watch([0, 1, 0, 1]):
        loss = model(torch.randn(4, 3, 1)).square().mean()
    loss.backward()
    with pytest.raises(InputError, match=r"can be seen; not seen: 0\.weight \(") as refused:
        monitor.step()
    assert "33.8%" in refused.value.found


def watch(monitor: ConflictMonitor, language: list[int]) -> None:
    """Do one step of a loop."""
    with monitor.watch(language):
        loss = monitored(torch.randn(len(language), 3)).square().mean()
    loss.backward()
    monitor.step()


def test_a_language_with_one_row_is_named_where_halves_are_asked_for() -> None:
    monitor = ConflictMonitor(monitored, ["en", "sw", "ar"])
    watch(monitor, [0, 0, 1, 1, 2])
    [row] = monitor.rows
    assert row["languages"] == ["eng-Latn", "swa-Latn"]
    assert row["too_few_rows"] == ["ara-Arab"]


@pytest.mark.parametrize(("every", "steps"), [(1, 20), (30, 30)])
def test_batches_that_never_have_enough_rows_are_refused(every: int, steps: int) -> None:
    monitor = ConflictMonitor(monitored, ["en", "sw"], every=every)
    for _ in range(steps - 1):
        watch(monitor, [0, 0, 0, 1])
    with pytest.raises(InputError, match="at least 2 rows") as refused:
        watch(monitor, [0, 0, 0, 1])
    assert (
        refused.value.found == f"none in {steps} steps; the last had 3 of eng-Latn, 1 of swa-Latn"
    )
    assert "halves=False" in refused.value.next_step


def test_without_halves_one_row_is_enough() -> None:
    monitor = ConflictMonitor(monitored, ["en", "sw"], halves=False)
    watch(monitor, [0, 0, 0, 1])
    assert "same_language" not in monitor.rows[0]
    assert monitor.rows[0]["too_few_rows"] == []


def test_after_a_look_a_long_wait_does_not_end_the_training() -> None:
    monitor = ConflictMonitor(monitored, ["en", "sw"], every=5)
    watch(monitor, [0, 0, 1, 1])
    for _ in range(50):
        watch(monitor, [0, 0, 0, 0])
    assert [row["update"] for row in monitor.rows] == [0]
