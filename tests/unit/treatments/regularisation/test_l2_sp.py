import dataclasses

import pytest
import torch
from torch import nn

import toys
from isogloss.core import InputError
from isogloss.models import ModuleSpec
from isogloss.training import AdamWSettings, OptimizerStep, StepContext
from isogloss.treatments import L2SP, build_treatment
from isogloss.treatments.regularisation.l2_sp import RunningL2SP
from unit.treatments.descent import Descent, started


@pytest.mark.parametrize("strength", [0.01, 0.5, 4.0])
def test_claim_the_weights_rest_between_the_goal_and_where_they_began(strength: float) -> None:
    """(w - 1)^2 / 2 + s (w - w0)^2 / 2 is least at (1 + s w0) / (1 + s); without s it is at 1."""
    model = nn.Linear(3, 2).double()
    first = toys.weights(model)
    step = started(RunningL2SP(Descent(), strength), model)  # type: ignore[arg-type]
    for update in range(300):
        step.update(update, None)
    for name, value in toys.weights(model).items():
        rest = (1 + strength * first[name]) / (1 + strength)
        assert torch.allclose(value, rest, atol=1e-9), name


def test_nothing_draws_the_encoder_to_zero_and_the_plans_decay_draws_the_head() -> None:
    """Without gradients AdamW's decay is all that moves a weight."""
    settings = AdamWSettings(learning_rate=0.1, weight_decay=0.5)
    plan = toys.plan(step=OptimizerStep(settings, "constant", 0.0))
    modules = (ModuleSpec.per_language("adapter", 2, bottleneck=4),)
    for one in (plan, dataclasses.replace(plan, modules=modules)):
        model = nn.ModuleDict({"encoder": toys.model(one), "head": nn.Linear(3, 2)})
        before = toys.weights(model)
        context = StepContext(model, None, None, None, 100, {})  # type: ignore[arg-type]
        step = L2SP().apply(one).step.build(toys.context(one))
        step.start(context)
        for parameter in model.parameters():
            parameter.grad = torch.zeros_like(parameter) if parameter.requires_grad else None
        step._plain._optimizer.step(1.0, torch.tensor([0, 1]))  # type: ignore[attr-defined]
        after = toys.weights(model)
        moved = {name for name in before if not torch.equal(before[name], after[name])}
        assert moved == {"head.weight"}
        torch.testing.assert_close(after["head.weight"], 0.95 * before["head.weight"])


def test_the_first_update_is_the_plain_one_and_later_ones_are_not(tmp_path) -> None:
    """At the start there is no distance, so no penalty; decay, which differs, is off here."""
    runs = {}
    settings = AdamWSettings(learning_rate=0.01, weight_decay=0.0)
    for updates in (1, 2):
        plan = toys.plan(updates=updates, step=OptimizerStep(settings, "constant", 0.0))
        for name, one in (("plain", plan), ("l2_sp", L2SP(10.0).apply(plan))):
            runs[name, updates] = toys.trained(one, tmp_path / f"{name}{updates}")
    assert toys.same_bits(runs["plain", 1], runs["l2_sp", 1])
    assert not toys.same_bits(runs["plain", 2], runs["l2_sp", 2])


def test_an_absent_language_is_left_alone() -> None:
    plan = toys.plan(toys.HOSTILE, modules=(ModuleSpec.per_language("adapter", 3, bottleneck=4),))
    one = toys.training(L2SP(10.0).apply(plan))
    batch = one.sampler.batch(0)
    one.step.update(0, batch)
    before = toys.weights(one.model)
    one.step.update(1, batch.select(batch.language == 0))
    for name in one.model.language_specific_parameters():
        changed = toys.weights(one.model)[name] != before[name]
        assert changed.flatten(1).any(1).tolist() == [True, False, False]


def test_state_holds_the_first_weights() -> None:
    one = toys.training(L2SP().apply(toys.plan()))
    first = toys.weights(one.model)
    one.step.update(0, one.sampler.batch(0))
    other = toys.training(one.plan, model=one.model)
    other.step.load_state(one.step.state())
    assert toys.same_bits(other.step.state(), one.step.state())
    assert toys.same_bits(
        {n: v for n, v in one.step.state().items() if n.startswith("anchor/")},
        {f"anchor/{name}": value for name, value in first.items()},
    )


def test_the_plain_step_is_the_plans() -> None:
    plan = toys.plan()
    assert dataclasses.asdict(L2SP(0.3).apply(plan).step) == {
        "plain": dataclasses.asdict(plan.step),
        "strength": 0.3,
    }


@pytest.mark.parametrize("strength", [0, -1, float("inf")])
def test_values_that_mean_nothing_are_refused_at_the_door(strength: float) -> None:
    with pytest.raises(InputError, match="strength"):
        build_treatment("l2_sp", {"strength": strength})
