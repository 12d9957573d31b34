import copy
import math

import pytest
import torch

from isogloss.core import InputError
from isogloss.diagnosis import weight_distance
from isogloss.models import MultilingualModel
from unit.models.toys import adapters, toy_model


def moved(model: MultilingualModel, *names: str) -> MultilingualModel:
    """Return a copy, some of whose parameters have one number larger by 3."""
    other = copy.deepcopy(model)
    with torch.no_grad():
        for name in names:
            other.get_parameter(name).view(-1)[0] += 3
    return other


def test_a_model_is_nowhere_from_itself() -> None:
    model = toy_model(adapters())
    found = weight_distance(model, copy.deepcopy(model))
    assert (found.encoder, found.embeddings, found.language_modules) == (0, 0, 0)
    assert found.layers == (0, 0)


@pytest.mark.parametrize("model_type", ["modernbert", "bert", "xlm-roberta"])
def test_distances_by_part(model_type: str) -> None:
    model = toy_model(adapters(), model_type=model_type)
    layers = model.attachment.layers
    names = {id(p): name for name, p in model.named_parameters()}
    embeddings = names[id(model.backbone.get_input_embeddings().weight)]
    in_second = [
        name for name in names.values() if name.startswith(f"backbone.{layers}.1.") and "." in name
    ]
    slab = next(iter(model.language_specific_parameters()))
    found = weight_distance(model, moved(model, embeddings, *in_second[:2], slab))
    assert found.embeddings == pytest.approx(3, abs=1e-6)
    assert found.layers == pytest.approx((0, 3 * math.sqrt(2)), abs=1e-6)
    assert found.encoder == pytest.approx(3 * math.sqrt(3), abs=1e-6)
    assert found.language_modules == pytest.approx(3, abs=1e-6)


def test_the_head_is_not_the_encoder() -> None:
    model = toy_model()
    found = weight_distance(model, moved(model, "backbone.head.dense.weight"))
    assert found.encoder == 0


def test_relative_to_the_norm_of_the_first() -> None:
    model = toy_model()
    double = copy.deepcopy(model)
    with torch.no_grad():
        for parameter in double.parameters():
            parameter.mul_(2)
    assert weight_distance(model, double).relative == pytest.approx(1, abs=1e-9)


def test_models_of_two_shapes_are_refused_by_the_parameter() -> None:
    with pytest.raises(InputError, match="of shape none and"):
        weight_distance(toy_model(), toy_model(adapters()))
    with pytest.raises(InputError, match="one architecture"):
        weight_distance(toy_model(), toy_model(model_type="bert"))
