import math

import pytest
import torch
from torch.nn.functional import gelu

from isogloss.core import InputError
from isogloss.models import ATTACHMENTS, ModuleSpec
from unit.models.toys import LANGUAGES, adapters, ids, toy_model

LANGUAGE = torch.tensor([0, 1, 2])


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
