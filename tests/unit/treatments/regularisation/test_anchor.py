import pytest
import torch
from torch import nn

import toys
from isogloss.core import InputError
from isogloss.models import TokenClassifier
from isogloss.treatments.regularisation.anchor import Anchor


def test_the_encoder_is_anchored_and_the_head_is_not() -> None:
    classifier = TokenClassifier(toys.model(toys.plan(toys.HOSTILE)), 3)
    anchored = Anchor(classifier)
    others = {name for name, _ in classifier.named_parameters()} - set(anchored.values)
    assert others == {"head.weight", "head.bias"}
    assert all(torch.equal(anchored.values[n], p) for n, p in anchored.parameters.items())


def test_first_values_stay_while_the_model_moves_and_go_over_bit_by_bit() -> None:
    model = nn.Linear(2, 2)
    first = toys.weights(model)
    anchored = Anchor(model)
    with torch.no_grad():
        model.weight.add_(1)
    assert toys.same_bits(anchored.values, first)
    other = Anchor(model)
    other.load_state(anchored.state())
    assert toys.same_bits(other.values, first)


def test_frozen_parameters_are_left_out() -> None:
    model = nn.Linear(2, 2)
    model.bias.requires_grad_(False)
    assert set(Anchor(model).values) == {"weight"}
    model.weight.requires_grad_(False)
    with pytest.raises(InputError, match="all of them frozen"):
        Anchor(model)
