import pytest
import torch

import toys
from isogloss.core import InputError
from isogloss.models import ModuleSpec
from isogloss.training import (
    AdamWSettings,
    BuildContext,
    OptimizerStep,
    Training,
    WeightedSum,
)
from isogloss.training.loss_combine import RunningWeightedSum


def stepped(step: OptimizerStep, updates: int = 10) -> Training:
    return toys.training(toys.plan(updates=updates, step=step))


def test_one_pass_an_update() -> None:
    assert OptimizerStep().passes == 1.0


def test_an_unknown_schedule_is_refused_with_the_nearest() -> None:
    with pytest.raises(InputError, match="Did you mean `cosine`"):
        OptimizerStep(schedule="cosin").build(toys.context(toys.plan()))


def test_the_learning_rate_follows_the_schedule() -> None:
    step = stepped(OptimizerStep(AdamWSettings(learning_rate=0.5), "linear", 0.2)).step
    assert [step.learning_rate(update) for update in (0, 1, 2, 6)] == [0.25, 0.5, 0.5, 0.25]


def test_losses_are_those_of_the_objective_and_hold_no_graph() -> None:
    one = stepped(OptimizerStep())
    batch = one.sampler.batch(0)
    expected = one.objective.losses(one.model, one.objective.prepare(batch, 0))
    found = one.step.update(0, batch)
    assert torch.allclose(found.total, expected.total.detach())
    assert torch.equal(found.count, expected.count)
    assert not found.total.requires_grad
    assert all(parameter.grad is None for parameter in one.model.parameters())


def test_a_batch_is_learnt_by_heart() -> None:
    one = stepped(OptimizerStep(AdamWSettings(learning_rate=0.01), "constant", 0.0))
    batch = one.sampler.batch(0)
    losses = [float(one.step.update(0, batch).total.sum()) for _ in range(12)]
    assert losses[-1] < 0.6 * losses[0]


@pytest.mark.parametrize("clip", [1e-3, 1e9])
def test_the_gradient_is_clipped_as_a_whole(clip: float, monkeypatch: pytest.MonkeyPatch) -> None:
    one = stepped(OptimizerStep(clip=clip))
    norms = []

    def record(self: object, factor: float, languages: object) -> None:
        gradients = [p.grad for p in one.model.parameters() if p.grad is not None]
        norms.append(float(torch.nn.utils.get_total_norm(gradients)))

    monkeypatch.setattr("isogloss.training.SlotAdamW.step", record)
    one.step.update(0, one.sampler.batch(0))
    assert norms[0] == pytest.approx(clip, rel=1e-3) if clip < 1 else norms[0] > 0.01


def test_the_weights_in_training_are_those_that_count() -> None:
    one = stepped(OptimizerStep())
    before = toys.weights(one.model)
    with one.step.evaluation():
        assert toys.same_bits(toys.weights(one.model), before)
    one.step.finish()
    assert toys.same_bits(toys.weights(one.model), before)
    assert one.step.metrics() == {}


def test_state_goes_over_bit_by_bit() -> None:
    first = stepped(OptimizerStep())
    first.step.update(0, first.sampler.batch(0))
    second = toys.training(first.plan, model=first.model)
    second.step.load_state(first.step.state())
    assert toys.same_bits(second.step.state(), first.step.state())


def test_the_combination_rule_of_the_plan_is_used() -> None:
    one = toys.training(toys.plan(combine=_Nothing()))
    before = toys.weights(one.model)
    one.step.update(0, one.sampler.batch(0))
    assert toys.same_bits(toys.weights(one.model), before)


class _Nothing(WeightedSum):
    def build(self, context: BuildContext) -> RunningWeightedSum:
        return _RunningNothing()


class _RunningNothing(RunningWeightedSum):
    def backward(self, losses: object, model: object, engine: object) -> None:
        """Leave no gradient at all."""


@pytest.mark.parametrize("slots", [(0, 0), (0, 1)], ids=["shared", "language-specific"])
def test_biases_of_modules_do_not_decay_whoever_shares_them(slots: tuple[int, ...]) -> None:
    """The axis of slots makes no matrix of a bias: controls decay as what they control for."""
    settings = AdamWSettings(learning_rate=0.1, weight_decay=0.5)
    specs = (ModuleSpec("adapter", slots), ModuleSpec("layer_norm", slots))
    one = toys.training(toys.plan(modules=specs, step=OptimizerStep(settings, "constant", 0.0)))
    before = toys.weights(one.model)
    optimizer = one.step._adamw(one.step._context)  # type: ignore[attr-defined]
    for parameter in one.model.parameters():
        parameter.grad = torch.zeros_like(parameter)
    optimizer.step(1.0, torch.tensor([0, 1]))
    slabs = {name: p for name, p in toys.weights(one.model).items() if "language_modules" in name}
    assert slabs
    for name, slab in slabs.items():
        factor = 0.95 if slab.ndim == 3 else 1.0
        torch.testing.assert_close(slab, before[name] * factor, msg=name)
