import pytest
import torch

from isogloss.core import TrainingError
from isogloss.training.non_finite import forget_gradients, refuse_non_finite


def test_stop_names_the_languages_and_the_way_out() -> None:
    with pytest.raises(TrainingError, match=r"gradient of te, ad is not finite.*non_finite: skip"):
        refuse_non_finite(["te", "ad"], "gradient", "stop")


def test_skip_goes_on_without_gradients() -> None:
    refuse_non_finite(["te"], "loss", "skip")
    model = torch.nn.Linear(2, 1)
    model(torch.ones(1, 2)).sum().backward()
    forget_gradients(model)
    assert all(parameter.grad is None for parameter in model.parameters())
