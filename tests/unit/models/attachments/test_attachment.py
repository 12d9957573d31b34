import pytest
import torch
from torch import nn
from transformers import AutoModelForMaskedLM

from isogloss.models import ATTACHMENTS
from unit.models.toys import ids, toy_config

TYPES = pytest.mark.parametrize("model_type", ATTACHMENTS)


def _backbone(model_type: str) -> nn.Module:
    return AutoModelForMaskedLM.from_config(toy_config(model_type)).eval()


@TYPES
def test_body_and_head_together_are_the_model(model_type: str) -> None:
    backbone, attachment = _backbone(model_type), ATTACHMENTS[model_type]
    mask = torch.ones(3, 12)
    mask[1, 8:] = 0
    hidden = attachment.encode(backbone, ids(3), mask)
    logits = attachment.predict(backbone, hidden.flatten(0, 1)).view(3, 12, -1)
    torch.testing.assert_close(logits, backbone(ids(3), attention_mask=mask).logits)


@TYPES
def test_every_path_leads_somewhere(model_type: str) -> None:
    backbone, attachment = _backbone(model_type), ATTACHMENTS[model_type]
    layers = attachment.layers_of(backbone)
    assert len(layers) == backbone.config.num_hidden_layers
    for layer in layers:
        layer.get_submodule(attachment.attention_input)
        layer.get_submodule(attachment.attention_projection)
        layer.get_submodule(attachment.attention_output)
        layer.get_submodule(attachment.feed_forward_output)
    assert isinstance(getattr(backbone.config, attachment.activation), str)
    assert attachment.dropout is None or getattr(backbone.config, attachment.dropout) == 0.0
    assert getattr(backbone.config, attachment.intermediate) == 48


@TYPES
def test_maps_and_norms_are_all_the_parameters_of_a_layer(model_type: str) -> None:
    """Each once: what is replaced is the whole part, and nothing of it stays behind."""
    backbone, attachment = _backbone(model_type), ATTACHMENTS[model_type]
    parts = (attachment.attention_maps, attachment.feed_forward_maps, attachment.norms)
    for layer in attachment.layers_of(backbone):
        named = [path for part in parts for path in part]
        held = [
            f"{path}.{name}"
            for path in named
            for name, _ in layer.get_submodule(path).named_parameters()
        ]
        assert sorted(held) == sorted(name for name, _ in layer.named_parameters())
        for path in (*attachment.attention_maps, *attachment.feed_forward_maps):
            assert isinstance(layer.get_submodule(path), nn.Linear)


@TYPES
def test_outer_norms_are_all_the_norms_outside_layers_and_head(model_type: str) -> None:
    backbone, attachment = _backbone(model_type), ATTACHMENTS[model_type]
    body = f"{attachment.body}."
    outer = {
        path
        for path, module in backbone.named_modules()
        if type(module).__name__.endswith(("LayerNorm", "RMSNorm"))
        and path.startswith(body)
        and not path.startswith(f"{attachment.layers}.")
    }
    named = {attachment.embedding_norm, attachment.final_norm} - {None}
    if model_type == "deberta-v2":
        outer.remove("deberta.encoder.LayerNorm")  # of relative positions, which have no language
    assert outer == named


@TYPES
@pytest.mark.parametrize("output", ["attention_output", "feed_forward_output"])
def test_outputs_lie_inside_the_residual_branch(model_type: str, output: str) -> None:
    """With both outputs set to zero a layer is its residual path: normed input, or input."""
    backbone, attachment = _backbone(model_type), ATTACHMENTS[model_type]
    layer = attachment.layers_of(backbone)[1]
    seen: list[torch.Tensor] = []

    def silence(_module: nn.Module, _args: object, z: torch.Tensor) -> torch.Tensor:
        seen.append(z)
        return torch.zeros_like(z)

    layer.get_submodule(getattr(attachment, output)).register_forward_hook(silence)
    other = {"attention_output", "feed_forward_output"} - {output}
    layer.get_submodule(getattr(attachment, other.pop())).register_forward_hook(silence)
    passed: list[torch.Tensor] = []
    layer.register_forward_hook(
        lambda _m, args, out: passed.extend([args[0], out[0] if isinstance(out, tuple) else out])
    )
    attachment.encode(backbone, ids(2), None)
    assert seen[0].shape == (2, 12, 32)
    x, y = passed
    if attachment.residual_norm is not None:
        eps = getattr(backbone.config, "layer_norm_eps", 1e-12)  # DistilBERT's is no setting
        x = nn.functional.layer_norm(x, x.shape[-1:], eps=eps)
        x = nn.functional.layer_norm(x, x.shape[-1:], eps=eps)
    torch.testing.assert_close(y, x)


@TYPES
def test_the_longest_input_fits_and_one_more_does_not(model_type: str) -> None:
    backbone, attachment = _backbone(model_type), ATTACHMENTS[model_type]
    longest = attachment.longest_input(backbone.config)
    assert attachment.encode(backbone, ids(1, longest), None).shape[1] == longest
    if model_type not in {"modernbert", "eurobert", "deberta-v2"}:
        # Rotary and relative positions have no end of their own.
        with pytest.raises((IndexError, RuntimeError)):
            attachment.encode(backbone, ids(1, longest + 1), None)


@TYPES
def test_the_residual_norm_is_given_the_residual_sum(model_type: str) -> None:
    backbone, attachment = _backbone(model_type), ATTACHMENTS[model_type]
    if attachment.residual_norm is None:
        pre_norm = {"modernbert", "eurobert", "xlm-roberta-xl"}
        assert model_type in pre_norm, "no norm follows the sum"
        return
    layer = attachment.layers_of(backbone)[1]
    norm = layer.get_submodule(attachment.residual_norm)
    seen: dict[str, torch.Tensor] = {}
    for name, path in [("x", attachment.norms[0]), ("z", attachment.feed_forward_output)]:
        layer.get_submodule(path).register_forward_hook(
            lambda _m, _a, out, name=name: seen.update({name: out})
        )
    norm.register_forward_hook(lambda _m, args, out: seen.update(s=args[0], normed=out))
    hidden = attachment.encode(backbone, ids(2), None)
    torch.testing.assert_close(seen["s"], seen["x"] + seen["z"])
    assert torch.equal(seen["normed"], hidden)


def test_the_head_of_published_deberta_models_is_given_the_embeddings() -> None:
    config = toy_config("deberta-v2")
    config.legacy = False
    backbone, attachment = (
        AutoModelForMaskedLM.from_config(config).eval(),
        ATTACHMENTS["deberta-v2"],
    )
    hidden = attachment.encode(backbone, ids(2), None)
    logits = attachment.predict(backbone, hidden.flatten(0, 1)).view(2, 12, -1)
    torch.testing.assert_close(logits, backbone(ids(2)).logits)


@TYPES
@pytest.mark.parametrize("tied", [True, False])
def test_the_head_is_all_that_is_not_the_encoder(model_type: str, tied: bool) -> None:
    """A decoder whose weights are the embeddings is the encoder's."""
    config = toy_config(model_type)
    config.tie_word_embeddings = tied
    backbone, attachment = AutoModelForMaskedLM.from_config(config), ATTACHMENTS[model_type]
    head = {id(one) for one in attachment.head_parameters(backbone)}
    body = {id(one) for one in backbone.get_submodule(attachment.body).parameters()}
    assert head.isdisjoint(body)
    assert head or (tied and model_type == "eurobert"), "whose head is then the embeddings"
    assert head | body == {id(one) for one in backbone.parameters()}
    assert (id(backbone.get_output_embeddings().weight) in head) is not tied
