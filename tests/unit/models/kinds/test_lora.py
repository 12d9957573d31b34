import pytest
import torch
from torch import nn

from isogloss.core import InputError
from unit.models.toys import ids, modules, toy_model, unlike


def test_a_fresh_module_changes_nothing() -> None:
    plain, treated = toy_model(model_type="bert"), toy_model(modules("lora"), model_type="bert")
    language = torch.tensor([0, 1, 2])
    assert torch.equal(treated.encode(ids(3), None, language), plain.encode(ids(3), None, None))


def test_it_is_the_map_with_its_low_rank_update() -> None:
    model = unlike(toy_model(modules("lora", rank=3), model_type="bert"))
    x, language = ids(2), torch.tensor([1, 1])
    found = model.encode(x, None, language)
    other = toy_model(model_type="bert")
    with torch.no_grad():
        for layer, own in enumerate(other.backbone.bert.encoder.layer):
            low = model.language_modules["lora_0"][f"layer_{layer}"].maps
            for name in ("query", "value"):
                linear: nn.Linear = getattr(own.attention.self, name)
                update = low[f"attention_self_{name}"]
                linear.weight += update.up[1] @ update.down[1]
    torch.testing.assert_close(found, other.encode(x, None, None), atol=1e-5, rtol=1e-5)


def test_which_maps() -> None:
    [few] = toy_model(modules("lora"), model_type="bert").language_modules.values()
    [every] = toy_model(modules("lora", maps="all"), model_type="bert").language_modules.values()
    assert [len(one["layer_0"].maps) for one in (few, every)] == [2, 4]
    [merged] = toy_model(modules("lora")).language_modules.values()
    assert list(merged["layer_0"].maps) == ["attn_Wqkv"]
    assert merged["layer_0"].maps["attn_Wqkv"].up.shape == (3, 96, 8)


def test_only_the_low_rank_weights_are_learned_by_language() -> None:
    model = toy_model(modules("lora"), model_type="bert")
    names = model.language_specific_parameters()
    assert {name.rpartition(".")[2] for name in names} == {"down", "up"}


@pytest.mark.parametrize(
    ("options", "said"),
    [({"rank": 0}, "at least 1"), ({"maps": "keys"}, "maps of LoRA"), ({"alpha": 1}, "option")],
)
def test_unfit_options_are_refused(options: dict[str, float | str], said: str) -> None:
    with pytest.raises(InputError, match=said):
        toy_model(modules("lora", **options), model_type="bert")


def test_maps_that_see_positions_are_refused() -> None:
    with pytest.raises(InputError, match="relative positions"):
        toy_model(modules("lora"), model_type="deberta-v2")
