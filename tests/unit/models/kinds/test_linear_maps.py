"""How the slots' linear maps begin: as the architecture would draw them, or as the original."""

import math

import pytest
import torch
from torch import Tensor, nn
from transformers import AutoModelForMaskedLM

from isogloss.data import Routing
from isogloss.models import ATTACHMENTS, ModuleSpec
from isogloss.models.kinds.linear_maps import LinearMap, linear_maps
from isogloss.models.slab import routed
from unit.models.toys import toy_config, toy_model

TYPES = pytest.mark.parametrize("model_type", ATTACHMENTS)
SPEC = ModuleSpec("feed_forward", (0, 1, 2))
# Enough draws that a standard deviation is known to a percent or two.
SIZES = {"hidden_size": 96, "intermediate_size": 128, "num_attention_heads": 4}


def drawn(model_type: str, spec: ModuleSpec = SPEC, seed: int = 0, **sizes: int) -> nn.ModuleDict:
    model = toy_model(config=toy_config(model_type, **sizes), seed=seed)
    paths = (*model.attachment.attention_maps, *model.attachment.feed_forward_maps)
    return linear_maps(spec, model.site(0, 1), paths, initialise="independent")


def weights(maps: nn.ModuleDict) -> dict[str, Tensor]:
    return {name: p.detach() for name, p in maps.named_parameters() if name.endswith(".weight")}


@TYPES
def test_a_slot_is_drawn_from_the_distribution_of_the_original(model_type: str) -> None:
    maps = drawn(model_type, **SIZES)
    backbone = AutoModelForMaskedLM.from_config(toy_config(model_type, **SIZES))
    layer = ATTACHMENTS[model_type].layers_of(backbone)[1]
    for path in (
        *ATTACHMENTS[model_type].attention_maps,
        *ATTACHMENTS[model_type].feed_forward_maps,
    ):
        original, ours = layer.get_submodule(path), maps[path.replace(".", "_")]
        assert isinstance(original, nn.Linear) and isinstance(ours, LinearMap)
        assert ours.weight.shape[1:] == original.weight.shape
        for slot in ours.weight:
            near = max(0.05, 4 / slot.numel() ** 0.5)  # EuroBERT's keys and values are few
            assert slot.std().item() == pytest.approx(original.weight.std().item(), rel=near), path
            assert slot.mean().abs() < near * slot.std()
        assert (ours.bias is None) == (original.bias is None)
        if ours.bias is not None:
            assert not ours.bias.any()


def test_modernbert_scales_and_cuts_its_draws() -> None:
    """The architecture's own rule: outward maps by 1 / sqrt(2 layers), all cut at 2 deviations."""
    for name, weight in weights(drawn("modernbert", **SIZES)).items():
        std = 0.02 / math.sqrt(2 * 2) if "Wo" in name else 0.02
        # A normal cut at 2 deviations has 0.88 of its deviation left.
        assert weight.std().item() == pytest.approx(0.8796 * std, rel=0.03)
        assert weight.abs().max() <= 2 * std


@TYPES
def test_slots_layers_seeds_kinds_and_positions_differ_and_come_again(model_type: str) -> None:
    model = toy_model(model_type=model_type)
    paths = model.attachment.feed_forward_maps

    def first_of(position: int, layer: int, kind: str, seed: int) -> Tensor:
        model.seed = seed
        spec = ModuleSpec(kind, (0, 1))
        maps = linear_maps(spec, model.site(position, layer), paths, initialise="independent")
        return next(iter(weights(maps).values()))

    base = (0, 0, "feed_forward", 0)
    others = [(1, 0, "feed_forward", 0), (0, 1, "feed_forward", 0), (0, 0, "attention", 0)]
    seen = [first_of(*one) for one in (base, *others, (0, 0, "feed_forward", 1))]
    slots = [slot for slab in seen for slot in slab]
    assert all(not torch.equal(a, b) for i, a in enumerate(slots) for b in slots[:i])
    assert torch.equal(first_of(*base), seen[0])


def test_a_slot_does_not_depend_on_the_others_nor_on_the_global_state() -> None:
    two = weights(drawn("bert", ModuleSpec("feed_forward", (0, 1))))
    state = torch.get_rng_state()
    four = weights(drawn("bert", ModuleSpec("feed_forward", (0, 1, 2, 3))))
    torch.manual_seed(0)
    torch.set_rng_state(state)
    for name, weight in two.items():
        assert torch.equal(weight, four[name][:2])


def test_drawing_leaves_the_global_state_and_the_backbone() -> None:
    model = toy_model()
    before = {name: value.clone() for name, value in model.backbone.state_dict().items()}
    state = torch.get_rng_state()
    linear_maps(SPEC, model.site(0, 0), ("mlp.Wi", "mlp.Wo"), initialise="independent")
    assert torch.equal(torch.get_rng_state(), state)
    for name, value in model.backbone.state_dict().items():
        assert torch.equal(value, before[name])


@TYPES
def test_copies_are_the_original_and_stand_alone(model_type: str) -> None:
    model = toy_model(model_type=model_type)
    path = model.attachment.feed_forward_maps[0]
    original = model.site(0, 1).layer.get_submodule(path)
    maps = linear_maps(SPEC, model.site(0, 1), (path,), initialise="copy")
    ours = maps[path.replace(".", "_")]
    assert isinstance(original, nn.Linear) and isinstance(ours, LinearMap)
    assert all(torch.equal(slot, original.weight) for slot in ours.weight)
    with torch.no_grad():
        ours.weight[0].zero_()
    assert original.weight.any() and ours.weight[1].any()


@pytest.mark.parametrize("with_bias", [True, False])
@pytest.mark.parametrize("language", [[0, 0, 1, 1], [1, 0, 0, 0], [1, 1, 1, 1]])
def test_the_equation(language: list[int], with_bias: bool) -> None:
    """x W^T + b with the weights of the row's slot, by hand; language 0 has slot 1, 1 has 0."""
    slabs = {"weight": torch.randn(2, 5, 3)} | ({"bias": torch.randn(2, 5)} if with_bias else {})
    x, slots = torch.randn(4, 6, 3), (1, 0)
    with routed(Routing.of(language)):
        found = LinearMap(slabs)(x, slots)
    assert found.shape == (4, 6, 5)
    for row, index in enumerate(language):
        expected = x[row] @ slabs["weight"][slots[index]].T
        if with_bias:
            expected = expected + slabs["bias"][slots[index]]
        torch.testing.assert_close(found[row], expected, atol=1e-6, rtol=1e-6)
