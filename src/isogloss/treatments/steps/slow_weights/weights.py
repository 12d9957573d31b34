"""Slow weights phi that follow the weights in training, theta, a share of the way at a time."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import final

import torch
from torch import Tensor, nn


@final
class SlowWeights:
    r"""A second set of weights, moved once after several optimizer steps.

    .. math:: \phi \leftarrow \phi + \eta (\bar\theta - \phi), \qquad \theta \leftarrow \phi

    The mean is over the chains of steps that started from phi since its last move: one chain for
    Lookahead, Fish and Sequential Reptile, one for each language for Reptile. With eta = 1 and one
    chain nothing changes, to the last bit; with eta = 0 phi never moves.

    Args:
        parameters: theta by name; frozen ones are left out.
        outer_learning_rate: eta, in [0, 1].

    Reference:
        Nichol, Achiam, Schulman. On First-Order Meta-Learning Algorithms. 2018, Algorithms 1 and 2.
        https://arxiv.org/abs/1803.02999
    """

    def __init__(
        self, parameters: Iterable[tuple[str, nn.Parameter]], outer_learning_rate: float
    ) -> None:
        self._eta = outer_learning_rate
        self._theta = {name: p for name, p in parameters if p.requires_grad}
        self._phi = {name: _precise(p) for name, p in self._theta.items()}
        self._sum: dict[str, Tensor] = {}
        self._n_chains = 0

    @torch.no_grad()
    def end_chain(self) -> None:
        """Remember theta as the end of one chain of steps and go back to phi."""
        for name, parameter in self._theta.items():
            end = _precise(parameter)
            self._sum[name] = self._sum[name].add_(end) if self._n_chains else end
        self._n_chains += 1
        self.restore()

    @torch.no_grad()
    def advance(self) -> None:
        """Move phi towards the mean end of the chains, theta being the last one, and go there."""
        if self._n_chains:
            self.end_chain()
        for name, phi in self._phi.items():
            end = self._sum[name] / self._n_chains if self._n_chains else self._theta[name]
            # lerp is exact at both ends: phi + (theta - phi) would not give theta back.
            phi.lerp_(end.to(phi.dtype), self._eta)
        self._sum, self._n_chains = {}, 0
        self.restore()

    @torch.no_grad()
    def restore(self) -> None:
        """Set theta to phi."""
        for name, parameter in self._theta.items():
            parameter.copy_(self._phi[name])

    @contextmanager
    def exchanged(self) -> Iterator[None]:
        """Give the model phi for a while, and theta back afterwards.

        Yields:
            Nothing.
        """
        theta = {name: parameter.detach().clone() for name, parameter in self._theta.items()}
        self.restore()
        try:
            yield
        finally:
            with torch.no_grad():
                for name, parameter in self._theta.items():
                    parameter.copy_(theta[name])

    def state(self) -> dict[str, Tensor]:
        """Return phi, and what is kept of chains that have ended."""
        return {
            **{f"phi/{name}": value for name, value in self._phi.items()},
            **{f"sum/{name}": value for name, value in self._sum.items()},
            "n_chains": torch.tensor(self._n_chains),
        }

    def load_state(self, state: Mapping[str, Tensor]) -> None:
        """Take back what `state` returned."""
        for name, phi in self._phi.items():
            phi.copy_(state[f"phi/{name}"])
        self._n_chains = int(state["n_chains"])
        names = self._phi if self._n_chains else ()
        self._sum = {name: state[f"sum/{name}"].clone() for name in names}


def _precise(parameter: Tensor) -> Tensor:
    """Return a copy in float32 or better: a small eta moves bf16 weights by less than a bit."""
    precise = torch.promote_types(parameter.dtype, torch.float32)
    return parameter.detach().to(precise, copy=True)
