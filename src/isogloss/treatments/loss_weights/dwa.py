"""Dynamic weight average: a loss that stopped falling weighs more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from isogloss.gradients import Array
from isogloss.training import BuildContext, LossCombine, TrainingPlan

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class DWA:
    """Weights follow the ratio of each language's mean loss in the last two windows of updates.

    Attributes:
        window: updates of a window; the authors' is an epoch.
        temperature: larger = more alike.
        non_finite: "stop" or "skip" the update when a language's loss is not finite.

    Reference:
        Liu, Johns, Davison. End-to-End Multi-Task Learning with Attention. CVPR 2019, equation 7.
        https://arxiv.org/abs/1803.10704

        @inproceedings{liu-etal-2019-end,
          title = {End-to-End Multi-Task Learning with Attention},
          author = {Liu, Shikun and Johns, Edward and Davison, Andrew J.},
          booktitle = {Proceedings of CVPR},
          year = {2019}
        }
    """

    name: ClassVar[str] = "dwa"
    parts: ClassVar[tuple[str, ...]] = ("combine",)
    separate: ClassVar[bool] = False
    claim: ClassVar[str] = "The language whose loss fell less between two windows weighs more."

    window: Annotated[int, Field(ge=1)] = 100
    temperature: Annotated[float, Field(gt=0)] = 2.0
    non_finite: Literal["stop", "skip"] = "stop"

    def apply(self, plan: TrainingPlan) -> TrainingPlan:
        """Return the plan with the dynamic weights as its combination rule."""
        combine = LossCombine(DWAWeighting(self.window, self.temperature), self.non_finite)
        return plan.replace_parts(self.name, combine=combine)

    def candidates(self) -> tuple[DWA, ...]:
        """Return itself."""
        return (self,)


@dataclass(frozen=True)
class DWAWeighting:
    """Names dynamic weight averaging: w_l = L softmax(r_l / temperature), r_l = A_l(t-1)/A_l(t-2).

    A_l(t) is the mean loss of language l over window t. The authors' window is an epoch, which
    running text does not have; ours is a number of updates. Weights are 1 in the first two windows.

    Attributes:
        window: updates of a window.
        temperature: above 0; larger = more alike.

    Reference:
        Liu, Johns, Davison. End-to-End Multi-Task Learning with Attention. CVPR 2019, equation 7.
        https://arxiv.org/abs/1803.10704
    """

    plan_name: ClassVar[str] = "DWA"

    window: int = 100
    temperature: float = 2.0

    @property
    def looks_back(self) -> bool:
        """No."""
        return False

    def start(self, context: BuildContext) -> RunningDWA:
        """Return the weighting of one run."""
        return RunningDWA(len(context.languages), self)


class RunningDWA:
    """DWA with its averages; see `LossWeighting` for the contract."""

    def __init__(self, n_languages: int, settings: DWAWeighting) -> None:
        self._settings = settings
        self._sums, self._counts = np.zeros(n_languages), np.zeros(n_languages)
        self._older, self._newer = (np.full(n_languages, np.nan) for _ in range(2))
        self._updates = 0

    def weights(self, losses: Array, languages: Sequence[int]) -> Array:
        """Return the weights, which sum to their number, shape [n]; then note the losses."""
        index = list(languages)
        rates = self._newer[index] / self._older[index]
        rates = np.where(np.isfinite(rates), rates, 1.0) / self._settings.temperature
        powers = np.exp(rates - rates.max())
        self._note(losses, index)
        return len(index) * powers / powers.sum()

    def _note(self, losses: Array, index: list[int]) -> None:
        self._sums[index] += losses
        self._counts[index] += 1
        self._updates += 1
        if self._updates < self._settings.window:
            return
        means = self._sums / np.maximum(self._counts, 1)
        # A language that was absent all through a window keeps its older mean.
        means = np.where(self._counts > 0, means, self._newer)
        self._older, self._newer = self._newer, means
        self._sums, self._counts = np.zeros_like(means), np.zeros_like(means)
        self._updates = 0

    def after(self, losses: Array, languages: Sequence[int]) -> None:
        """Do nothing."""

    def state(self) -> dict[str, Tensor]:
        """Return the averages of two windows and the sums of the one that runs."""
        import torch

        rows = np.stack([self._sums, self._counts, self._older, self._newer])
        return {"windows": torch.from_numpy(rows), "updates": torch.tensor(self._updates)}

    def load_state(self, state: dict[str, Tensor]) -> None:
        """Take back what `state` returned."""
        rows = state["windows"].cpu().numpy().copy()
        self._sums, self._counts, self._older, self._newer = rows
        self._updates = int(state["updates"])
