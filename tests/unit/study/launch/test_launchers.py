import dataclasses
import threading
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import pytest

from isogloss.core import InputError, TrainingError
from isogloss.study import LAUNCHERS, Run, StudyPlan
from isogloss.study.launch import launchers
from isogloss.study.store.run_folder import run_folder
from unit.study.toys import Watch

REFUSED = InputError(expected="a", found="b", where="c", next_step="d")


@pytest.fixture
def runs(plan: StudyPlan) -> list[Run]:
    """Return 3 pretrainings, then their scores and the 4 fine-tunings that start from them."""
    assert len(plan.runs) == 10
    return sorted(plan.runs.values(), key=lambda run: run.starts_from is not None)


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> dict[str, Exception]:
    """Let runs do nothing but fail where told; the pool's processes are threads here."""
    failing: dict[str, Exception] = {}

    def execute(run: Run, study: Path) -> None:
        if run.starts_from is not None:
            assert run_folder(study, run.starts_from).is_finished(), "its parent first"
        if run.run_id in failing:
            raise failing[run.run_id]
        folder = run_folder(study, run.run_id)
        folder.path.mkdir(parents=True, exist_ok=True)
        folder.result.write_text("{}")

    class Threads:
        def __init__(self, *_: object) -> None: ...

        def __enter__(self) -> "Threads":
            return self

        def __exit__(self, *_: object) -> None: ...

        def submit(self, work: Any, *given: object) -> Future[Any]:
            future: Future[Any] = Future()

            def do() -> None:
                try:
                    future.set_result(work(*given))
                except BaseException as error:
                    future.set_exception(error)

            threading.Thread(target=do).start()
            return future

    monkeypatch.setattr(launchers, "execute", execute)
    monkeypatch.setattr(launchers, "ProcessPoolExecutor", Threads)
    return failing


every = pytest.mark.parametrize("launcher", LAUNCHERS)


@every
def test_all_runs_are_done_and_told(
    launcher: str, runs: list[Run], fake: dict[str, Exception], tmp_path: Path
) -> None:
    watch = Watch()
    assert LAUNCHERS[launcher](runs, tmp_path, 2, watch) == {}
    assert sorted(watch.begun) == sorted(run.run_id for run in runs)
    assert set(watch.errors.values()) == {None}
    assert all(run_folder(tmp_path, run.run_id).is_finished() for run in runs)


@every
@pytest.mark.parametrize("error", [TrainingError("the loss is nan"), REFUSED])
def test_a_run_that_fails_stops_its_children_and_nobody_else(
    launcher: str,
    error: Exception,
    runs: list[Run],
    fake: dict[str, Exception],
    tmp_path: Path,
) -> None:
    parent = next(run for run in runs if len(run.targets) == 2)
    children = {run.run_id for run in runs if run.starts_from == parent.run_id}
    fake[parent.run_id] = error
    watch = Watch()
    failed = LAUNCHERS[launcher](runs, tmp_path, 2, watch)
    assert set(failed) == {parent.run_id} | children
    assert str(failed[parent.run_id]) == str(error)
    assert type(failed[parent.run_id]) is type(error)
    assert all(parent.run_id in str(failed[child]) for child in children)
    assert watch.errors[parent.run_id] == str(error)
    assert not children & set(watch.begun)
    done = {run.run_id for run in runs if run_folder(tmp_path, run.run_id).is_finished()}
    assert done == {run.run_id for run in runs} - set(failed)
    status = (run_folder(tmp_path, parent.run_id).path / "status").read_text()
    assert status.startswith("failed: ")


@every
def test_a_mistake_of_ours_is_not_hidden(
    launcher: str, runs: list[Run], fake: dict[str, Exception], tmp_path: Path
) -> None:
    fake[runs[0].run_id] = ZeroDivisionError("a bug")
    with pytest.raises(ZeroDivisionError):
        LAUNCHERS[launcher](runs, tmp_path, 1, Watch())


def test_a_killed_process_is_explained(
    runs: list[Run], fake: dict[str, Exception], tmp_path: Path
) -> None:
    fake[runs[0].run_id] = BrokenProcessPool()
    with pytest.raises(TrainingError, match="was killed \\(out of memory") as told:
        LAUNCHERS["pool"](runs, tmp_path, 1, Watch())
    assert "--workers" in str(told.value)


def test_never_more_runs_at_once_than_workers_and_the_longest_first(
    runs: list[Run], fake: dict[str, Exception], tmp_path: Path
) -> None:
    short, long = (
        dataclasses.replace(runs[0], plan=dataclasses.replace(runs[0].plan, updates=updates))
        for updates in (1, 500)
    )
    watch = Watch()
    most = 0

    class Counting(Watch):
        def started(self, run: Run) -> None:
            nonlocal most
            watch.started(run)
            most = max(most, len(watch.begun) - len(watch.errors))

        def ended(self, run: Run, error: str | None) -> None:
            watch.ended(run, error)

    LAUNCHERS["pool"]([short, long], tmp_path, 1, Counting())
    assert watch.begun == [long.run_id, short.run_id]
    assert most == 1


@every
def test_nothing_to_do(launcher: str, fake: dict[str, Exception], tmp_path: Path) -> None:
    assert LAUNCHERS[launcher]([], tmp_path, 2, Watch()) == {}


@pytest.mark.parametrize(
    ("asked", "workers", "threads"),
    [("", 2, 2), ("1", 2, 1), ("8", 2, 2), ("many", 2, 2), ("0", 4, 1), ("3", 8, 1)],
)
def test_threads_are_a_share_of_the_cores_and_no_more_than_asked_for(
    asked: str, workers: int, threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launchers.os, "cpu_count", lambda: 4)
    monkeypatch.setenv("OMP_NUM_THREADS", asked)
    assert launchers._threads(workers) == threads
