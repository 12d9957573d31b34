import pytest
import torch

import toys
from isogloss.core import InputError
from isogloss.treatments import LanguageAdapters, build_treatment


def test_a_slot_for_each_language() -> None:
    plan = LanguageAdapters(8).apply(toys.plan(toys.HOSTILE))
    [adapter] = plan.modules
    assert (adapter.kind, adapter.slots, adapter.layers) == ("adapter", (0, 1, 2), None)
    assert adapter.options == {"bottleneck": 8, "initialise": "linear"}


def test_two_adapters_a_layer_of_the_promised_shape() -> None:
    model = toys.model(LanguageAdapters(8).apply(toys.plan()))
    down = [value for name, value in model.named_parameters() if name.endswith(".down")]
    assert len(down) == 2 * model.n_layers
    assert {tuple(value.shape) for value in down} == {(2, 8, model.hidden_size)}


def test_zero_up_begins_as_the_untreated_model() -> None:
    plan = LanguageAdapters(8, initialise="zero_up").apply(toys.plan())
    ids, language = torch.randint(5, 30, (2, 9)), torch.tensor([0, 1])
    plain, treated = (toys.model(one).eval() for one in (toys.plan(), plan))
    assert torch.equal(plain(ids, None, language), treated(ids, None, language))


def test_the_place_is_written_only_where_it_is_not_the_papers() -> None:
    """Studies of before the option keep the addresses of their runs."""
    [plain] = LanguageAdapters(8, places="both").apply(toys.plan()).modules
    [xmod] = LanguageAdapters(8, places="residual").apply(toys.plan()).modules
    assert plain.options == {"bottleneck": 8, "initialise": "linear"}
    assert xmod.options == {**plain.options, "places": "residual"}


@pytest.mark.parametrize(
    "options",
    [
        {"bottleneck": 0},
        {"bottleneck": -3},
        {"bottleneck": 2.5},
        {"initialise": "zero"},
        {"places": "anywhere"},
    ],
)
def test_values_that_no_adapter_can_have_are_refused_at_the_door(
    options: dict[str, object],
) -> None:
    """Not when the first of many models is made, after the tokenizer and the corpora."""
    with pytest.raises(InputError, match=next(iter(options))):
        build_treatment("language_adapters", options)


def test_an_old_study_finds_its_runs() -> None:
    """With plain options the plan is described as it was before there were `layers`, `groups`."""
    described = LanguageAdapters().apply(toys.plan()).describe()
    assert described["modules"] == [
        {
            "is": "ModuleSpec",
            "kind": "adapter",
            "slots": [0, 1],
            "layers": None,
            "options": {"bottleneck": 48, "initialise": "linear"},
        }
    ]


def test_a_group_shares_its_adapters_and_its_gradient() -> None:
    languages = (*toys.PAIR, toys.HOSTILE[0])
    treatment = build_treatment("language_adapters", {"groups": [["te-Latn"], ["en", "sw"]]})
    with pytest.raises(InputError, match="no group with te-Latn"):  # that is Telugu, tel-Latn
        treatment.apply(toys.plan(languages))
    groups = ((toys.HOSTILE[0],), toys.PAIR)
    model = toys.model(LanguageAdapters(8, groups=groups).apply(toys.plan(languages)))
    own = toys.model(LanguageAdapters(8).apply(toys.plan(languages)))
    assert model.parameter_table() == own.parameter_table(), "a group counts whole for each of it"
    rows = torch.randint(5, 30, (1, 9)).expand(3, -1)
    hidden = model.encode(rows, None, torch.arange(3))
    torch.testing.assert_close(hidden[0], hidden[1], atol=1e-6, rtol=1e-6)
    assert not torch.allclose(hidden[0], hidden[2], atol=1e-4)
    hidden[1].square().sum().backward()
    for slab in model.language_specific_parameters().values():
        assert slab.grad is not None
        assert [bool(one.any()) for one in slab.grad] == [True, False]
