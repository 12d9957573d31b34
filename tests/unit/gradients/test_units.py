from torch import nn

from isogloss.gradients.units import layer_of, take_inventory
from unit.models import toys as models


def units(model: nn.Module, granularity: str) -> dict[str, str]:
    found = take_inventory(model, granularity, lambda path: True)  # type: ignore[arg-type]
    return {leaf.path: leaf.unit for leaf in found.leaves}


def test_a_tied_decoder_is_one_unit_with_the_embeddings() -> None:
    found = units(models.toy_model(), "module")
    assert found["backbone.decoder"] == "backbone.model.embeddings.tok_embeddings"
    assert found["backbone.head.dense"] == "backbone.head.dense"


def test_layers_are_units_where_they_are_asked_for() -> None:
    found = units(models.toy_model(model_type="bert"), "layer")
    inside = {unit for path, unit in found.items() if ".layer.1." in path}
    assert inside == {"backbone.bert.encoder.layer.1"}


def test_a_module_tied_to_two_others_joins_them() -> None:
    a, b, both = nn.Linear(3, 3), nn.Linear(3, 3), nn.Linear(3, 3)
    both.weight, both.bias = a.weight, b.bias
    assert set(units(nn.ModuleList([a, b, both]), "module").values()) == {"0"}


def test_what_is_no_leaf_that_can_be_split_is_refused_by_parameter() -> None:
    found = take_inventory(nn.Sequential(nn.BatchNorm1d(1)), "module", lambda path: True)
    assert set(found.refused) == {"0.weight", "0.bias"}


def test_layers_by_path() -> None:
    assert layer_of("a.layers.0.mlp.Wi") == "a.layers.0"
    assert layer_of("classifier") == "classifier"
    assert layer_of("") == ""
