from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from isogloss.data import Routing, Runs
from isogloss.models.slab import (
    apply_by_slot,
    batched_linear,
    current_routing,
    linear_slabs,
    reroute,
    routed,
    running_routing,
    seeded,
)


def _slabs(n_slots: int = 4) -> tuple[nn.Parameter, nn.Parameter]:
    return linear_slabs(n_slots, 6, 5, lambda slot: seeded(1, slot))


def _block(linear: Callable[..., Tensor], x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    return linear(x, weight, bias)


def _expected(x: Tensor, weight: Tensor, bias: Tensor, runs: Runs) -> Tensor:
    slots = [slot for slot, n in zip(runs.slots, runs.counts, strict=True) for _ in range(n)]
    return torch.stack([row @ weight[s].T + bias[s] for row, s in zip(x, slots, strict=True)])


RUNS = {
    "one run": Runs((2,), (6,)),
    "equal, in order": Runs((1, 2), (3, 3)),
    "equal, out of order": Runs((3, 0, 1), (2, 2, 2)),
    "equal, a slot twice": Runs((1, 0, 1), (2, 2, 2)),
    "unequal": Runs((0, 3), (2, 4)),
    "unequal, a slot twice": Runs((1, 0, 1), (1, 2, 3)),
}


@pytest.mark.parametrize("runs", RUNS.values(), ids=RUNS)
def test_each_row_meets_its_slot(runs: Runs) -> None:
    weight, bias = _slabs()
    x = torch.randn(6, 7, 6, requires_grad=True)
    # The block keeps the shape in the models; a square map does so here too.
    square, shift = weight.new_zeros(4, 6, 6), torch.zeros(4, 6)
    square[:, :5], shift[:, :5] = weight.detach(), bias.detach()
    square.requires_grad_(), shift.requires_grad_()
    found = apply_by_slot(_block, x, (square, shift), runs)
    expected = _expected(x, square, shift, runs)
    torch.testing.assert_close(found, expected, atol=1e-6, rtol=0)
    inputs = (x, square, shift)
    cotangent = torch.randn_like(found)
    for ours, theirs in zip(
        torch.autograd.grad(found, inputs, cotangent),
        torch.autograd.grad(expected, inputs, cotangent),
        strict=True,
    ):
        torch.testing.assert_close(ours, theirs, atol=1e-5, rtol=0)


@pytest.mark.parametrize("runs", RUNS.values(), ids=RUNS)
@pytest.mark.parametrize("with_bias", [True, False])
def test_vectors_may_come_out_longer_or_shorter(runs: Runs, with_bias: bool) -> None:
    weight, bias = _slabs()
    x = torch.randn(6, 7, 6)
    if with_bias:
        found, shift = apply_by_slot(_block, x, (weight, bias), runs), bias
    else:
        found, shift = apply_by_slot(_without_bias, x, (weight,), runs), torch.zeros_like(bias)
    assert found.shape == (6, 7, 5)
    torch.testing.assert_close(found, _expected(x, weight, shift, runs), atol=1e-6, rtol=1e-6)


def _without_bias(linear: Callable[..., Tensor], x: Tensor, weight: Tensor) -> Tensor:
    return linear(x, weight, None)


@pytest.mark.parametrize("runs", RUNS.values(), ids=RUNS)
def test_absent_slots_get_exactly_no_gradient(runs: Runs) -> None:
    slab = torch.randn(4, 6, 6, requires_grad=True)
    x = torch.randn(6, 7, 6)
    apply_by_slot(lambda _, x, w: x @ w, x, (slab,), runs).sum().backward()
    assert slab.grad is not None
    for slot in range(4):
        assert slab.grad[slot].any().item() == (slot in runs.slots)


def test_initial_values_are_those_of_a_linear_layer() -> None:
    weight, bias = linear_slabs(3, 100, 50, lambda slot: seeded(slot))
    assert (weight.shape, bias.shape) == ((3, 50, 100), (3, 50))
    bound = 0.1
    assert weight.abs().max() <= bound
    assert weight.std().item() == pytest.approx(bound / 3**0.5, rel=0.02)
    assert not torch.equal(weight[0], weight[1])


def test_a_slot_does_not_depend_on_the_others() -> None:
    assert torch.equal(_slabs(2)[0], _slabs(4)[0][:2])


def test_seeds_depend_on_every_part_and_leave_the_global_state() -> None:
    state = torch.get_rng_state()
    draws = {seeded(*parts).initial_seed() for parts in [(1, "a"), (1, "b"), (2, "a"), (1,)]}
    assert len(draws) == 4
    assert seeded(1, "a").initial_seed() == seeded(1, "a").initial_seed()
    assert torch.equal(state, torch.get_rng_state())


def test_batched_linear_is_linear() -> None:
    weight, bias = _slabs()
    x = torch.randn(4, 3, 6)
    expected = torch.stack([nn.functional.linear(x[i], weight[i], bias[i]) for i in range(4)])
    torch.testing.assert_close(batched_linear(x, weight, bias), expected)


def test_routing_holds_inside_only() -> None:
    outer, inner = Routing.of([0]), Routing.of([1])
    with routed(outer):
        with routed(inner):
            assert current_routing() is inner
        assert current_routing() is outer
    assert running_routing() is None
    with pytest.raises(RuntimeError, match="without languages"):
        current_routing()


def test_a_new_route_holds_up_to_the_end_of_the_pass() -> None:
    outer, inner, later = Routing.of([0]), Routing.of([1]), Routing.of([2])
    with routed(outer):
        with routed(inner):
            reroute(later)
            assert current_routing() is later
        assert current_routing() is outer
