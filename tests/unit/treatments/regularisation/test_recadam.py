import math
from pathlib import Path

import pytest
import torch
from torch import nn

import toys
from isogloss.core import InputError
from isogloss.models import ModuleSpec, TokenClassifier
from isogloss.training import AdamWSettings, OptimizerStep, StepContext
from isogloss.treatments import RecAdam, build_treatment
from isogloss.treatments.regularisation.recadam import RecAdamOptimizer, RecAdamStep

# specification, 3.2: theta 1.0, first 0.9, gradient 0.2 always.
GOLDEN = [0.9966173239, 0.9934289807, 0.9904227090, 0.9875866915, 0.9849095588]
SETTINGS = AdamWSettings(1e-3, 0.9, 0.999, 1e-6, 0.0)


def settings(adamw: AdamWSettings = SETTINGS, gamma: float | None = 50.0, **changes) -> RecAdamStep:
    options = {"shape": "sigmoid", "anneal_k": 0.1, "anneal_t0": 5, **changes}
    return RecAdamStep(OptimizerStep(adamw, "constant", 0.0), gamma, **options)


def optimizer(model: nn.Module, of: RecAdamStep, **slots: tuple[int, ...]) -> RecAdamOptimizer:
    return RecAdamOptimizer(of, StepContext(model, None, None, None, 100, slots))  # type: ignore[arg-type]


class Holder(nn.Module):
    def __init__(self, **parameters: torch.Tensor) -> None:
        super().__init__()
        for name, value in parameters.items():
            self.register_parameter(name, nn.Parameter(value))


def test_golden_values() -> None:
    model = Holder(theta=torch.ones(1, dtype=torch.float64))
    recadam = optimizer(model, settings())
    recadam.anchor.values["theta"].fill_(0.9)
    found = []
    for _ in GOLDEN:
        model.theta.grad = torch.full((1,), 0.2, dtype=torch.float64)
        recadam.step(1.0, torch.tensor([0]))
        found.append(float(model.theta.detach()))
    assert found == pytest.approx(GOLDEN, abs=1e-10)


def test_claim_nearer_to_the_first_weights_and_free_at_the_end(tmp_path: Path) -> None:
    plan = toys.plan(updates=8)
    first = toys.weights(toys.model(plan))

    def distance(name: str, one) -> float:
        last = toys.trained(one, tmp_path / name)
        return math.sqrt(sum(float((last[n] - first[n]).square().sum()) for n in first))

    treated = RecAdam(anneal_t0=6).apply(plan)
    assert distance("recadam", treated) < 0.6 * distance("plain", plan)
    assert treated.step.annealed(40) > 1 - 1e-6


@pytest.mark.parametrize(
    ("shape", "update", "lam"),
    [("sigmoid", 5, 0.5), ("sigmoid", 15, 1 / (1 + math.exp(-1))), ("linear", 2, 0.4)],
)
def test_how_the_task_comes_in(shape: str, update: int, lam: float) -> None:
    assert settings(shape=shape).annealed(update) == pytest.approx(lam, abs=1e-12)


def test_the_far_ends() -> None:
    assert settings(anneal_k=100.0, anneal_t0=10**6).annealed(1) == pytest.approx(0, abs=1e-300)
    assert settings(anneal_k=100.0).annealed(10**6) == 1
    assert [settings(shape="linear", anneal_t0=t0).annealed(5) for t0 in (0, 5)] == [1, 1]


def test_a_new_head_has_plain_adam() -> None:
    """Where the task has not come in at all, the head alone moves, by Adam's first step."""
    classifier = TokenClassifier(toys.model(toys.plan()), 3)
    before = toys.weights(classifier)
    recadam = optimizer(classifier, settings(anneal_k=1000.0, anneal_t0=1000))
    for parameter in classifier.parameters():
        parameter.grad = torch.full_like(parameter, 0.5)
    recadam.step(1.0, torch.tensor([0]))
    for name, value in toys.weights(classifier).items():
        if name.startswith("head."):
            assert torch.allclose(value, before[name] - 1e-3, atol=1e-6)
        else:
            assert torch.equal(value, before[name])


def test_with_the_task_all_in_it_is_adamw() -> None:
    """But for where epsilon stands, and decay after the step: 1e-8 and 1e-6 apart here."""
    torch.manual_seed(0)
    models = [nn.Linear(4, 3).double() for _ in range(2)]
    models[1].load_state_dict(models[0].state_dict())
    adamw = AdamWSettings(1e-3, 0.9, 0.98, 1e-12, 0.01)
    ours = optimizer(models[0], settings(adamw, shape="linear", anneal_t0=0))
    groups = [
        {"params": [models[1].weight], "weight_decay": 0.01},
        {"params": [models[1].bias], "weight_decay": 0.0},
    ]
    theirs = torch.optim.AdamW(groups, lr=1e-3, betas=(0.9, 0.98), eps=1e-12)
    for _ in range(5):
        for pair in zip(models[0].parameters(), models[1].parameters(), strict=True):
            gradient = torch.randn_like(pair[0])
            pair[0].grad, pair[1].grad = gradient, gradient.clone()
        ours.step(1.0, torch.tensor([0]))
        theirs.step()
    assert torch.allclose(models[0].weight, models[1].weight, atol=1e-6, rtol=0)
    assert torch.allclose(models[0].bias, models[1].bias, atol=1e-9, rtol=0)


def test_slots_of_absent_languages_are_left_alone() -> None:
    """Neither momentum nor pull nor decay; their steps are counted one by one."""
    model = Holder(te=torch.randn(3, 4, 2), er=torch.randn(3, 4))
    recadam = optimizer(model, settings(), te=(0, 1, 2), er=(0, 1, 2))
    for parameter in model.parameters():
        parameter.grad = torch.randn_like(parameter)
    recadam.step(1.0, torch.tensor([0, 1, 2]))
    before = toys.weights(model)
    recadam.step(1.0, torch.tensor([1, 1]))
    for name, value in toys.weights(model).items():
        changed = (value != before[name]).flatten(1).any(1)
        assert changed.tolist() == [False, True, False]
    assert recadam.state()["te/step"].tolist() == [1, 2, 1]


def test_a_slot_moves_as_a_shared_parameter_would() -> None:
    values = torch.randn(1, 4, 2)
    slab, shared = Holder(te=values.clone()), Holder(te=values[0].clone())
    both = (optimizer(slab, settings(), te=(0,)), optimizer(shared, settings()))
    for number in range(4):
        gradient = torch.randn(4, 2, generator=torch.Generator().manual_seed(number))
        slab.te.grad, shared.te.grad = gradient[None].clone(), gradient.clone()
        for one in both:
            one.step(0.7, torch.tensor([0]))
    assert torch.allclose(slab.te[0], shared.te, atol=1e-7)


def test_state_goes_over_bit_by_bit() -> None:
    plan = toys.plan(modules=(ModuleSpec.per_language("adapter", 2, bottleneck=4),))
    one = toys.training(RecAdam().apply(plan))
    one.step.update(0, one.sampler.batch(0))
    other = toys.training(one.plan, model=one.model)
    other.step.load_state(one.step.state())
    assert toys.same_bits(other.step.state(), one.step.state())


def test_the_pull_follows_the_learning_rate_and_the_middle_the_length() -> None:
    assert settings(AdamWSettings(3e-5), None).pull() == settings(AdamWSettings(3e-5), 5000).pull()
    assert RecAdam().apply(toys.plan(updates=2500)).step.anneal_t0 == 250


def test_a_pull_beyond_the_first_weights_is_refused() -> None:
    with pytest.raises(InputError, match="at most 1") as refused:
        toys.training(RecAdam(gamma=5000.0).apply(toys.plan()))
    assert "Use at most 100" in refused.value.next_step


@pytest.mark.parametrize("options", [{"gamma": 0}, {"shape": "cubic"}, {"anneal_k": -1}])
def test_values_that_mean_nothing_are_refused_at_the_door(options: dict[str, object]) -> None:
    with pytest.raises(InputError, match=next(iter(options))):
        build_treatment("recadam", options)
