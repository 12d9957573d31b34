import dataclasses
from pathlib import Path
from typing import Any

import pytest
import torch

import toys
from isogloss.core import InputError
from isogloss.models import ModuleSpec
from isogloss.training import LoopSettings, SingleLanguageSampling, TextSampling, TrainingPlan
from isogloss.treatments.steps.slow_weights.spec import SlowWeightsStep

ADAPTERS = (ModuleSpec.per_language("adapter", 3, bottleneck=4),)
UPDATES = 7


def plan(
    inner_steps: int | None = 3, rate: float = 0.1, updates: int = UPDATES, **changes: Any
) -> TrainingPlan:
    """A plan with slow weights over three languages of hostile names."""
    plain = toys.plan(toys.HOSTILE, updates)
    return dataclasses.replace(
        plain, step=SlowWeightsStep(plain.step, inner_steps, rate, **changes)
    )


def per_language(**changes: Any) -> TrainingPlan:
    """A plan of Reptile: rounds of six batches, two of each language."""
    reptile = plan(6, per_language=True, **changes)
    sampler = SingleLanguageSampling(TextSampling(0.0), 6, order="grouped")
    return dataclasses.replace(reptile, sampler=sampler)


def plain(**changes: Any) -> TrainingPlan:
    return toys.plan(toys.HOSTILE, UPDATES, **changes)


def test_with_rate_1_it_is_training_without_slow_weights(tmp_path: Path) -> None:
    alone = toys.trained(plain(), tmp_path / "plain")
    assert toys.same_bits(toys.trained(plan(rate=1.0), tmp_path / "slow"), alone)


def test_with_rate_0_the_model_stays_as_it_was(tmp_path: Path) -> None:
    before = toys.weights(toys.model(plain()))
    assert toys.same_bits(toys.trained(plan(rate=0.0), tmp_path), before)


def test_outer_updates_come_after_k_steps_and_after_the_last_one() -> None:
    one = toys.training(plan())
    moved = []
    for update in range(UPDATES):
        with one.step.evaluation():
            before = toys.weights(one.model)
        one.step.update(update, one.sampler.batch(update))
        with one.step.evaluation():
            moved.append(not toys.same_bits(toys.weights(one.model), before))
    assert [update for update, outer in enumerate(moved) if outer] == [2, 5, 6]


def test_the_slow_weights_go_a_share_of_the_way() -> None:
    alone, slow = toys.training(plain()), toys.training(plan())
    before = toys.weights(slow.model)
    for update in range(3):
        for one in (alone, slow):
            one.step.update(update, one.sampler.batch(update))
    fast, after = toys.weights(alone.model), toys.weights(slow.model)
    for name, value in after.items():
        assert torch.equal(value, torch.lerp(before[name], fast[name], 0.1)), name


@pytest.mark.parametrize("of", [plan, per_language])
@pytest.mark.parametrize("state", ["carry", "reset"])
@pytest.mark.parametrize("stop", [1, 4, 6])
def test_a_run_that_went_on_equals_one_that_never_stopped(
    of: Any, state: str, stop: int, tmp_path: Path
) -> None:
    """In the middle of an inner loop, of a language's chain, and at outer updates."""
    of = of(optimizer_state=state)
    whole = toys.training(of)
    whole.run(tmp_path / "whole", toys.OFTEN)
    broken = toys.training(of)
    toys.stop_at(broken, stop)
    with pytest.raises(KeyboardInterrupt):
        broken.run(tmp_path / "cut", toys.OFTEN)
    resumed = toys.training(of)
    resumed.run(tmp_path / "cut", toys.OFTEN)
    assert toys.same_bits(toys.weights(resumed.model), toys.weights(whole.model))
    assert toys.same_bits(resumed.step.state(), whole.step.state())


def test_a_finished_run_stays_finished(tmp_path: Path) -> None:
    first = toys.trained(plan(), tmp_path)
    assert toys.same_bits(toys.trained(plan(), tmp_path), first)


def test_finish_leaves_the_slow_weights_and_may_be_called_twice() -> None:
    one = toys.training(plan(5))
    for update in range(2):
        one.step.update(update, one.sampler.batch(update))
    with one.step.evaluation():
        slow = toys.weights(one.model)
    assert not toys.same_bits(toys.weights(one.model), slow)
    for _ in range(2):
        one.step.finish()
        assert toys.same_bits(toys.weights(one.model), slow)


def test_dev_losses_are_those_of_the_slow_weights(tmp_path: Path) -> None:
    """A look at them in every update changes nothing."""
    seen = []

    def look(model: torch.nn.Module) -> dict[str, float]:
        seen.append(toys.weights(model))
        return {}

    one = toys.training(plan(), evaluate_dev=look)
    first = toys.weights(one.model)
    one.run(tmp_path / "watched", LoopSettings(dev_every=1))
    assert toys.same_bits(seen[0], first) and toys.same_bits(seen[1], first)
    assert not toys.same_bits(seen[2], first)
    assert toys.same_bits(seen[-1], toys.weights(one.model))
    assert toys.same_bits(toys.trained(plan(), tmp_path / "alone"), toys.weights(one.model))


def test_the_optimizers_state_is_carried_over_or_reset() -> None:
    counts = {}
    for state in ("carry", "reset"):
        one = toys.training(plan(optimizer_state=state))
        for update in range(4):
            one.step.update(update, one.sampler.batch(update))
        counts[state] = {
            float(value) for name, value in one.step.state().items() if name.endswith("/step")
        }
    assert counts == {"carry": {4.0}, "reset": {1.0}}


def test_as_many_inner_steps_as_languages_with_data() -> None:
    of = plan(None)
    context = toys.context(of)
    assert toys.training(of).step._inner_steps == 3
    del context.material[of.languages[1]]
    assert of.step.build(context)._inner_steps == 2


def test_each_language_starts_from_the_slow_weights() -> None:
    """The slow weights go a tenth of the way to the mean of three trainings of two steps."""
    of = per_language(updates=6)
    one = toys.training(of)
    before = toys.weights(one.model)
    ends, carried = [], {}
    for first in (0, 2, 4):
        alone = toys.training(dataclasses.replace(of, step=of.step.inner))
        alone.step.load_state(carried)
        for update in (first, first + 1):
            alone.step.update(update, alone.sampler.batch(update))
            one.step.update(update, one.sampler.batch(update))
        carried = alone.step.state()
        ends.append(toys.weights(alone.model))
    for name, value in toys.weights(one.model).items():
        mean = torch.stack([end[name] for end in ends]).mean(0)
        assert torch.allclose(value, torch.lerp(before[name], mean, 0.1), atol=1e-6), name


def test_mixed_batches_have_no_language_to_start_for() -> None:
    one = toys.training(plan(per_language=True))
    with pytest.raises(InputError, match="a batch of 3 languages"):
        one.step.update(0, one.sampler.batch(0))


@pytest.mark.parametrize("of", [plan, per_language])
def test_adapters_alone_are_trained_where_the_rest_is_frozen(of: Any, tmp_path: Path) -> None:
    of = dataclasses.replace(of(), modules=ADAPTERS)
    model = toys.model(of)
    specific = model.language_specific_parameters()
    for name, value in model.named_parameters():
        value.requires_grad_(name in specific)
    one = toys.training(of, model=model)
    assert {name for name in one.step.state() if name.startswith("slow/phi/")} == {
        f"slow/phi/{name}" for name in specific
    }
    before = toys.weights(model)
    one.run(tmp_path, toys.OFTEN)
    moved = {name for name, value in toys.weights(model).items() if not value.equal(before[name])}
    assert moved == set(specific)


@pytest.mark.parametrize("of", [plan, per_language])
def test_lora_alone_is_trained_where_the_rest_is_frozen(of: Any, tmp_path: Path) -> None:
    of = of()
    model = toys.model(of)
    trained = toys.with_lora(model)
    one = toys.training(of, model=model)
    assert {name for name in one.step.state() if name.startswith("slow/phi/")} == {
        f"slow/phi/{name}" for name in trained
    }
    before = toys.weights(model)
    one.run(tmp_path, toys.OFTEN)
    moved = {name for name, value in toys.weights(model).items() if not value.equal(before[name])}
    assert moved == trained


def test_an_absent_language_is_left_alone() -> None:
    """Rounds of one batch: only the slot of the batch's language moves, to the last bit."""
    of = dataclasses.replace(
        plan(1), modules=ADAPTERS, sampler=SingleLanguageSampling(TextSampling(0.0))
    )
    one = toys.training(of)
    for update in range(6):
        before = toys.weights(one.model)
        batch = one.sampler.batch(update)
        one.step.update(update, batch)
        [present] = batch.language.unique().tolist()
        for name in one.model.language_specific_parameters():
            changed = toys.weights(one.model)[name] != before[name]
            assert changed.flatten(1).any(1).tolist() == [slot == present for slot in range(3)]


def test_it_costs_what_the_inner_step_costs_and_logs_the_same() -> None:
    one, alone = toys.training(plan()), toys.training(plain())
    assert one.plan.step.passes == alone.plan.step.passes == 1.0
    assert one.step.learning_rate(5) == alone.step.learning_rate(5)
    assert one.step.metrics() == {}


@pytest.mark.parametrize(("inner_steps", "rate"), [(0, 0.1), (3, -0.1), (3, 1.5)])
def test_values_that_mean_nothing_are_refused(inner_steps: int, rate: float) -> None:
    with pytest.raises(InputError, match="step with slow weights"):
        toys.training(plan(inner_steps, rate))
