"""Aligned-MTL: the gradients are made orthogonal and equally long."""

from dataclasses import dataclass
from typing import Any, ClassVar, Literal, cast

import numpy as np

from isogloss.gradients import Array, Rule
from isogloss.training import GradientCombine, TrainingPlan
from isogloss.treatments.gradients.least_distance import factor, in_directions


def aligned_mtl(gramian: Array) -> Array:
    """Return the weights of the mean of aligned gradients, s_min U V^T for gradients U S V^T.

    In few coordinates the gradients are M = A diag(|g|) = U S V^T, with A^T A the cosines, and the
    weights solve M w = s_min U V^T 1 / n. Jacobi's method finds small singular values beside large
    ones to all digits; an eigenvalue of the Gramian has none left.

    Args:
        gramian: G, shape [n, n], no zero on the diagonal.

    Returns:
        Shape [n].

    Example:
        >>> aligned_mtl(np.array([[5, -1], [-1, 5.25]])).round(8).tolist()
        [0.50525277, 0.49404976]

    Reference:
        Algorithm 1 of the paper of `AlignedMTL`.
    """
    from scipy.linalg import lapack

    lengths, cosines = in_directions(gramian)
    directions = factor(cosines)
    coordinates = directions * (lengths / lengths.max())
    # Of the transpose: what it calls left vectors are V. One-sided, so both sides are wanted.
    found = cast(
        tuple[Any, ...], lapack.dgejsv(np.asfortranarray(coordinates.T), joba=2, jobu=0, jobv=0)
    )
    rank, work = len(coordinates), found[3]
    values = found[0] * (work[1] / work[0]) * lengths.max()
    right, left = found[1][:, :rank], found[2][:, :rank]
    aligned = values.min() * left @ right.mean(0)
    # Weights of the aligned mean in the directions, where short gradients are as good as long ones.
    return np.linalg.pinv(directions) @ aligned / lengths


@dataclass(frozen=True)
class AlignedMTL:
    """The mean of the gradients after their principal components were given one common length.

    Attributes:
        scope: whose gradient counts as one: "module", "layer" or the whole "model".
        non_finite: "stop" or "skip" the update when a language's gradient is not finite.

    Reference:
        Senushkin, Patakin, Kuznetsov, Konushin. Independent Component Alignment for Multi-Task
        Learning. CVPR 2023, Algorithm 1. https://arxiv.org/abs/2305.19000

        @inproceedings{senushkin-etal-2023-independent,
          title = {Independent Component Alignment for Multi-Task Learning},
          author = {Senushkin, Dmitry and Patakin, Nikolay and Kuznetsov, Arseny and Konushin,
                    Anton},
          booktitle = {Proceedings of CVPR},
          year = {2023}
        }
    """

    name: ClassVar[str] = "aligned_mtl"
    parts: ClassVar[tuple[str, ...]] = ("combine",)
    separate: ClassVar[bool] = False
    claim: ClassVar[str] = (
        "The direction is the mean of gradients that were made orthogonal and equally long."
    )

    scope: Literal["module", "layer", "model"] = "model"
    non_finite: Literal["stop", "skip"] = "stop"

    def apply(self, plan: TrainingPlan) -> TrainingPlan:
        """Return the plan with this rule for its combination of gradients."""
        combine = GradientCombine(Rule(aligned_mtl), self.scope, self.non_finite)
        return plan.replace_parts(self.name, combine=combine)

    def candidates(self) -> "tuple[AlignedMTL, ...]":
        """Return itself."""
        return (self,)
