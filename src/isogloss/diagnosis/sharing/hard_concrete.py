"""Hard-Concrete gates and the L0 penalty: the mathematics, without a model.

A gate z in [0, 1] multiplies a group of weights. Its logit pi says how much it wants to be open;
noise u makes it random while it is learned, so that closing it has a gradient:

    s = sigmoid((log u - log(1 - u) + pi) / tau)
    z = min(1, max(0, s (zeta - gamma) + gamma))          gamma = -0.1, zeta = 1.1
    P(z > 0) = sigmoid(pi - tau log(-gamma / zeta))
    expected share of the weights = sum_g size_g P(z_g > 0) / sum_g size_g

Reference:
    Louizos, Welling, Kingma. Learning Sparse Neural Networks through L0 Regularization. ICLR 2018,
    equations 10 to 13. https://arxiv.org/abs/1712.01312

    Wang, Wohlwend, Lei. Structured Pruning of Large Language Models. EMNLP 2020: gates on the
    inputs of linear maps, held at a density. https://arxiv.org/abs/1910.04732
"""

import math
from typing import Final

import torch
from torch import Tensor

GAMMA: Final = -0.1
ZETA: Final = 1.1
TEMPERATURE: Final = 2 / 3
LARGEST: Final = math.log(100)
"""Logits stay within this of 0, as in the code of Louizos et al.: beyond it no gradient is left."""
_BISECTIONS: Final = 30
# Noise this near to 0 or 1 has infinite logits in fp32.
_EDGE: Final = 1e-6


def sample_gates(logits: Tensor, uniform: Tensor, temperature: float = TEMPERATURE) -> Tensor:
    """Return random gates z, differentiable in the logits where they are strictly between 0 and 1.

    Args:
        logits: pi, any shape.
        uniform: u in [0, 1], of the same shape.
        temperature: tau > 0; the smaller, the nearer are gates to 0 and 1.

    Returns:
        Gates in [0, 1], of the same shape.
    """
    u = uniform.clamp(_EDGE, 1 - _EDGE)
    s = torch.sigmoid((torch.log(u) - torch.log1p(-u) + logits) / temperature)
    return _stretched(s)


def resting_gates(logits: Tensor) -> Tensor:
    """Return the gates of a model at rest: min(1, max(0, sigmoid(pi) (zeta - gamma) + gamma)).

    Example:
        >>> resting_gates(torch.tensor([-3.0, 0.0, 3.0])).tolist()
        [0.0, 0.5, 1.0]
    """
    return _stretched(torch.sigmoid(logits))


def _stretched(s: Tensor) -> Tensor:
    return (s * (ZETA - GAMMA) + GAMMA).clamp(0, 1)


def open_probability(logits: Tensor, temperature: float = TEMPERATURE) -> Tensor:
    """Return P(z > 0) of each gate.

    Example:
        >>> [round(one, 3) for one in open_probability(torch.tensor([-3.0, 0.0, 3.0])).tolist()]
        [0.198, 0.832, 0.99]
    """
    return torch.sigmoid(logits - temperature * math.log(-GAMMA / ZETA))


def logit_of_drop(probability: float) -> float:
    """Return the logit log(1 - p) - log p that a gate begins with, p being the share to drop.

    Example:
        >>> round(logit_of_drop(0.05), 2)
        2.94
    """
    return math.log1p(-probability) - math.log(probability)


def expected_density(logits: Tensor, sizes: Tensor, temperature: float = TEMPERATURE) -> Tensor:
    """Return the expected share of gated weights that are kept, E ||z||_0 over their number.

    Args:
        logits: shape [..., gates].
        sizes: weights that each gate multiplies, shape [gates].
        temperature: of the gates.

    Returns:
        Shape [...], in (0, 1).
    """
    return open_probability(logits, temperature) @ sizes / sizes.sum()


def held_at(
    logits: Tensor, sizes: Tensor, density: float, temperature: float = TEMPERATURE
) -> Tensor:
    """Return the logits shifted together, each set by its own amount, so that a density is met.

    The projection of an update onto the constraint, along the direction in which all gates move
    alike; found by bisection.

    Args:
        logits: shape [..., gates].
        sizes: weights that each gate multiplies, shape [gates].
        density: to be expected afterwards, between those of all gates at -`LARGEST` and `LARGEST`.
        temperature: of the gates.

    Returns:
        Shape [..., gates], within `LARGEST` of 0.

    Differs from Wang, Wohlwend and Lei:
        They add lambda_1 c + lambda_2 c^2 to the loss, c the density less its target, and let the
        multipliers go up its gradient. Adam rescales that force: see `docs/log.md`.
    """
    low = torch.full(logits.shape[:-1], -2 * LARGEST, dtype=logits.dtype)
    high = -low
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        moved = (logits + middle.unsqueeze(-1)).clamp(-LARGEST, LARGEST)
        over = expected_density(moved, sizes, temperature) > density
        low, high = torch.where(over, low, middle), torch.where(over, middle, high)
    return (logits + low.unsqueeze(-1)).clamp(-LARGEST, LARGEST)
