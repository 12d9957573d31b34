"""What to do with a loss or gradient that is not a number: never average it in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from isogloss.core import TrainingError
from isogloss.training.parts import NonFinite

if TYPE_CHECKING:
    from torch import nn


def refuse_non_finite(languages: Sequence[str], what: str, policy: NonFinite) -> None:
    """Stop, unless the policy is to skip the update.

    Args:
        languages: names of the languages concerned.
        what: "gradient" or "loss".
        policy: "stop" or "skip".

    Raises:
        TrainingError: the policy is to stop.
    """
    if policy == "stop":
        raise TrainingError(
            f"The {what} of {', '.join(languages)} is not finite. Nothing was averaged in or "
            "overwritten: the last checkpoint is from before. Lower the learning rate, raise the "
            "warm-up, use fp32, or give the treatment `non_finite: skip` to leave such updates out."
        )


def forget_gradients(model: nn.Module) -> None:
    """Leave no gradient, so that the optimizer moves nothing."""
    for parameter in model.parameters():
        parameter.grad = None
