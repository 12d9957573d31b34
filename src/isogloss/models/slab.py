"""Slabs: one tensor per weight with a leading axis of slots, and the products that use them."""

import hashlib
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import torch
from torch import Tensor, nn
from torch.nn.functional import linear

from isogloss.core import Float
from isogloss.data import Routing, Runs

Block = Callable[..., Tensor]


def linear_slabs(
    n_slots: int, n_in: int, n_out: int, seeds: Callable[[int], torch.Generator]
) -> tuple[nn.Parameter, nn.Parameter]:
    """Return the weights and biases of one `nn.Linear` per slot, initialised as torch does.

    Args:
        n_slots: leading axis.
        n_in: inputs of each.
        n_out: outputs of each.
        seeds: generator of each slot: a slot's values do not depend on how many slots there are.

    Returns:
        weights [slots, n_out, n_in] and biases [slots, n_out].
    """
    bound = 1 / math.sqrt(n_in)
    weight = torch.empty(n_slots, n_out, n_in)
    bias = torch.empty(n_slots, n_out)
    for slot in range(n_slots):
        generator = seeds(slot)
        weight[slot].uniform_(-bound, bound, generator=generator)
        bias[slot].uniform_(-bound, bound, generator=generator)
    return nn.Parameter(weight), nn.Parameter(bias)


def seeded(*parts: object) -> torch.Generator:
    """Return a generator that depends on all `parts` and on nothing else."""
    digest = hashlib.sha256("/".join(map(str, parts)).encode()).digest()
    return torch.Generator().manual_seed(int.from_bytes(digest[:8]) >> 1)


def batched_linear(
    x: Float[Tensor, "runs n n_in"],
    weight: Float[Tensor, "runs n_out n_in"],
    bias: Float[Tensor, "runs n_out"] | None = None,
) -> Float[Tensor, "runs n n_out"]:
    """Apply one linear map per run."""
    if bias is None:
        return torch.bmm(x, weight.transpose(1, 2))
    return torch.baddbmm(bias.unsqueeze(1), x, weight.transpose(1, 2))


def apply_by_slot(
    block: Block,
    x: Float[Tensor, "rows *positions n_in"],
    slabs: tuple[Float[Tensor, "slots ..."], ...],
    runs: Runs,
) -> Float[Tensor, "rows *positions n_out"]:
    """Apply `block` to each run of rows with the weights of its slot.

    Args:
        block: `block(linear, x, *weights)`, where `linear(x, weight, bias)` suits the shapes given.
        x: shape [rows, ..., in], rows grouped as `runs` says.
        slabs: tensors with a leading axis of slots. The gradient at absent slots is exactly zero.
        runs: slot and number of rows of each run.

    Returns:
        Shape [rows, ..., out], where the block makes vectors of length `out`.
    """
    if len(runs.slots) == 1:
        return block(linear, x, *(slab[runs.slots[0]] for slab in slabs))
    if runs.equal:
        grouped = x.reshape(len(runs.slots), -1, x.shape[-1])
        out = block(batched_linear, grouped, *(_take(slab, runs) for slab in slabs))
        return out.view(*x.shape[:-1], out.shape[-1])
    # Unequal runs: views of the rows, one product each. One `unbind` for all runs costs one
    # stacked gradient per slab, where indexing each run would cost a whole zero slab each.
    weights = [slab.unbind() for slab in slabs]
    parts = x.split(runs.counts)
    return torch.cat(
        [
            block(linear, part, *(weight[slot] for weight in weights))
            for part, slot in zip(parts, runs.slots, strict=True)
        ]
    )


def _take(slab: Float[Tensor, " slots *shape"], runs: Runs) -> Float[Tensor, " runs *shape"]:
    """Return the slab's slices in the order of the runs, without a copy where they lie in order."""
    if runs.consecutive:
        return slab.narrow(0, runs.slots[0], len(runs.slots))
    return slab.index_select(0, runs.slot_index(slab.device))


_CURRENT: ContextVar[Routing] = ContextVar("routing")


@contextmanager
def routed(routing: Routing) -> Iterator[None]:
    """Make `routing` that of the forward pass inside; language-specific modules read it.

    Hugging Face layers hand nothing of ours down to their submodules. A context variable is bound
    to this call and thread; an attribute of a module would be overwritten by the next batch.
    """
    token = _CURRENT.set(routing)
    try:
        yield
    finally:
        _CURRENT.reset(token)


def reroute(routing: Routing) -> None:
    """Make `routing` that of the rest of the forward pass that is running, up to its end."""
    _CURRENT.set(routing)


def current_routing() -> Routing:
    """Find the routing of the forward pass that is running.

    Returns:
        What the innermost `routed` was given.

    Raises:
        RuntimeError: the backbone was run outside `MultilingualModel.encode`, for example by the
            recomputation of activation checkpointing: failing is better than a wrong language.
    """
    routing = _CURRENT.get(None)
    if routing is None:
        raise RuntimeError(
            "A model with language-specific modules was run without languages; "
            "call MultilingualModel.encode instead of the Hugging Face model inside it."
        )
    return routing


def running_routing() -> Routing | None:
    """Return the routing of the forward pass that is running, or None outside of one."""
    return _CURRENT.get(None)
