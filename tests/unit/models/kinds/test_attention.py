import pytest
import torch

from isogloss.core import InputError
from isogloss.models import ModuleSpec
from unit.models.toys import ids, modules, toy_config, toy_model, unlike

LANGUAGE = torch.tensor([0, 1, 2])


def test_the_numbers_of_the_paper() -> None:
    """n (4 d^2 + 4 d) a language, spec b.1."""
    n, d = 3, 16
    config = toy_config("bert", num_hidden_layers=n, hidden_size=d, intermediate_size=4 * d)
    plain = toy_model(config=config).parameter_table()[0]
    for row in toy_model(modules("attention"), config=config).parameter_table():
        assert row.language_specific == n * (4 * d**2 + 4 * d)
        assert row.shared == plain.shared - row.language_specific


@pytest.mark.parametrize("model_type", ["bert", "xlm-roberta"])
def test_the_equation(model_type: str) -> None:
    """softmax(Q K^T / sqrt(8)) V with the maps of the row's language, by hand, padding left out."""
    config = toy_config(model_type, num_attention_heads=4)
    model = unlike(toy_model(modules("attention"), config=config)).eval()
    layer = model.attachment.layers_of(model.backbone)[1]
    seen: list[torch.Tensor] = []
    layer.get_submodule("attention.self").register_forward_hook(lambda _m, a, _o: seen.append(a[0]))
    dense = layer.get_submodule("attention.output.dense")
    dense.register_forward_hook(lambda _m, _a, o: seen.append(o))
    mask = torch.ones(3, 12)
    mask[1, 7:] = 0
    model.encode(ids(3), mask, LANGUAGE)
    x, found = seen
    maps = model.language_modules["attention_0"]["layer_1"].maps
    for row in range(3):
        n = int(mask[row].sum())
        q, k, v = (
            (x[row, :n] @ one.weight[row].T + one.bias[row]).view(n, 4, 8).transpose(0, 1)
            for one in (maps[f"attention_self_{name}"] for name in ("query", "key", "value"))
        )
        heads = (q @ k.transpose(1, 2) / 8**0.5).softmax(-1) @ v
        out = maps["attention_output_dense"]
        expected = heads.transpose(0, 1).reshape(n, 32) @ out.weight[row].T + out.bias[row]
        torch.testing.assert_close(found[row, :n], expected, atol=1e-5, rtol=1e-5)


def test_the_rows_of_all_languages_meet_in_one_product(monkeypatch: pytest.MonkeyPatch) -> None:
    model = toy_model(modules("attention"), model_type="bert")
    rows: list[int] = []
    product = torch.nn.functional.scaled_dot_product_attention

    def counted(query: torch.Tensor, *args: object, **options: object) -> torch.Tensor:
        rows.append(query.shape[0])
        return product(query, *args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(torch.nn.functional, "scaled_dot_product_attention", counted)
    model.encode(ids(6), None, torch.tensor([0, 2, 1, 1, 0, 1]))
    assert rows == [6, 6], "once a layer"


def test_chosen_layers_only() -> None:
    model = toy_model(ModuleSpec.per_language("attention", 3, layers=[0]))
    assert all(".layer_0." in name for name in model.language_specific_names())


def test_unknown_options_and_words_are_refused() -> None:
    with pytest.raises(InputError, match="Did you mean `initialise`"):
        toy_model(modules("attention", initialize="copy"))
    with pytest.raises(InputError, match="one of copy, independent"):
        toy_model(modules("attention", initialise="same"))


def test_maps_that_see_more_than_the_rows_are_not_replaced() -> None:
    with pytest.raises(InputError, match=r"`deberta-v2`, which maps relative positions"):
        toy_model(modules("attention"), model_type="deberta-v2")
