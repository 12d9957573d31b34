"""The last layer at chosen positions only gives what all of it gives there, gradients too."""

import pytest
import torch
from torch import Tensor, nn

from isogloss.data import Routing
from isogloss.models import ATTACHMENTS, ModuleSpec, MultilingualModel
from isogloss.models.narrowing import narrowed
from isogloss.models.slab import current_routing
from unit.models.toys import HOSTILE, adapters, ids, toy_model

TYPES = pytest.mark.parametrize("model_type", ATTACHMENTS)
LANGUAGE = torch.tensor([2, 0, 0, 1])  # runs of unequal length
EQUAL = torch.tensor([0, 0, 1, 1])
# Of row 1 (language 0) nothing is chosen; of the other rows 1, 3 and 2 positions.
POSITIONS = torch.tensor([5, 24, 25, 35, 36, 47])
MODULES: dict[str, tuple[ModuleSpec, ...]] = {
    "no modules": (),
    "after both": (adapters(),),
    "after the feed-forward part": (adapters(places="feed_forward"),),
    "shared and by group": (ModuleSpec.for_all("adapter", 3), ModuleSpec("adapter", (0, 1, 0))),
}


def _model(model_type: str, specs: tuple[ModuleSpec, ...]) -> MultilingualModel:
    """Return a model whose languages differ a lot, so that a wrong route is seen."""
    model = toy_model(*specs, model_type=model_type, languages=HOSTILE)
    with torch.no_grad():
        for slab in model.language_specific_parameters().values():
            slab.mul_(3)
    return model


def _everywhere(
    model: MultilingualModel, mask: Tensor | None, language: Tensor, positions: Tensor
) -> Tensor:
    return model.encode(ids(4), mask, language).flatten(0, 1)[positions]


@TYPES
@pytest.mark.parametrize("specs", MODULES.values(), ids=MODULES)
@pytest.mark.parametrize("language", [LANGUAGE, EQUAL], ids=["unequal runs", "equal runs"])
@pytest.mark.parametrize("padded", [False, True], ids=["full rows", "padded"])
def test_values_and_gradients_are_those_of_the_whole_layer(
    model_type: str, specs: tuple[ModuleSpec, ...], language: Tensor, padded: bool
) -> None:
    model = _model(model_type, specs)
    mask = None
    if padded:
        mask = (torch.arange(12) < torch.tensor([8, 3, 12, 12])[:, None]).long()

    def values_and_gradients(hidden: Tensor) -> tuple[Tensor, list[Tensor]]:
        names, parameters = zip(*model.named_parameters(), strict=True)
        found = torch.autograd.grad(
            hidden.square().mean(), parameters, allow_unused=True, materialize_grads=True
        )
        assert any(value.any() for value in found)
        return hidden, [found[index] for index, _ in enumerate(names)]

    values, gradients = values_and_gradients(_everywhere(model, mask, language, POSITIONS))
    found, theirs = values_and_gradients(model.encode_at(ids(4), mask, language, POSITIONS))
    assert found.shape == (6, 32)
    torch.testing.assert_close(found, values, atol=1e-6, rtol=0)
    for (name, _), ours, other in zip(model.named_parameters(), theirs, gradients, strict=True):
        torch.testing.assert_close(ours, other, atol=1e-6, rtol=1e-5, msg=name)


@TYPES
def test_under_bf16_autocast(model_type: str) -> None:
    model = _model(model_type, (adapters(),))
    exact = _everywhere(model, None, LANGUAGE, POSITIONS)
    with torch.autocast("cpu", torch.bfloat16):
        whole = _everywhere(model, None, LANGUAGE, POSITIONS)
        found = model.encode_at(ids(4), None, LANGUAGE, POSITIONS)
    assert found.dtype == whole.dtype
    # As far from the truth as bf16 takes the whole layer: its own rounding, no more.
    allowed = 2 * float((whole - exact).detach().abs().max())
    torch.testing.assert_close(found.float(), exact, atol=allowed, rtol=0)
    found.float().square().sum().backward()
    for name, slab in model.language_specific_parameters().items():
        assert slab.grad is not None and slab.grad.isfinite().all(), name


@TYPES
@pytest.mark.parametrize("attention", ["math", "eager"])
def test_second_derivatives(attention: str, model_type: str) -> None:
    model = _model(model_type, (adapters(),)).double()
    model.use_attention(attention)  # type: ignore[arg-type]
    weight = model.get_parameter("language_modules.adapter_0.layer_1.places.feed_forward.down")

    def second(hidden: Tensor) -> Tensor:
        (gradient,) = torch.autograd.grad(hidden.pow(3).mean(), weight, create_graph=True)
        (found,) = torch.autograd.grad(gradient.square().sum(), weight)
        return found

    whole = second(_everywhere(model, None, LANGUAGE, POSITIONS))
    assert whole.any()
    found = second(model.encode_at(ids(4), None, LANGUAGE, POSITIONS))
    torch.testing.assert_close(found, whole)


@TYPES
def test_the_rest_of_the_last_layer_sees_chosen_positions_only(model_type: str) -> None:
    """What is attached there gets [n, hidden] and a routing of the n positions."""
    model = _model(model_type, (adapters(),))
    attachment = model.attachment
    last = attachment.layers_of(model.backbone)[-1]
    shapes: dict[str, torch.Size] = {}
    routings: list[Routing] = []

    def note(path: str) -> None:
        def hook(_module: nn.Module, args: tuple[Tensor, ...]) -> None:
            shapes[path] = args[0].shape
            routings.append(current_routing())

        last.get_submodule(path).register_forward_pre_hook(hook)

    order = ["attention_input", "attention_projection", "attention_output", "feed_forward_output"]
    for name in order:
        note(getattr(attachment, name))
    model.encode_at(ids(4), None, LANGUAGE, POSITIONS)
    assert shapes[attachment.attention_input] == (4, 12, 32)
    after = {path: shape[0] for path, shape in shapes.items() if path != attachment.attention_input}
    assert set(after.values()) == {6}
    assert routings[0] == Routing((2, 0, 1), (1, 2, 1), None)
    assert routings[-1] == Routing((2, 0, 1), (1, 3, 2), None)


def test_nothing_of_it_stays_behind() -> None:
    model = _model("modernbert", (adapters(),))
    before = model.encode(ids(4), None, LANGUAGE)
    model.encode_at(ids(4), None, LANGUAGE, POSITIONS)
    with pytest.raises(IndexError):
        model.encode_at(ids(4), None, LANGUAGE, torch.tensor([48]))
    assert torch.equal(model.encode(ids(4), None, LANGUAGE), before)
    with pytest.raises(RuntimeError, match="without languages"):
        current_routing()


def test_a_layer_alone() -> None:
    model = _model("bert", ())
    layer, hidden = model.attachment.layers_of(model.backbone)[0], torch.randn(4, 12, 32)
    with narrowed(layer, model.attachment, POSITIONS, None):
        found = layer(hidden)
    torch.testing.assert_close(found, layer(hidden).flatten(0, 1)[POSITIONS])
