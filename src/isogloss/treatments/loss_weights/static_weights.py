"""Static weights, tuned: the sceptic's baseline for every way to combine gradients."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from isogloss.core import InputError
from isogloss.gradients import Array
from isogloss.training import BuildContext, LossCombine, TrainingPlan

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class StaticWeights:
    """Fixed weights of the languages' mean losses, size_l^exponent in sum 1, exponent tuned.

    The study trains every exponent on one seed and keeps the one with the best mean dev score. An
    exponent below 0 lifts small languages, 1 weighs languages by their data.

    Attributes:
        exponents: to choose from.
        non_finite: "stop" or "skip" the update when a language's loss is not finite.

    Reference:
        Xin, Ghorbani, Garg, Firat, Gilmer. Do Current Multi-Task Optimization Methods in Deep
        Learning Even Help? NeurIPS 2022. https://arxiv.org/abs/2209.11379

        @inproceedings{xin-etal-2022-current,
          title = {Do Current Multi-Task Optimization Methods in Deep Learning Even Help?},
          author = {Xin, Derrick and Ghorbani, Behrooz and Garg, Ankush and Firat, Orhan and
                    Gilmer, Justin},
          booktitle = {Advances in Neural Information Processing Systems},
          year = {2022}
        }
    """

    name: ClassVar[str] = "static_weights"
    parts: ClassVar[tuple[str, ...]] = ("combine",)
    separate: ClassVar[bool] = False
    claim: ClassVar[str] = "Tuned fixed weights do what adaptive weights and gradient surgery do."

    exponents: tuple[float, ...] = (-0.5, 0.0, 0.5, 1.0)
    non_finite: Literal["stop", "skip"] = "stop"

    def __post_init__(self) -> None:
        if not self.exponents or not all(map(math.isfinite, self.exponents)):
            raise InputError(
                expected="one or more finite exponents",
                found=f"{list(self.exponents)}",
                where="treatments.static_weights.exponents",
                next_step="Use for example [-0.5, 0, 0.5, 1].",
            )

    def apply(self, plan: TrainingPlan) -> TrainingPlan:
        """Return the plan with weights by the first exponent."""
        combine = LossCombine(StaticWeighting(self.exponents[0]), self.non_finite)
        return plan.replace_parts(self.name, combine=combine)

    def candidates(self) -> tuple[StaticWeights, ...]:
        """Return one treatment per exponent."""
        return tuple(StaticWeights((exponent,), self.non_finite) for exponent in self.exponents)


@dataclass(frozen=True)
class StaticWeighting:
    """Names fixed weights: language l weighs as size_l^exponent, in sum 1.

    Attributes:
        exponent: 0 = all languages alike, 1 = in proportion to their data.
    """

    plan_name: ClassVar[str] = "StaticWeights"

    exponent: float = 0.0

    @property
    def looks_back(self) -> bool:
        """No."""
        return False

    def start(self, context: BuildContext) -> RunningStaticWeights:
        """Return the weights of one run; a language without training data has none."""
        sizes = {
            language: _size(context.material[language])
            for language in context.languages
            if language in context.material
        }
        # Only ratios count, and relative sizes stay within the range of a float.
        largest = max(sizes.values())
        powers = {language: (size / largest) ** self.exponent for language, size in sizes.items()}
        return RunningStaticWeights(np.array([powers.get(one, 0.0) for one in context.languages]))


class RunningStaticWeights:
    """Fixed weights; see `LossWeighting` for the contract."""

    def __init__(self, weights: Array) -> None:
        self._weights = weights

    def weights(self, losses: Array, languages: Sequence[int]) -> Array:
        """Return the weights of the present languages, in sum 1."""
        present = self._weights[list(languages)]
        return present / present.sum()

    def after(self, losses: Array, languages: Sequence[int]) -> None:
        """Do nothing."""

    def state(self) -> dict[str, Tensor]:
        """Return nothing."""
        return {}

    def load_state(self, state: dict[str, Tensor]) -> None:
        """Take nothing back."""


def _size(material: object) -> float:
    """Return the tokens of a corpus, or the number of labelled examples."""
    tokens = getattr(material, "n_tokens", None)
    return float(len(material) if tokens is None else tokens)  # type: ignore[arg-type]
