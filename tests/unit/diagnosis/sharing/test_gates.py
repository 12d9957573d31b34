import pytest
import torch
from torch import Tensor

from isogloss.core import InputError
from isogloss.diagnosis.sharing.gates import (
    GATE_KINDS,
    GateKind,
    GatePlace,
    frozen,
    gate_places,
    gate_sizes,
    gated,
)
from isogloss.models import ATTACHMENTS, MultilingualModel
from unit.models.toys import modules, shaken, toy_model

IDS = torch.randint(5, 100, (4, 9), generator=torch.Generator().manual_seed(2))
POSITIONS = torch.tensor([1, 3, 12, 20, 21, 30])
CHOSEN = (POSITIONS // 9) // 2
ROWS = torch.tensor([0, 0, 1, 1])


def logits(model: MultilingualModel, places: tuple[GatePlace, ...], gates: Tensor) -> Tensor:
    one = gates.shape[0] == 1
    rows, chosen = (torch.zeros(4).long(), torch.zeros(6).long()) if one else (ROWS, CHOSEN)
    with gated(places, gates, rows, chosen):
        return model(IDS, None, None, POSITIONS)


def n_gates(places: tuple[GatePlace, ...]) -> int:
    return sum(one.n_gates for one in places)


@pytest.mark.parametrize("kind", GATE_KINDS)
@pytest.mark.parametrize("architecture", list(ATTACHMENTS))
def test_gates_of_every_architecture(architecture: str, kind: GateKind) -> None:
    """Open gates change no bit, and every place is on the way to the result."""
    model = shaken(toy_model(model_type=architecture)).eval()
    places = gate_places(model, kind)
    n = n_gates(places)
    assert {(one.layer, one.sublayer) for one in places} == {
        (layer, half) for layer in (0, 1) for half in ("attention", "feed_forward")
    }
    plain = model(IDS, None, None, POSITIONS)
    assert torch.allclose(logits(model, places, torch.ones(1, n)), plain, atol=1e-5)
    gates = torch.full((1, n), 0.7, requires_grad=True)
    with frozen(model):
        logits(model, places, gates).square().sum().backward()
    assert gates.grad is not None
    parts = gates.grad.split([one.n_gates for one in places], dim=1)
    assert all(bool((part != 0).any()) for part in parts)
    assert all(one.grad is None for one in model.parameters())
    assert torch.equal(model(IDS, None, None, POSITIONS), plain), "nothing stays behind"


def test_columns_are_nine_widths_a_layer() -> None:
    places = gate_places(toy_model(model_type="bert"), "columns")
    d, inner = 32, 48
    assert n_gates(places) == 2 * (4 * d + d + inner)
    sizes = gate_sizes(places)
    assert len(sizes) == n_gates(places)
    assert sizes.sum() == 2 * (4 * d * d + 2 * d * inner)


def test_units_are_heads_and_hidden_units() -> None:
    places = gate_places(toy_model(model_type="bert"), "units")
    assert [(one.sublayer, one.n_gates) for one in places] == [
        ("attention", 2),
        ("feed_forward", 48),
    ] * 2
    assert [one.weights_per_gate for one in places[:2]] == [16 * 32, 32]


@pytest.mark.parametrize("kind", GATE_KINDS)
def test_a_gate_scales_its_weights(kind: GateKind) -> None:
    """The pass through gates is that of a model whose weights were multiplied."""
    model = shaken(toy_model(model_type="bert")).eval()
    places = gate_places(model, kind)
    gates = torch.rand(1, n_gates(places), generator=torch.Generator().manual_seed(4))
    found = logits(model, places, gates)
    parts = gates[0].split([one.n_gates for one in places])
    with torch.no_grad():
        for place, part in zip(places, parts, strict=True):
            weight = place.module.weight
            if kind == "weights":
                weight *= part.reshape(weight.shape)
            else:
                weight *= part.repeat_interleave(weight.shape[1] // len(part))
    assert torch.allclose(found, model(IDS, None, None, POSITIONS), atol=1e-5)


@pytest.mark.parametrize("kind", GATE_KINDS)
@pytest.mark.parametrize("architecture", ["bert", "modernbert"])
def test_sets_in_one_batch_do_not_meet(architecture: str, kind: GateKind) -> None:
    model = shaken(toy_model(model_type=architecture)).eval()
    places = gate_places(model, kind)
    gates = torch.rand(2, n_gates(places), generator=torch.Generator().manual_seed(4))
    together = logits(model, places, gates)
    for number in (0, 1):
        alone = logits(model, places, gates[number : number + 1])
        mine = number == CHOSEN
        assert torch.allclose(together[mine], alone[mine], atol=1e-5)


def test_language_specific_maps_have_no_gates() -> None:
    model = toy_model(modules("feed_forward"), model_type="bert")
    assert {one.sublayer for one in gate_places(model, "columns")} == {"attention"}
    model = toy_model(modules("feed_forward"), modules("attention"), model_type="bert")
    with pytest.raises(InputError, match="language-specific modules in place of all"):
        gate_places(model, "columns")


def test_a_frozen_model_is_as_it_was() -> None:
    model = toy_model().train()
    odd = next(iter(model.parameters()))
    odd.requires_grad_(False)
    model.backbone.eval()
    with frozen(model):
        assert not any(one.requires_grad for one in model.parameters())
        assert not model.training
    assert model.training
    assert not model.backbone.training
    assert not odd.requires_grad
    assert sum(not one.requires_grad for one in model.parameters()) == 1
