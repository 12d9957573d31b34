"""Three cubic losses and walks of gradient descent on them, with slow weights behind."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from isogloss.treatments.steps.slow_weights.weights import SlowWeights

RATES = (0.04, 0.02, 0.01, 0.005)


def _symmetric(generator: torch.Generator, order: int, size: int) -> Tensor:
    """Return a random symmetric tensor."""
    values = torch.randn((size,) * order, generator=generator, dtype=torch.float64)
    if order == 2:
        return (values + values.T) / 2
    turns = [values.permute(p) for p in ((0, 1, 2), (1, 2, 0), (2, 0, 1))]
    turns += [values.permute(p) for p in ((0, 2, 1), (2, 1, 0), (1, 0, 2))]
    return torch.stack(turns).mean(0)


@dataclass
class Cubics:
    """L_t(w) = b_t w + w A_t w / 2 + C_t w w w / 6 for three languages, and a point phi."""

    size: int = 4
    languages: range = range(3)
    slope: list[Tensor] = field(init=False)
    curve: list[Tensor] = field(init=False)
    bend: list[Tensor] = field(init=False)
    phi: Tensor = field(init=False)

    def __post_init__(self) -> None:
        g = torch.Generator().manual_seed(5)
        self.slope = [torch.randn(self.size, generator=g, dtype=torch.float64) for _ in range(3)]
        self.curve = [_symmetric(g, 2, self.size) for _ in range(3)]
        self.bend = [_symmetric(g, 3, self.size) for _ in range(3)]
        self.phi = torch.randn(self.size, generator=g, dtype=torch.float64)

    def gradient(self, t: int, w: Tensor) -> Tensor:
        return self.slope[t] + self.curve[t] @ w + 0.5 * (self.bend[t] @ w) @ w

    def hessian(self, t: int, w: Tensor) -> Tensor:
        return self.curve[t] + self.bend[t] @ w

    def g(self, t: int) -> Tensor:
        return self.gradient(t, self.phi)

    def h(self, t: int) -> Tensor:
        return self.hessian(t, self.phi)

    def walk(self, chains: Iterable[Sequence[int]], rate: float, eta: float = 1.0) -> Tensor:
        """Return phi - phi' after one outer update over chains of steps on languages."""
        weight = nn.Parameter(self.phi.clone())
        slow = SlowWeights([("w", weight)], eta)
        chains = list(chains)
        for number, chain in enumerate(chains, start=1):
            for t in chain:
                weight.data.sub_(rate * self.gradient(t, weight.data))
            if number < len(chains):
                slow.end_chain()
        slow.advance()
        return self.phi - weight.detach()

    def mean_walk(self, orders: Iterable[Sequence[int]], rate: float) -> Tensor:
        """Return the mean displacement over equally likely orders of one chain."""
        return torch.stack([self.walk([order], rate) for order in orders]).mean(0)

    def products(self, w: Tensor) -> Tensor:
        """Return the sum of the inner products of different languages' gradients at w."""
        gradients = [self.gradient(t, w) for t in self.languages]
        return sum(
            (gradients[s] @ gradients[t] for s in self.languages for t in self.languages if s != t),
            torch.zeros((), dtype=torch.float64),
        )

    def ascent_of_products(self) -> Tensor:
        """Return the gradient of `products` at phi."""
        w = self.phi.clone().requires_grad_()
        return torch.autograd.grad(self.products(w), [w])[0]


def constants(found: Sequence[Tensor], expected: Sequence[Tensor], order: int) -> list[float]:
    """Return |found - expected| / rate^order, which settles where `order` is the next one."""
    return [
        float((one - other).norm()) / rate**order
        for one, other, rate in zip(found, expected, RATES, strict=True)
    ]


def settles(values: Sequence[float]) -> bool:
    """Tell whether values come to rest at a number that is not 0 while the rate is halved."""
    *_, before, last = values
    return last > 1e-3 and abs(last - before) < 0.02 * last
