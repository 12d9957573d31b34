"""SlotAdamW against PyTorch's AdamW: on shared parameters, and one AdamW for each language."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

import toys
from isogloss.training import AdamWSettings, SlotAdamW
from isogloss.training.optimizer import SCHEDULES, rate

SETTINGS = AdamWSettings(learning_rate=0.03, weight_decay=0.1)
SLOTS = (0, 1, 2)
ABSENT = "language_modules.adapter_0.te"


def parameters() -> dict[str, nn.Parameter]:
    """Shared and specific ones whose names hold the codes of languages: te, ad, er."""
    torch.manual_seed(4)
    return {
        "backbone.adapter.er": nn.Parameter(torch.randn(5, 3)),
        "backbone.bias": nn.Parameter(torch.randn(3)),
        ABSENT: nn.Parameter(torch.randn(3, 4, 2)),
        "language_modules.adapter_0.ad": nn.Parameter(torch.randn(3, 4)),
    }


def specific(slots: tuple[int, ...] = SLOTS) -> dict[str, tuple[int, ...]]:
    return dict.fromkeys((ABSENT, "language_modules.adapter_0.ad"), slots)


def optimizer(of: dict[str, nn.Parameter], slots: tuple[int, ...] = SLOTS) -> SlotAdamW:
    return SlotAdamW(of.items(), specific(slots), SETTINGS)


def gradients(of: dict[str, nn.Parameter], present: list[int], number: int) -> None:
    """Draw gradients; those of absent slots are zero, as routing leaves them."""
    generator = torch.Generator().manual_seed(number)
    for name, parameter in of.items():
        parameter.grad = torch.randn(parameter.shape, generator=generator)
        if name in specific():
            absent = [slot for slot in range(3) if slot not in present]
            parameter.grad[absent] = 0


def torch_adamw(matrices: list[Tensor], vectors: list[Tensor]) -> torch.optim.AdamW:
    return torch.optim.AdamW(
        [
            {"params": matrices, "weight_decay": SETTINGS.weight_decay},
            {"params": vectors, "weight_decay": 0.0},
        ],
        lr=SETTINGS.learning_rate,
        betas=(SETTINGS.beta1, SETTINGS.beta2),
        eps=SETTINGS.epsilon,
    )


@settings(deadline=None, max_examples=25)
@given(st.lists(st.lists(st.integers(0, 2), min_size=1, max_size=6), min_size=1, max_size=8))
def test_each_language_has_an_adamw_of_its_own(batches: list[list[int]]) -> None:
    """One AdamW of PyTorch for the shared weights, and one a slot that steps when it is present."""
    ours, theirs = parameters(), parameters()
    slices = {
        name: [nn.Parameter(theirs[name][slot].detach().clone()) for slot in SLOTS]
        for name in specific()
    }
    matrix, vector = (slices[name] for name in specific())
    shared = torch_adamw([theirs["backbone.adapter.er"]], [theirs["backbone.bias"]])
    of_slot = [torch_adamw([matrix[slot]], [vector[slot]]) for slot in SLOTS]
    optimized = optimizer(ours)

    for number, languages in enumerate(batches):
        gradients(ours, languages, number)
        for name, parameter in ours.items():
            assert parameter.grad is not None
            theirs[name].grad = parameter.grad.clone()
            for slot in range(3) if name in slices else ():
                slices[name][slot].grad = parameter.grad[slot].clone()
        optimized.step(1.0, torch.tensor(languages))
        shared.step()
        for slot in set(languages):
            of_slot[slot].step()

    for name, parameter in ours.items():
        expected = torch.stack(list(slices[name])) if name in slices else theirs[name]
        assert torch.allclose(parameter, expected, atol=1e-6, rtol=1e-6), name


def test_absent_languages_keep_their_bits() -> None:
    ours = parameters()
    optimized = optimizer(ours)
    gradients(ours, [0, 1, 2], 0)
    optimized.step(1.0, torch.tensor([0, 1, 2]))
    before = {name: value.clone() for name, value in optimized.state().items()}
    weights = {name: value.detach().clone() for name, value in ours.items()}

    gradients(ours, [0], 1)
    optimized.step(1.0, torch.tensor([0, 0]))
    after = optimized.state()
    for name in specific():
        assert torch.equal(ours[name][1:], weights[name][1:])
        assert not torch.equal(ours[name][0], weights[name][0])
        assert after[f"{name}/step"].tolist() == [2, 1, 1]
        for key in ("exp_avg", "exp_avg_sq"):
            assert torch.equal(after[f"{name}/{key}"][1:], before[f"{name}/{key}"][1:])


def test_languages_of_a_group_move_their_slot_together() -> None:
    ours = parameters()
    optimized = optimizer(ours, slots=(0, 2, 2))
    before = ours[ABSENT].detach().clone()
    gradients(ours, [0, 1, 2], 0)
    optimized.step(1.0, torch.tensor([1, 2, 2]))
    moved = (ours[ABSENT] != before).flatten(1).any(1)
    assert moved.tolist() == [False, False, True]
    assert optimized.state()[f"{ABSENT}/step"].tolist() == [0, 0, 1], "one step, not three"


def test_hostile_codes_reach_their_own_slot_only() -> None:
    """The languages te, ad and er in a real model: training on te alone moves slot 0 alone."""
    from isogloss.models import ModuleSpec

    one = toys.training(
        toys.plan(toys.HOSTILE, modules=(ModuleSpec.per_language("adapter", 3, bottleneck=4),))
    )
    before = toys.weights(one.model)
    batch = one.sampler.batch(0)
    of_te = batch.select(batch.language == 0)
    one.step.update(0, of_te)
    for name, value in one.model.named_parameters():
        if "language_modules" in name:
            assert torch.equal(value[1:], before[name][1:]), name
            assert not torch.equal(value[0], before[name][0]), name


def test_frozen_parameters_are_left_out() -> None:
    ours = parameters()
    for name in ("backbone.adapter.er", "backbone.bias", ABSENT):
        ours[name].requires_grad_(False)
    optimized = optimizer(ours)
    assert len(optimized.parameters) == 1
    assert set(optimized.state()) == {
        f"language_modules.adapter_0.ad/{key}" for key in ("exp_avg", "exp_avg_sq", "step")
    }


def test_a_parameter_without_gradient_stays() -> None:
    ours = parameters()
    optimized = optimizer(ours)
    gradients(ours, [0, 1, 2], 0)
    optimized.zero_grad()
    before = {name: value.detach().clone() for name, value in ours.items()}
    optimized.step(1.0, torch.tensor([0, 1, 2]))
    assert all(torch.equal(ours[name], before[name]) for name in ours)


@pytest.mark.parametrize("others", [[0, 1], [2]])
def test_state_goes_over_to_another_optimizer_bit_by_bit(others: list[int]) -> None:
    first, second = parameters(), parameters()
    left, right = optimizer(first), optimizer(second)
    gradients(first, [0, 1], 0)
    left.step(1.0, torch.tensor([0, 1]))
    with torch.no_grad():
        for name, parameter in second.items():
            parameter.copy_(first[name])
    right.load_state(left.state())
    for one, of in ((left, first), (right, second)):
        gradients(of, others, 1)
        one.step(0.5, torch.tensor(others))
    assert all(torch.equal(first[name], second[name]) for name in first)
    assert toys.same_bits(left.state(), right.state())


@pytest.mark.parametrize("name", SCHEDULES)
@given(updates=st.integers(1, 500), warm_up=st.floats(0, 0.99), data=st.data())
def test_factors_lie_between_0_and_1(
    name: str, updates: int, warm_up: float, data: st.DataObject
) -> None:
    update = data.draw(st.integers(0, updates - 1))
    factor = rate(SCHEDULES[name], update, updates, warm_up)
    assert 0 < factor <= 1


@pytest.mark.parametrize("name", SCHEDULES)
def test_factors_rise_and_then_never_rise_again(name: str) -> None:
    factors = [rate(SCHEDULES[name], update, 50, 0.2) for update in range(50)]
    assert factors[:10] == pytest.approx([n / 10 for n in range(1, 11)])
    assert factors[10] == 1
    assert factors[10:] == sorted(factors[10:], reverse=True)


@pytest.mark.parametrize(("name", "last"), [("constant", 1.0), ("linear", 0.02), ("cosine", 0.011)])
def test_where_a_schedule_ends(name: str, last: float) -> None:
    assert rate(SCHEDULES[name], 49, 50, 0.0) == pytest.approx(last, abs=1e-3)


def test_half_way_down_the_cosine() -> None:
    assert rate(SCHEDULES["cosine"], 50, 100, 0.0) == pytest.approx(0.01 + 0.99 / 2)


def test_one_update_is_done_at_full_rate() -> None:
    assert rate(SCHEDULES["linear"], 0, 1, 0.5) == 1
