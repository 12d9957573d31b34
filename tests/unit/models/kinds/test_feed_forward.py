import pytest
import torch
from torch.nn.functional import gelu

from isogloss.core import InputError
from isogloss.models import ATTACHMENTS, ModuleSpec
from unit.models.toys import ids, modules, toy_config, toy_model, unlike

LANGUAGE = torch.tensor([0, 1, 2])


def test_the_numbers_of_the_paper() -> None:
    """n (8 d^2 + 5 d) a language, spec b.1."""
    n, d = 3, 16
    config = toy_config("bert", num_hidden_layers=n, hidden_size=d, intermediate_size=4 * d)
    plain = toy_model(config=config).parameter_table()[0]
    table = toy_model(modules("feed_forward"), config=config).parameter_table()
    for row in table:
        assert row.language_specific == n * (8 * d**2 + 5 * d)
        assert row.shared == plain.shared - row.language_specific


@pytest.mark.parametrize("model_type", ["bert", "xlm-roberta"])
def test_the_equation(model_type: str) -> None:
    """W2 gelu(W1 x + c1) + c2, by hand."""
    model = unlike(toy_model(modules("feed_forward"), model_type=model_type)).eval()
    layer = model.attachment.layers_of(model.backbone)[1]
    seen: list[torch.Tensor] = []
    layer.get_submodule("intermediate").register_forward_hook(lambda _m, a, _o: seen.append(a[0]))
    layer.get_submodule("output.dense").register_forward_hook(lambda _m, _a, o: seen.append(o))
    model.encode(ids(3), None, LANGUAGE)
    x, found = seen
    maps = model.language_modules["feed_forward_0"]["layer_1"].maps
    inner, outer = maps["intermediate_dense"], maps["output_dense"]
    for row in range(3):
        hidden = gelu(x[row] @ inner.weight[row].T + inner.bias[row])
        expected = hidden @ outer.weight[row].T + outer.bias[row]
        torch.testing.assert_close(found[row], expected, atol=1e-6, rtol=1e-6)


def test_the_gated_equation_of_modernbert() -> None:
    """Wo (gelu(a) * g) with a and g the halves of Wi x, by hand."""
    model = unlike(toy_model(modules("feed_forward"))).eval()
    mlp = model.attachment.layers_of(model.backbone)[1].get_submodule("mlp")
    seen: list[torch.Tensor] = []
    mlp.register_forward_hook(lambda _m, a, o: seen.extend([a[0], o]))
    model.encode(ids(3), None, LANGUAGE)
    x, found = seen
    maps = model.language_modules["feed_forward_0"]["layer_1"].maps
    for row in range(3):
        a, g = (x[row] @ maps["mlp_Wi"].weight[row].T).chunk(2, dim=-1)
        expected = (gelu(a) * g) @ maps["mlp_Wo"].weight[row].T
        torch.testing.assert_close(found[row], expected, atol=1e-6, rtol=1e-6)


@pytest.mark.parametrize("model_type", ATTACHMENTS)
def test_chosen_layers_only(model_type: str) -> None:
    model = toy_model(ModuleSpec.per_language("feed_forward", 3, layers=[1]), model_type=model_type)
    assert all(".layer_1." in name for name in model.language_specific_names())
    layers = model.attachment.layers
    assert all(name.startswith(f"backbone.{layers}.1.") for name in model.replaced_parameters())


def test_unknown_options_and_words_are_refused() -> None:
    with pytest.raises(InputError, match="Did you mean `initialise`"):
        toy_model(modules("feed_forward", initialize="copy"))
    with pytest.raises(InputError, match="one of copy, independent"):
        toy_model(modules("feed_forward", initialise="same"))
