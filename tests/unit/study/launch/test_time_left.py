"""Recorded run times, laid out on k workers: is the time left near the truth after a fifth?"""

import dataclasses
import heapq
import json
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from isogloss.core import write_atomically
from isogloss.study import Run, read_progress
from isogloss.study.launch import time_left
from isogloss.study.launch.time_left import Job, Progress, TimeKeeper, seconds_left
from isogloss.study.plan.pretraining import base_plan
from isogloss.study.store.run_folder import run_folder
from unit.study import toys

Taken = dict[str, float]


def pretraining(seed: int, updates: int = 6) -> Run:
    plan = base_plan(toys.spec(), toys.PAIR, updates, seed)
    return Run("pretrain", plan, "micro", {}, "masked_lm", toys.PAIR)


def child(parent: Run, stage: str, task: str = "masked_lm") -> Run:
    return dataclasses.replace(
        parent,
        stage=stage,  # type: ignore[arg-type]
        task=task,
        starts_from=parent.run_id,
        source_language=toys.BASE if stage == "finetune" else None,
    )


def study(n_seeds: int, n_tasks: int, updates: int = 6) -> list[Job]:
    """Return pretrainings, each with its score and fine-tunings, all planned at one second."""
    jobs = []
    for seed in range(n_seeds):
        parent = pretraining(seed, updates)
        children = [child(parent, "finetune", f"task{number}") for number in range(n_tasks)]
        jobs += [Job(run, 1.0) for run in (parent, child(parent, "score"), *children)]
    return jobs


def replay(jobs: Sequence[Job], taken: Taken, n_workers: int, share: float) -> tuple[float, float]:
    """Lay recorded times out as the launcher does; return the time left as told, and the true one.

    Written without the code under test: one event after the other.
    """
    ends: list[tuple[float, str]] = []
    begun: dict[str, float] = {}
    ended: dict[str, float] = {}
    now = 0.0
    while len(ended) < len(jobs):
        ready = [
            one.run
            for one in sorted(jobs, key=lambda one: one.run.stage != "pretrain")
            if one.run.run_id not in begun and one.run.starts_from in (None, *ended)
        ]
        for run in ready[: n_workers - len(ends)]:
            begun[run.run_id] = now
            heapq.heappush(ends, (now + taken[run.run_id], run.run_id))
        now, run_id = heapq.heappop(ends)
        ended[run_id] = now
    at = share * now
    seen = [
        Progress(one, min(at - start, taken[run_id]), done, 1.0 - done)
        for one in jobs
        if (start := begun[(run_id := one.run.run_id)]) < at
        for done in [min((at - start) / taken[run_id], 1.0)]
    ]
    waiting = [one for one in jobs if begun[one.run.run_id] >= at]
    told = seconds_left(seen, waiting, n_workers)
    assert told is not None
    return told, now - at


@pytest.mark.parametrize("n_workers", [1, 2, 4])
@pytest.mark.parametrize("slower", [0.3, 1.0, 3.0])
def test_where_the_plan_is_wrong_by_one_factor_the_time_left_is_right(
    n_workers: int, slower: float
) -> None:
    jobs = study(n_seeds=5, n_tasks=2)
    taken = {one.run.run_id: slower * one.planned for one in jobs}
    told, true = replay(jobs, taken, n_workers, 0.2)
    assert told == pytest.approx(true)


@pytest.mark.parametrize("n_workers", [2, 3])
def test_each_stage_has_its_own_factor(n_workers: int) -> None:
    """Scores take a third of what is planned, fine-tunings twice; a pretraining what is planned."""
    jobs = study(n_seeds=9, n_tasks=2)
    factors = {"pretrain": 1.0, "score": 1 / 3, "finetune": 2.0}
    rng = np.random.default_rng(0)
    taken = {
        one.run.run_id: factors[one.run.stage] * one.planned * rng.uniform(0.9, 1.1) for one in jobs
    }
    told, true = replay(jobs, taken, n_workers, 0.5)
    assert told == pytest.approx(true, rel=0.15)


def test_the_last_run_keeps_one_worker_busy() -> None:
    """Two workers are no help where one run is left: 10 of its 20 seconds, and its two children."""
    parent = pretraining(0, updates=20)
    waiting = [Job(child(parent, "score"), 3.0), Job(child(parent, "finetune", "pos"), 4.0)]
    begun = [Progress(Job(pretraining(1), 5.0), 5.0, 1.0, 0.0)]
    begun.append(Progress(Job(parent, 20.0), 10.0, 0.5, 0.5))
    assert seconds_left(begun, waiting, 2) == pytest.approx(10 + 4)
    assert seconds_left(begun, waiting, 1) == pytest.approx(10 + 3 + 4)


def test_nothing_is_told_before_a_run_says_how_long_runs_take() -> None:
    job = Job(pretraining(0), 10.0)
    assert seconds_left([], [job], 2) is None
    assert seconds_left([Progress(job, 3.0, 0.01, 0.99)], [], 2) is None
    assert seconds_left([Progress(job, 3.0, 1.0, 0.0)], [], 2) == 0.0


def test_a_run_that_was_not_foreseen_teaches_nothing() -> None:
    begun = [Progress(Job(pretraining(0), 0.0), 9.0, 1.0, 0.0)]
    assert seconds_left(begun, [Job(pretraining(1), 5.0)], 1) is None


class Clock:
    now = 1_000.0

    def time(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    one = Clock()
    monkeypatch.setattr(time_left, "time", one)
    return one


def test_a_worker_that_is_set_up_is_no_part_of_its_first_run(tmp_path: Path, clock: Clock) -> None:
    """Libraries load for 8 seconds; the run takes 10, so the other one takes 20."""
    first, second = pretraining(0), pretraining(1)
    keeper = TimeKeeper(tmp_path)
    keeper.planned([(first, 5.0), (second, 10.0)])
    keeper.started(first)
    assert keeper.left() is None
    path = run_folder(tmp_path, first.run_id).path / "spec.yaml"
    write_atomically(path, "")
    os.utime(path, (1_008.0, 1_008.0))
    clock.now = 1_018.0
    keeper.ended(first, failed=False)
    assert keeper.left() == pytest.approx(20.0)
    keeper.started(second)
    assert keeper.left() == pytest.approx(20.0), "its file of an earlier sitting says nothing"


def test_a_failed_run_teaches_nothing(tmp_path: Path, clock: Clock) -> None:
    first, second = pretraining(0), pretraining(1)
    keeper = TimeKeeper(tmp_path)
    keeper.planned([(first, 5.0), (second, 10.0)])
    keeper.started(first)
    clock.now += 1.0
    keeper.ended(first, failed=True)
    assert keeper.left() is None


def test_what_another_candidate_would_have_needed_is_dropped(tmp_path: Path, clock: Clock) -> None:
    first, foreseen, chosen = pretraining(0), pretraining(1), pretraining(2)
    keeper = TimeKeeper(tmp_path)
    keeper.planned([(first, 5.0), (foreseen, 100.0)])
    keeper.started(first)
    clock.now += 5.0
    keeper.ended(first, failed=False)
    assert keeper.left() == pytest.approx(100.0)
    keeper.planned([(chosen, 7.0)])
    assert keeper.left() == pytest.approx(7.0)


def log(study: Path, text: str) -> None:
    (study / "runs" / "one").mkdir(parents=True)
    (study / "runs" / "one" / "metrics.jsonl").write_text(text)


def row(update: int, kind: str = "train") -> str:
    return json.dumps(
        {"kind": kind, "update": update, "updates": 200, "tokens_per_second": 1000.0 + update}
    )


def test_the_last_row_of_training_counts(tmp_path: Path) -> None:
    log(tmp_path, "\n".join([row(9), row(49), row(49, "dev"), '{"kind": "train", "upd']))
    assert read_progress(tmp_path, "one") == (0.25, 1049.0)


def test_only_the_end_of_a_long_log_is_read(tmp_path: Path) -> None:
    log(tmp_path, "\n".join(row(number) for number in range(150)) + "\n")
    assert read_progress(tmp_path, "one") == (0.75, 1149.0)


@pytest.mark.parametrize("text", ["", "{", row(3, "dev")])
def test_before_the_first_row(tmp_path: Path, text: str) -> None:
    log(tmp_path, text)
    assert read_progress(tmp_path, "one") == (0.0, 0.0)
    assert read_progress(tmp_path, "another") == (0.0, 0.0)
