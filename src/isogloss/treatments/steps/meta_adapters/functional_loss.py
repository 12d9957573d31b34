"""The losses of a model as a function of its parameters."""

from collections.abc import Mapping

from torch import Tensor, nn
from torch.func import functional_call

from isogloss.objectives import LanguageLosses, Objective, Targets


class FunctionalLoss(nn.Module):
    """Losses of each language under parameters that are given, not those that the model has.

    Args:
        model: whose structure is used.
        objective: batch -> loss of each language.
    """

    def __init__(self, model: nn.Module, objective: Objective) -> None:
        super().__init__()
        self.model = model
        self._objective = objective

    def forward(self, targets: Targets) -> LanguageLosses:
        """Return the losses under the parameters that the model has now."""
        return self._objective.losses(self.model, targets)

    def under(self, parameters: Mapping[str, Tensor], targets: Targets) -> LanguageLosses:
        """Return the losses under `parameters`.

        Args:
            parameters: by name; those that are not named stay as they are. A tied tensor is named
                once and replaced in all its places, so the output layer is that of the embedding.
            targets: what is to be predicted.
        """
        named = {f"model.{name}": value for name, value in parameters.items()}
        return functional_call(self, named, (targets,))


def mean_over_targets(losses: LanguageLosses) -> Tensor:
    """Return the loss that plain joint training descends: every target weighs the same."""
    return losses.total.sum() / losses.count.sum()


def sum_of_means(losses: LanguageLosses) -> Tensor:
    """Return the sum of the languages' mean losses; a language without targets adds nothing."""
    return (losses.total / losses.count.clamp_min(1)).sum()
