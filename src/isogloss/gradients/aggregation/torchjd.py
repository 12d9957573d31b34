"""The one place that knows TorchJD: its rules that turn a Gramian into weights.

Reference:
    Quinton, Rey. Jacobian Descent for Multi-Objective Optimization. 2024.
    https://arxiv.org/abs/2406.16232, and the library TorchJD 0.18.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from isogloss.core import InputError, look_up
from isogloss.gradients.aggregation.contract import Array

if TYPE_CHECKING:
    from torch import Tensor


RULES: Final[Mapping[str, str]] = {
    "aligned_mtl": "AlignedMTLWeighting",
    "cagrad": "CAGradWeighting",
    "fairgrad": "FairGradWeighting",
    "imtl_g": "IMTLGWeighting",
    "mgda": "MGDAWeighting",
    "upgrad": "UPGradWeighting",
}


@dataclass(frozen=True)
class TorchJD:
    """Names one of TorchJD's rules, all of them without state.

    Attributes:
        rule: a key of `RULES`.
        options: of the rule's constructor.
    """

    rule: str
    options: Mapping[str, float] = field(default_factory=dict)

    def start(self, n_languages: int, seed: int) -> RunningTorchJD:
        """Return the rule for one run.

        Raises:
            InputError: TorchJD, or a solver that the rule needs, is not installed.
        """
        name = look_up(RULES, self.rule, "rule of TorchJD")
        try:
            aggregation = import_module("torchjd.aggregation")
            rule = getattr(aggregation, name)(**self.options)
        except ImportError as error:
            raise InputError(
                expected=f"the optional package torchjd, which has `{self.rule}`",
                found=str(error),
                where=f"treatments.{self.rule}",
                next_step='Install it: pip install "isogloss[torchjd]".',
            ) from error
        # G w = w^(-1 / alpha): a Gramian s times as large has weights s^(-alpha / (1 + alpha)).
        alpha = self.options.get("alpha", 0.0) if self.rule == "fairgrad" else 0.0
        return RunningTorchJD(rule, -alpha / (1 + alpha))


class RunningTorchJD:
    """One rule of TorchJD, asked at one scale; see `Weighting` for the contract.

    CAGrad and UPGrad hold a threshold that is absolute: where the trace of G is below 1e-4, as that
    of a single module often is, CAGrad answers with zeros and UPGrad with the mean. But for
    FairGrad, weights should not depend on the scale of G. So the rule sees G over its mean squared
    length, and its weights are scaled back.

    Args:
        rule: of TorchJD.
        power: of the scale in the weights.
    """

    def __init__(self, rule: Callable[[Tensor], Any], power: float) -> None:
        self._rule, self._power = rule, power

    def weights(self, unit: str, gramian: Array, languages: Sequence[int]) -> Array:
        """Return the weights, shape [n]."""
        import torch

        scale = float(gramian.diagonal().mean())
        found = self._rule(torch.from_numpy(gramian / scale)).double().numpy()
        return found * scale**self._power

    def state(self) -> dict[str, Tensor]:
        """Return nothing: the rules have no state."""
        return {}

    def load_state(self, state: dict[str, Tensor]) -> None:
        """Take nothing back."""
