import mmap
from pathlib import Path
from typing import Any

import pytest

import toys
from isogloss.diagnosis import CONFLICT_FILE
from isogloss.study import Run
from isogloss.study.run.work import Work, peak_memory_mb, reset_peak_memory, train
from isogloss.study.store.run_folder import RunFolder
from isogloss.training import PlainEngine, TextSampling, read_metrics


def work(tmp_path: Path, **changes: Any) -> Any:
    plan = toys.plan(updates=10)
    run = Run("pretrain", plan, "micro", {}, "masked_lm", plan.languages, **changes)
    engine, folder = PlainEngine("fp32"), RunFolder(tmp_path)
    return train(
        run,
        toys.model(plan),
        toys.context(plan),
        engine,
        folder,
        slots={},
        evaluate_dev=lambda model: {"eng-Latn": 1.0},
        looks_at=TextSampling(0.0),
    )


@pytest.mark.parametrize(("dev_points", "updates"), [(1, [9]), (2, [4, 9]), (4, [2, 5, 8, 9])])
def test_dev_points_are_spread_over_the_run(
    tmp_path: Path, dev_points: int, updates: list[int]
) -> None:
    work(tmp_path, dev_points=dev_points)
    rows = read_metrics(tmp_path)
    assert [row["update"] for row in rows if row["kind"] == "dev"] == updates


@pytest.mark.parametrize(("every", "looks"), [(0, []), (4, [0, 4, 8])])
def test_gradient_conflict_is_looked_at_where_it_is_asked_for(
    tmp_path: Path, every: int, looks: list[int]
) -> None:
    work(tmp_path, conflict=every)
    assert [row["update"] for row in read_metrics(tmp_path, CONFLICT_FILE)] == looks


def test_what_it_cost_comes_back(tmp_path: Path) -> None:
    result = work(tmp_path)
    assert result.updates == 10
    assert Work(result, []).facts == {}


def test_tensorboard_on_request(tmp_path: Path) -> None:
    pytest.importorskip("tensorboard")
    work(tmp_path / "without")
    assert not (tmp_path / "without" / "tensorboard").exists()
    work(tmp_path / "with", tensorboard=True)
    assert list((tmp_path / "with" / "tensorboard").iterdir())


def test_checkpoints_as_often_as_the_run_says(tmp_path: Path) -> None:
    work(tmp_path, checkpoint_seconds=1e9)
    assert (tmp_path / "checkpoint" / "last.safetensors").is_file(), "the last one is always there"


def test_peak_memory_counts_what_was_used() -> None:
    reset_peak_memory()
    before = peak_memory_mb()
    # Pages of its own: an array may lie in memory that earlier tests freed and the process kept.
    with mmap.mmap(-1, 64 * 2**20) as pages:
        pages.write(bytes(64 * 2**20))
        assert peak_memory_mb() >= before + 60


def test_without_the_kernels_account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("isogloss.study.run.work._STATUS", tmp_path / "none")
    monkeypatch.setattr("isogloss.study.run.work._CLEAR", tmp_path / "none" / "none")
    reset_peak_memory()
    assert peak_memory_mb() > 10
