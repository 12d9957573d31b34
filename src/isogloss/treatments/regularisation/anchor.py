"""The weights that a run began with, for steps that keep or pull the model near them."""

from collections.abc import Mapping
from typing import final

from torch import Tensor, nn

from isogloss.core import InputError
from isogloss.models import MultilingualModel


@final
class Anchor:
    """The first values of what may move of the encoder; a task's new head has none.

    In fine-tuning they are the pretrained weights. Where a run starts from nothing, they are the
    initial ones. A model without a `MultilingualModel` inside is anchored whole.

    Args:
        model: at the start of the run.

    Raises:
        InputError: everything but the head is frozen.
    """

    def __init__(self, model: nn.Module) -> None:
        encoders = [one for one in model.modules() if isinstance(one, MultilingualModel)] or [model]
        inside = {id(parameter) for encoder in encoders for parameter in encoder.parameters()}
        self.parameters: dict[str, nn.Parameter] = {
            name: parameter
            for name, parameter in model.named_parameters()
            if parameter.requires_grad and id(parameter) in inside
        }
        if not self.parameters:
            raise InputError(
                expected="an encoder with parameters that may move",
                found="all of them frozen",
                where="a step that keeps the model near its first weights",
                next_step="Leave such treatments out where only the head is trained.",
            )
        self.values: dict[str, Tensor] = {
            name: parameter.detach().clone() for name, parameter in self.parameters.items()
        }

    def state(self) -> dict[str, Tensor]:
        """Return the first values."""
        return {f"anchor/{name}": value for name, value in self.values.items()}

    def load_state(self, state: Mapping[str, Tensor]) -> None:
        """Take back what `state` returned."""
        for name, value in self.values.items():
            value.copy_(state[f"anchor/{name}"])
