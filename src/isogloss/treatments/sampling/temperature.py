"""Sampling languages by temperature, with the exponent tuned: the baseline to beat."""

import dataclasses
import math
from dataclasses import dataclass
from typing import ClassVar

from isogloss.core import InputError
from isogloss.training import TrainingPlan


@dataclass(frozen=True)
class Temperature:
    """Joint training with language l drawn in proportion to size_l^exponent, exponent tuned.

    The study trains every exponent on one seed, keeps the one with the best mean dev score over
    the languages, and trains that one on all seeds, at the same number of updates as `untreated`.
    Exponent = 1 / temperature: 0 draws all languages alike, 1 draws them as they come.

    Attributes:
        exponents: to choose from, each >= 0.

    Reference:
        Shaham, Elbayad, Goswami, Levy, Bhosale. Causes and Cures for Interference in Multilingual
        Translation. ACL 2023. https://arxiv.org/abs/2212.07530

        @inproceedings{shaham-etal-2023-causes,
          title = {Causes and Cures for Interference in Multilingual Translation},
          author = {Shaham, Uri and Elbayad, Maha and Goswami, Vedanuj and Levy, Omer and
                    Bhosale, Shruti},
          booktitle = {Proceedings of ACL},
          year = {2023}
        }
    """

    name: ClassVar[str] = "temperature"
    parts: ClassVar[tuple[str, ...]] = ("sampler",)
    separate: ClassVar[bool] = False
    claim: ClassVar[str] = "A tuned sampling temperature removes most interference at no cost."

    exponents: tuple[float, ...] = (0.0, 0.3, 0.7, 1.0)

    def __post_init__(self) -> None:
        if not self.exponents or any(not e >= 0 or math.isinf(e) for e in self.exponents):
            raise InputError(
                expected="one or more sampling exponents, each >= 0",
                found=f"{list(self.exponents)}",
                where="treatments.temperature.exponents",
                next_step="Use for example [0, 0.3, 0.7, 1].",
            )

    def apply(self, plan: TrainingPlan) -> TrainingPlan:
        """Return the plan with the first exponent in its sampler."""
        plan.refuse_claimed(self.name, self.parts)
        sampler = dataclasses.replace(plan.sampler, exponent=self.exponents[0])  # type: ignore[type-var]
        return plan.replace_parts(self.name, sampler=sampler)

    def candidates(self) -> "tuple[Temperature, ...]":
        """Return one treatment per exponent."""
        return tuple(Temperature((exponent,)) for exponent in self.exponents)
