"""Adapters of several languages in one place: averages of outputs or of parameters."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import torch
from torch import Tensor
from torch.nn.functional import pad

from isogloss.core import look_up

Weights = dict[str, Tensor]
Shares = Sequence[tuple[Weights, float]]


def uniform_average(members: Shares) -> Weights:
    """Return one adapter whose output is the weighted mean of the members' outputs, exactly.

    With members m of weight s_m, sum_m s_m (W2_m act(W1_m z + c1_m) + c2_m) is an adapter again:
    its W1 and c1 are the members' one under the other, its W2 are s_m W2_m side by side, its c2 is
    sum_m s_m c2_m. So a company is one slot as a language is, and routes like one. LoRA is the
    same without activation and biases.

    Args:
        members: weights and the share of each; shares add up to 1.

    Returns:
        Weights with the sum of the members' bottlenecks.
    """
    first = members[0][0]
    return {name: _JOINED[name.rpartition(".")[2]](name, members) for name in first}


def weight_average(members: Shares) -> Weights:
    """Return the adapter whose parameters are the weighted means of the members' parameters."""
    return {
        name: torch.stack([share * weights[name] for weights, share in members]).sum(0)
        for name in members[0][0]
    }


MERGES: Final[Mapping[str, Callable[[Shares], Weights]]] = {
    "uniform_average": uniform_average,
    "weight_average": weight_average,
}
"""Merge operators by name."""


def merged(members: Sequence[Weights], operator: str) -> Weights:
    """Return the adapter of a company.

    A member that is there twice is there once with twice the share, so that an adapter in its own
    company is itself, to the last bit.

    Args:
        members: at least one; the same object = the same member.
        operator: key of `MERGES`.

    Raises:
        InputError: no such operator.
    """
    operate = look_up(MERGES, operator, "merge operator")
    times = Counter(id(one) for one in members)
    distinct = {id(one): one for one in members}
    if len(distinct) == 1:
        return members[0]
    return operate([(distinct[key], n / len(members)) for key, n in times.items()])


def widened(weights: Weights, like: Mapping[str, Tensor]) -> Weights:
    """Return weights filled up with zeros to the shapes of a slot: what is added computes 0.

    Args:
        weights: of one adapter.
        like: tensors of the slot, by the same names.
    """
    return {name: pad(one, _missing(one.shape, like[name].shape)) for name, one in weights.items()}


def nothing_like(slot: Mapping[str, Tensor]) -> Weights:
    """Return an adapter that changes nothing: the baseline, as one more slot."""
    return {name: torch.zeros_like(one) for name, one in slot.items()}


def _missing(shape: Sequence[int], wanted: Sequence[int]) -> list[int]:
    """Return what `pad` takes: (before, after) of each axis, last axis first."""
    both = zip(reversed(shape), reversed(wanted), strict=True)
    return [amount for own, want in both for amount in (0, want - own)]


def _stacked(axis: int, *, weighted: bool) -> Callable[[str, Shares], Tensor]:
    def join(name: str, members: Shares) -> Tensor:
        parts = [weights[name] * (share if weighted else 1.0) for weights, share in members]
        return torch.cat(parts, dim=axis)

    return join


def _summed(name: str, members: Shares) -> Tensor:
    return torch.stack([share * weights[name] for weights, share in members]).sum(0)


_JOINED: Final[Mapping[str, Callable[[str, Shares], Tensor]]] = {
    "down": _stacked(0, weighted=False),
    "down_bias": _stacked(0, weighted=False),
    "up": _stacked(1, weighted=True),
    "up_bias": _summed,
}
