import math

import pytest
import torch
from torch.nn.functional import gelu

from isogloss.core import InputError
from isogloss.models import ATTACHMENTS, ModuleSpec
from unit.models.toys import HOSTILE, LANGUAGES, adapters, ids, shaken, toy_model

LANGUAGE = torch.tensor([0, 1, 2])
POST_NORM = pytest.mark.parametrize("model_type", ["bert", "xlm-roberta"])
LAYER_NORMS = pytest.mark.parametrize("layer_norm", ["before", "inside", "none"])


@pytest.mark.parametrize("model_type", ATTACHMENTS)
def test_zero_up_is_the_identity(model_type: str) -> None:
    plain = toy_model(model_type=model_type)
    adapted = toy_model(adapters(initialise="zero_up"), model_type=model_type)
    assert torch.equal(plain.encode(ids(3), None, None), adapted.encode(ids(3), None, LANGUAGE))


@pytest.mark.parametrize("model_type", ATTACHMENTS)
def test_the_equation(model_type: str) -> None:
    """z + W2 gelu(W1 z + c1) + c2, by hand, at both places of a layer."""
    model = toy_model(adapters(), model_type=model_type).eval()
    attachment, layer = model.attachment, model.attachment.layers_of(model.backbone)[1]
    places = model.language_modules["adapter_0"]["layer_1"].places
    for place, path in [
        ("attention", attachment.attention_output),
        ("feed_forward", attachment.feed_forward_output),
    ]:
        output = layer.get_submodule(path)
        z: list[torch.Tensor] = []
        hook = output.register_forward_hook(lambda _m, _a, out: z.append(out), prepend=True)  # noqa: B023
        after = output.register_forward_hook(lambda _m, _a, out: z.append(out))  # noqa: B023
        model.encode(ids(3), None, LANGUAGE)
        hook.remove(), after.remove()
        a = places[place]
        for row in range(3):
            inner = gelu(z[0][row] @ a.down[row].T + a.down_bias[row])
            expected = z[0][row] + inner @ a.up[row].T + a.up_bias[row]
            torch.testing.assert_close(z[1][row], expected, atol=1e-6, rtol=0)


def test_two_adapters_a_layer_by_default() -> None:
    d, b = 32, 8
    model = toy_model(adapters())
    table = model.parameter_table()
    assert table[0].language_specific == 2 * 2 * (2 * d * b + d + b)


@pytest.mark.parametrize("places", ["attention", "feed_forward"])
def test_one_adapter_a_layer(places: str) -> None:
    model = toy_model(adapters(places=places))
    assert all(f".places.{places}." in name for name in model.language_specific_names())


def test_chosen_layers_only() -> None:
    model = toy_model(ModuleSpec.per_language("adapter", 3, layers=[1]))
    assert all(".layer_1." in name for name in model.language_specific_names())


def test_two_sets_of_adapters_start_differently() -> None:
    model = toy_model(adapters(), adapters())
    first, second = (
        model.get_parameter(f"language_modules.adapter_{i}.layer_0.places.attention.down")
        for i in (0, 1)
    )
    assert not torch.equal(first, second)


def test_dropout_is_the_backbones_and_acts_in_training_only() -> None:
    model = toy_model(adapters(), model_type="bert")
    bottleneck = model.language_modules["adapter_0"]["layer_0"].places["attention"]
    bottleneck.dropout = 0.5
    assert not torch.equal(*(model.encode(ids(3), None, LANGUAGE) for _ in range(2)))
    model.eval()
    assert torch.equal(*(model.encode(ids(3), None, LANGUAGE) for _ in range(2)))


@pytest.mark.parametrize("language", [[0, 1, 2], [0, 1, 1], [1, 1, 1], [2, 0, 1], [0, 1, 0]])
def test_bf16_autocast(language: list[int]) -> None:
    """No dtype meets another, whichever way the rows are routed; values are those of fp32."""
    model = toy_model(adapters())
    exact = model.encode(ids(3), None, torch.tensor(language))
    with torch.autocast("cpu", torch.bfloat16):
        hidden = model.encode(ids(3), None, torch.tensor(language))
    hidden.float().square().sum().backward()
    cosine = torch.nn.functional.cosine_similarity(hidden.float().flatten(), exact.flatten(), dim=0)
    assert cosine > 0.999
    for slab in model.language_specific_parameters().values():
        assert slab.grad is not None and slab.grad.dtype == torch.float32
        for slot in set(range(3)) - set(language):
            assert not slab.grad[slot].any()


def test_options_that_adapters_do_not_have_are_refused() -> None:
    with pytest.raises(InputError, match="Did you mean `bottleneck`"):
        toy_model(adapters(botleneck=3))


@pytest.mark.parametrize("option", [{"initialise": "zero"}, {"places": "everywhere"}])
def test_unknown_words_are_refused(option: dict[str, str]) -> None:
    with pytest.raises(InputError, match=next(iter(option.values()))):
        toy_model(adapters(**option))


@pytest.mark.parametrize("bottleneck", [0, -1, 1.5, "wide", math.inf, math.nan])
def test_impossible_bottlenecks_are_refused(bottleneck: float | str) -> None:
    with pytest.raises(InputError, match="`bottleneck` of adapters"):
        toy_model(adapters(bottleneck=bottleneck), languages=LANGUAGES)


@POST_NORM
@LAYER_NORMS
def test_the_equation_at_the_residual(model_type: str, layer_norm: str) -> None:
    """By hand, from the residual sum s of the last layer and its layer norm LN."""
    spec = adapters(places="residual", layer_norm=layer_norm)
    model = shaken(toy_model(spec, model_type=model_type))
    norm = model.attachment.layers_of(model.backbone)[1].get_submodule("output.LayerNorm")
    sums: list[torch.Tensor] = []
    hook = norm.register_forward_pre_hook(lambda _m, args: sums.append(args[0]), prepend=True)
    hidden = model.encode(ids(3), None, LANGUAGE)
    hook.remove()
    a = model.language_modules["adapter_0"]["layer_1"].places["residual"]
    for row in range(3):
        s = sums[0][row]
        h = s if layer_norm == "none" else norm.forward(s)
        change = gelu(h @ a.down[row].T + a.down_bias[row]) @ a.up[row].T + a.up_bias[row]
        expected = norm.forward((h if layer_norm == "before" else s) + change)
        torch.testing.assert_close(hidden[row], expected, atol=1e-6, rtol=0)


@POST_NORM
@pytest.mark.parametrize("layer_norm", ["inside", "none"])
def test_zero_up_is_the_identity_at_the_residual(model_type: str, layer_norm: str) -> None:
    spec = adapters(places="residual", layer_norm=layer_norm, initialise="zero_up")
    plain, adapted = toy_model(model_type=model_type), toy_model(spec, model_type=model_type)
    assert torch.equal(plain.encode(ids(3), None, None), adapted.encode(ids(3), None, LANGUAGE))


@POST_NORM
@LAYER_NORMS
def test_a_mixed_batch_is_its_rows_at_the_residual(model_type: str, layer_norm: str) -> None:
    spec = adapters(places="residual", layer_norm=layer_norm)
    model = shaken(toy_model(spec, model_type=model_type, languages=HOSTILE))
    language = torch.tensor([2, 0, 1, 0, 0])
    mixed = model.encode(ids(5), None, language)
    for row in range(5):
        alone = model.encode(ids(5)[row : row + 1], None, language[row : row + 1])
        torch.testing.assert_close(mixed[row], alone[0], atol=1e-6, rtol=0)


def test_absent_languages_get_no_gradient_at_the_residual() -> None:
    model = toy_model(adapters(places="residual"), model_type="xlm-roberta")
    model.encode(ids(4), None, torch.tensor([2, 0, 0, 2])).square().sum().backward()
    for slab in model.language_specific_parameters().values():
        assert slab.grad is not None
        assert slab.grad[0].any() and slab.grad[2].any() and not slab.grad[1].any()


def test_one_adapter_a_layer_at_the_residual() -> None:
    model = toy_model(adapters(places="residual"), model_type="xlm-roberta")
    assert all(".places.residual." in name for name in model.language_specific_names())
    assert len(model.language_specific_names()) == 4 * model.n_layers


def test_a_pre_norm_backbone_has_no_residual_place() -> None:
    with pytest.raises(InputError, match=r"post-norm backbone.*`modernbert`"):
        toy_model(adapters(places="residual"))


def test_a_layer_norm_elsewhere_is_refused() -> None:
    with pytest.raises(InputError, match="`places: residual` only"):
        toy_model(adapters(layer_norm="none"), model_type="bert")


def test_an_unknown_layer_norm_is_refused() -> None:
    with pytest.raises(InputError, match="Did you mean `before`"):
        toy_model(adapters(places="residual", layer_norm="befor"), model_type="bert")
