import pytest
import torch

from isogloss.core import InputError
from isogloss.data import Routing
from isogloss.models import ATTACHMENTS, ModuleSpec, MultilingualModel
from isogloss.models.kinds.layer_norm import Norm
from isogloss.models.slab import routed
from unit.models.toys import modules, toy_config, toy_model

TYPES = pytest.mark.parametrize("model_type", ATTACHMENTS)


def replaced(model: MultilingualModel) -> set[str]:
    return {name.rpartition(".")[0] for name in model.replaced_parameters()}


@pytest.mark.parametrize(("norms", "count"), [("all", 2 * 3 + 1), ("inside", 2 * 3)])
def test_the_numbers_of_the_code(norms: str, count: int) -> None:
    """(2 n + 1) 2 d a language, the embedding norm among them, spec b.1."""
    d = 16
    config = toy_config("bert", num_hidden_layers=3, hidden_size=d)
    plain = toy_model(config=config).parameter_table()[0]
    for row in toy_model(modules("layer_norm", norms=norms), config=config).parameter_table():
        assert row.language_specific == count * 2 * d
        assert row.shared == plain.shared - row.language_specific


def test_modernbert_has_as_many_norms_without_biases() -> None:
    """Two a layer but one in the first, the embedding norm and the final norm: 2 n + 1."""
    config = toy_config("modernbert", num_hidden_layers=3)
    model = toy_model(modules("layer_norm"), config=config)
    assert model.parameter_table()[0].language_specific == (2 * 3 + 1) * 32
    assert {"backbone.model.embeddings.norm", "backbone.model.final_norm"} < replaced(model)
    assert not any("head" in name for name in model.replaced_parameters())


@TYPES
def test_the_outer_norms_go_with_the_outer_layers(model_type: str) -> None:
    attachment = ATTACHMENTS[model_type]
    config = toy_config(model_type, num_hidden_layers=3)
    with_layer = [
        replaced(toy_model(ModuleSpec("layer_norm", (0, 1, 2), (layer,)), config=config))
        for layer in range(3)
    ]
    embedding, final = f"backbone.{attachment.embedding_norm}", f"backbone.{attachment.final_norm}"
    has_first = attachment.embedding_norm is not None
    assert [embedding in names for names in with_layer] == [has_first, False, False]
    has_final = attachment.final_norm is not None
    assert [final in names for names in with_layer] == [False, False, has_final]
    inside = toy_model(modules("layer_norm", norms="inside"), config=config)
    assert not {embedding, final} & replaced(inside)


@TYPES
def test_from_scratch_slots_are_ones_and_zeros_and_from_a_copy_the_original(
    model_type: str,
) -> None:
    original = toy_model(model_type=model_type)
    with torch.no_grad():
        for name, value in original.backbone.named_parameters():
            if "norm" in name.lower():
                value.add_(torch.randn_like(value))

    def norms_of(initialise: str) -> MultilingualModel:
        return MultilingualModel(
            original.backbone,
            languages=original.languages,
            modules=[modules("layer_norm", initialise=initialise)],
            seed=0,
            tokenizer_fingerprint="toy",
        )

    for name, slab in norms_of("independent").language_specific_parameters().items():
        assert torch.equal(slab, torch.full_like(slab, float(name.endswith("weight"))))
    copied = norms_of("copy")
    for slab, value in zip(
        copied.language_specific_parameters().values(),
        copied.replaced_parameters().values(),
        strict=True,
    ):
        assert torch.equal(slab, value.expand_as(slab))


@pytest.mark.parametrize("with_bias", [True, False])
@pytest.mark.parametrize("language", [[0, 0, 1, 1], [1, 0, 0, 0], [1, 1, 1, 1]])
def test_the_equation(language: list[int], with_bias: bool) -> None:
    """g (x - mean) / sqrt(var + eps) + h with the slot of the row, by hand."""
    slabs = {"weight": torch.randn(2, 5)} | ({"bias": torch.randn(2, 5)} if with_bias else {})
    x, slots, eps = torch.randn(4, 6, 5), (1, 0), 0.1
    with routed(Routing.of(language)):
        found = Norm(slabs, eps)(x, slots)
    normed = (x - x.mean(-1, keepdim=True)) / (x.var(-1, correction=0, keepdim=True) + eps).sqrt()
    for row, index in enumerate(language):
        expected = normed[row] * slabs["weight"][slots[index]]
        if with_bias:
            expected = expected + slabs["bias"][slots[index]]
        torch.testing.assert_close(found[row], expected, atol=1e-6, rtol=1e-6)


def test_unknown_options_and_words_are_refused() -> None:
    with pytest.raises(InputError, match="Did you mean `norms`"):
        toy_model(modules("layer_norm", norm="all"))
    with pytest.raises(InputError, match="one of all, inside"):
        toy_model(modules("layer_norm", norms="outer"))


def test_root_mean_square_norms_by_hand() -> None:
    """g x / sqrt(mean x^2 + eps) with the slot of the row: EuroBERT's norms."""
    weight, x, slots, eps = torch.rand(2, 5), torch.randn(4, 6, 5), (1, 0), 0.1
    with routed(Routing.of(torch.tensor([0, 0, 1, 1]))):
        found = Norm({"weight": weight}, eps, centred=False)(x, slots)
    normed = x / (x.pow(2).mean(-1, keepdim=True) + eps).sqrt()
    expected = torch.cat([normed[:2] * weight[1], normed[2:] * weight[0]])
    torch.testing.assert_close(found, expected)
