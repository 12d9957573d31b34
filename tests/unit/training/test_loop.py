import dataclasses
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

import toys
from isogloss.core import TrainingError
from isogloss.models import ModuleSpec, MultilingualModel
from isogloss.objectives import LanguageLosses
from isogloss.training import (
    LoopSettings,
    PlainEngine,
    SingleLanguageSampling,
    Training,
    TrainingPlan,
    load_checkpoint,
    loop,
    read_metrics,
)

ADAPTERS = (ModuleSpec.per_language("adapter", 2, bottleneck=4),)
UPDATES = 6


def plan(**changes: Any) -> TrainingPlan:
    return toys.plan(updates=UPDATES, modules=ADAPTERS, **changes)


def with_dropout(of: TrainingPlan) -> MultilingualModel:
    model = toys.model(of)
    places = [module for module in model.modules() if isinstance(module, nn.Dropout)]
    assert places
    for place in places:
        place.p = 0.3
    return model


class TestResume:
    @pytest.mark.parametrize("stop", [1, 4, UPDATES - 1])
    def test_a_run_that_went_on_equals_one_that_never_stopped(
        self, tmp_path: Path, stop: int
    ) -> None:
        whole = toys.training(plan(), model=with_dropout(plan()))
        whole.run(tmp_path / "whole", toys.OFTEN)
        broken = toys.training(plan(), model=with_dropout(plan()))
        toys.stop_at(broken, stop)
        with pytest.raises(KeyboardInterrupt):
            broken.run(tmp_path / "cut", toys.OFTEN)
        resumed = toys.training(plan(), model=with_dropout(plan()))
        result = resumed.run(tmp_path / "cut", toys.OFTEN)

        assert toys.same_bits(toys.weights(resumed.model), toys.weights(whole.model))
        assert toys.same_bits(resumed.step.state(), whole.step.state())
        assert result.updates == UPDATES
        rows = [read_metrics(tmp_path / name) for name in ("whole", "cut")]
        assert [row["update"] for row in rows[1]] == list(range(UPDATES))
        assert [row["loss"] for row in rows[1]] == [row["loss"] for row in rows[0]]

    def test_dropout_is_drawn_and_seeded_by_the_plan(self, tmp_path: Path) -> None:
        finals = []
        for number, seed in enumerate((1, 1, 2)):
            model = with_dropout(plan(seed=1))
            # The same text and the same masks: what is left of the plan's seed is dropout.
            one = toys.training(plan(seed=seed), model=model, context=toys.context(plan(seed=1)))
            torch.manual_seed(number)
            one.run(tmp_path / str(number), toys.OFTEN)
            finals.append(toys.weights(one.model))
        assert toys.same_bits(finals[0], finals[1]), "whatever the global generator held"
        assert not toys.same_bits(finals[0], finals[2])
        assert not toys.same_bits(finals[0], toys.trained(plan(), tmp_path / "without"))

    def test_without_a_checkpoint_it_starts_again(self, tmp_path: Path) -> None:
        rare = LoopSettings(log_every=1, checkpoint_seconds=1e9)
        broken = toys.training(plan())
        toys.stop_at(broken, 4)
        with pytest.raises(KeyboardInterrupt):
            broken.run(tmp_path / "cut", rare)
        assert not (tmp_path / "cut" / "checkpoint").exists()
        again = toys.trained(plan(), tmp_path / "cut", rare)
        assert toys.same_bits(again, toys.trained(plan(), tmp_path / "whole", rare))
        assert [row["update"] for row in read_metrics(tmp_path / "cut")] == list(range(UPDATES))

    def test_a_finished_training_does_nothing(self, tmp_path: Path) -> None:
        first = toys.trained(plan(), tmp_path)
        again = toys.training(plan())
        toys.stop_at(again, 0)
        result = again.run(tmp_path, toys.OFTEN)
        assert toys.same_bits(toys.weights(again.model), first)
        assert result.rows_by_language == [12, 12]
        assert len(read_metrics(tmp_path)) == UPDATES

    def test_seconds_of_the_parts_add_up(self, tmp_path: Path) -> None:
        toys.trained(plan(), tmp_path)
        checkpoint = load_checkpoint(tmp_path / "checkpoint", plan().fingerprint())
        assert checkpoint is not None
        loop.save_checkpoint(
            tmp_path / "checkpoint", dataclasses.replace(checkpoint, update=5, wall_s=1000.0)
        )
        assert toys.training(plan()).run(tmp_path, toys.OFTEN).wall_s > 1000


class TestNothingLookedAtMovesAWeight:
    @pytest.mark.parametrize(
        "settings",
        [
            LoopSettings(log_every=1, dev_every=1, checkpoint_seconds=0),
            LoopSettings(log_every=4, dev_every=2, checkpoint_seconds=1e9),
            LoopSettings(log_every=100),
        ],
    )
    def test_logs_dev_scores_and_checkpoints(self, settings: LoopSettings, tmp_path: Path) -> None:
        def evaluate(model: nn.Module) -> dict[str, float]:
            model.eval()
            torch.rand(100)
            return {"eng-Latn": 1.0}

        plain = toys.training(plan(), model=with_dropout(plan()))
        plain.run(tmp_path / "plain")
        watched = toys.training(plan(), model=with_dropout(plan()), evaluate_dev=evaluate)
        watched.run(tmp_path / "watched", settings)
        assert toys.same_bits(toys.weights(watched.model), toys.weights(plain.model))

    def test_dev_rows(self, tmp_path: Path) -> None:
        one = toys.training(plan(), evaluate_dev=lambda model: {"eng-Latn": 2.0})
        one.run(tmp_path, LoopSettings(dev_every=4))
        dev = [row for row in read_metrics(tmp_path) if row["kind"] == "dev"]
        assert [row["update"] for row in dev] == [3, 5], "every fourth, and the last one"
        assert dev[0]["loss_by_language"] == {"eng-Latn": 2.0}


def test_a_training_of_no_update_is_measured_once(tmp_path: Path) -> None:
    """The base of a study may be a model as it was downloaded."""
    of = toys.plan(updates=0)
    before = toys.weights(toys.model(of))
    one = toys.training(of, evaluate_dev=lambda model: {"en": 3.0})
    result = one.run(tmp_path)
    assert (result.updates, result.passes, result.rows_by_language) == (0, 0.0, [0, 0])
    assert [row["kind"] for row in read_metrics(tmp_path)] == ["dev"]
    assert toys.same_bits(toys.weights(one.model), before)


def test_a_row_of_metrics(tmp_path: Path) -> None:
    toys.training(plan()).run(tmp_path, LoopSettings(log_every=4))
    first, last = read_metrics(tmp_path)
    assert (first["update"], last["update"], first["updates"]) == (3, 5, UPDATES)
    assert first["learning_rate"] == 0.01
    assert set(first["loss_by_language"]) == {"eng-Latn", "swa-Latn"}
    assert first["tokens_per_second"] > 0
    low, high = sorted(first["loss_by_language"].values())
    assert low <= first["loss"] <= high


def test_what_a_training_costs(tmp_path: Path) -> None:
    result = toys.training(plan()).run(tmp_path)
    assert (result.updates, result.passes, result.rows_by_language) == (UPDATES, 6.0, [12, 12])


def test_other_logs_get_the_same_rows(tmp_path: Path) -> None:
    class Rows(list[dict[str, Any]]):
        write = list.append

    rows = Rows()
    toys.training(plan(), extra_logs=[rows]).run(tmp_path, toys.OFTEN)
    assert rows == read_metrics(tmp_path)


def spoil(one: Training, update: int, language: int, value: float) -> None:
    """Make the loss of one language not finite at one update."""
    go_on = one.step.update

    def spoilt(number: int, batch: Any) -> LanguageLosses:
        losses = go_on(number, batch)
        if number == update:
            losses.total[language] = value
        return losses

    one.step.update = spoilt  # type: ignore[method-assign]


class TestNotFinite:
    @pytest.mark.parametrize("value", [float("nan"), float("inf")])
    @pytest.mark.parametrize("settings", [toys.OFTEN, LoopSettings(log_every=100)])
    def test_update_and_language_are_named(
        self, settings: LoopSettings, value: float, tmp_path: Path
    ) -> None:
        one = toys.training(plan())
        spoil(one, 3, 1, value)
        with pytest.raises(TrainingError, match=f"loss of swa-Latn is {value} at update 3"):
            one.run(tmp_path, settings)

    def test_the_last_good_checkpoint_stays(self, tmp_path: Path) -> None:
        one = toys.training(plan())
        spoil(one, 3, 0, float("nan"))
        with pytest.raises(TrainingError):
            one.run(tmp_path, toys.OFTEN)
        checkpoint = load_checkpoint(tmp_path / "checkpoint", plan().fingerprint())
        assert checkpoint is not None
        assert checkpoint.update == 3
        assert all(value.isfinite().all() for value in checkpoint.model.values())

    @pytest.mark.parametrize("update", [2, UPDATES - 1])
    def test_weights_that_are_no_numbers_are_not_saved(self, update: int, tmp_path: Path) -> None:
        """A gradient may overflow where the loss does not."""
        one = toys.training(plan())
        go_on = one.step.update

        def overflow(number: int, batch: Any) -> LanguageLosses:
            losses = go_on(number, batch)
            if number == update:
                with torch.no_grad():
                    next(one.model.parameters()).fill_(float("inf"))
            return losses

        one.step.update = overflow  # type: ignore[method-assign]
        with pytest.raises(TrainingError, match=r"at update 3|not finite after the last of 6"):
            one.run(tmp_path, toys.OFTEN)
        checkpoint = load_checkpoint(tmp_path / "checkpoint", plan().fingerprint())
        assert checkpoint is not None
        assert checkpoint.update == update

    def test_an_absent_language_is_no_mistake(self, tmp_path: Path) -> None:
        single = SingleLanguageSampling(plan().sampler)
        toys.training(plan(sampler=single)).run(tmp_path, toys.OFTEN)
        rows = read_metrics(tmp_path)
        assert all(len(row["loss_by_language"]) == 1 for row in rows)


class _First(PlainEngine):
    """The first of two processes, the other of which is never heard of."""

    world_size = 2


def test_several_processes_save_where_all_have_looked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved: list[int] = []
    monkeypatch.setattr(loop, "save_checkpoint", lambda folder, one: saved.append(one.update))
    settings = LoopSettings(log_every=2, checkpoint_seconds=0)
    toys.training(plan(), engine=_First("fp32")).run(tmp_path, settings)
    assert saved == [2, 4, 6]


def test_writing_checkpoints_takes_a_twentieth_of_the_time_at_most(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A clock by hand: an update takes 1 s, writing a checkpoint 5 s; one is wanted each second."""
    clock, saved = [0.0], []

    def write(folder: Path, checkpoint: Any) -> None:
        saved.append(checkpoint.update)
        clock[0] += 5.0

    class Watch:
        def start(self, folder: Path, start: int) -> None:
            return

        def observe(self, update: int) -> None:
            clock[0] += 1.0

    monkeypatch.setattr(loop.time, "perf_counter", lambda: clock[0])
    monkeypatch.setattr(loop, "save_checkpoint", write)
    long = dataclasses.replace(plan(), updates=230)
    one = toys.training(long, observers=(Watch(),))
    one.run(tmp_path, LoopSettings(log_every=1000, checkpoint_seconds=1.0))
    assert saved == [1, 101, 201, 230]


def test_only_the_first_process_writes(tmp_path: Path) -> None:
    class Second(_First):
        rank = 1

    toys.training(plan(), engine=Second("fp32")).run(tmp_path, toys.OFTEN)
    assert not list(tmp_path.iterdir())
