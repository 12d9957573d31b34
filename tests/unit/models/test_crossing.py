"""The parts of a crossing, put together by hand, are what the layer itself does."""

from typing import Any

import pytest
import torch
from torch import Tensor

from isogloss.models import Crossing, ModuleSpec, Stream
from unit.models.test_streams import MASK, MIXABLE, T, _model, _real
from unit.models.toys import modules


def _self_attention(crossing: Crossing) -> Tensor:
    """Attend as the layer itself does, with the crossing's queries on its keys."""
    scores = crossing.scores.masked_fill(~crossing.source[:, None, None], -torch.inf)
    return crossing.output((scores.softmax(-1) @ crossing.values).transpose(1, 2).flatten(2))


@pytest.mark.parametrize("model_type", [one for one in MIXABLE if one != "modernbert"])
@pytest.mark.parametrize("specs", [(), (modules("attention"),)], ids=["shared", "by language"])
def test_a_text_that_crosses_itself_attends_as_its_layer_would(
    model_type: str, specs: tuple[ModuleSpec, ...]
) -> None:
    """The parts are the layer's own: its attention on the states after it, done by hand."""
    model = _model(model_type, *specs)
    found: list[Tensor] = []
    target, twin = (Stream.opened(model, T[0], MASK, T[1]) for _ in range(2))

    def mix(crossing: Crossing) -> Tensor:
        found.append(_self_attention(crossing))
        return crossing.own

    after, _ = target.crossed(twin, 0, mix)
    assert torch.equal(after.hidden, target.through(0, 1).hidden), "own leaves the layer as it is"
    post_norm = model.attachment.residual_norm is not None
    layer = model.attachment.layers_of(model.backbone)[0]
    got: dict[str, Tensor] = {}

    def note(key: str) -> Any:
        return lambda _module, _args, y: got.__setitem__(key, y)

    path = model.attachment.norms[0] if post_norm else model.attachment.attention_output
    with layer.get_submodule(path).register_forward_hook(note("own")):
        target.through(0, 1)
    states = got["own"] if post_norm else target.hidden + got["own"]
    # The same layer, fed so that its attention is given these states.
    output = model.attachment.attention_output
    with layer.get_submodule(output).register_forward_hook(note("attended")):
        Stream(model, states, MASK, target.inputs, target.routing).through(0, 1)
    assert torch.allclose(_real(found[0], MASK), _real(got["attended"], MASK), atol=1e-5)
