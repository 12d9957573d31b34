import pytest
import torch

from isogloss.gradients import LanguageGradients
from isogloss.gradients.coverage import Coverage

NOTHING = Coverage(0, 0, {}, ())
A, B = torch.eye(2).double(), torch.ones(2, 2).double()


def test_layers_and_the_model_are_sums_of_modules() -> None:
    layers = {"x.0.a": "x.0", "x.0.b": "x.0", "x.1.a": "x.1"}
    found = LanguageGradients((0, 1), {"x.0.a": A, "x.0.b": B, "x.1.a": B}, layers, NOTHING)
    assert torch.equal(found.by_layer()["x.0"], A + B)
    assert torch.equal(found.by_layer()["x.1"], B)
    assert torch.equal(found.gramian(), A + 2 * B)
    with pytest.raises(AssertionError, match="only where halves were watched"):
        found.gramian(corrected=True)


def test_halves_are_joined_or_corrected() -> None:
    found = LanguageGradients((3,), {"a": 2 * A + B}, {"a": "a"}, NOTHING, shares=(0.5, 0.5))
    assert found.over_halves().shape == (2, 2)
    assert float(found.gramian()) == 8.0
    assert float(found.gramian(corrected=True)) == 4.0
