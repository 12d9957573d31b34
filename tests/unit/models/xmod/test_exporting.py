import pytest
import torch

from isogloss.core import InputError
from isogloss.models import ModuleSpec, MultilingualModel
from isogloss.models.xmod import language_code, to_xmod
from isogloss.models.xmod.exporting import Width, _width
from unit.models.toys import HOSTILE, LANGUAGES, adapters, ids, shaken, toy_model

RESIDUAL = {"bottleneck": 8, "places": "residual"}
LANGUAGE = torch.tensor([1, 0, 2, 2, 0])


def _model(spec: ModuleSpec, model_type: str = "xlm-roberta", **changes: object):
    return shaken(toy_model(spec, model_type=model_type, **changes))


def _assert_equal(model: MultilingualModel, language: torch.Tensor) -> None:
    """Hidden states and logits agree with X-MOD's, with and without padding."""
    xmod, _ = to_xmod(model)
    batch, mask = ids(len(language)), torch.ones(len(language), 12)
    padded = batch.clone()
    padded[0, 7:], mask[0, 7:] = 0, 0
    for given, known in [(batch, None), (padded, mask)]:
        hidden = model.encode(given, known, language)
        found = xmod(given, lang_ids=language, attention_mask=known, output_hidden_states=True)
        kept = mask.bool() if known is not None else torch.ones_like(given).bool()
        states = found.hidden_states[-1]
        torch.testing.assert_close(hidden[kept], states[kept], atol=1e-6, rtol=0)
        logits = model.masked_lm_logits(hidden[kept])
        torch.testing.assert_close(logits, found.logits[kept], atol=1e-6, rtol=0)


@pytest.mark.parametrize("model_type", ["bert", "xlm-roberta"])
@pytest.mark.parametrize("layer_norm", ["before", "inside", "none"])
def test_equal_outputs(model_type: str, layer_norm: str) -> None:
    """Of a mixed batch, and of each language alone."""
    model = _model(adapters(places="residual", layer_norm=layer_norm), model_type)
    _assert_equal(model, LANGUAGE)
    for language in range(3):
        _assert_equal(model, torch.full((3,), language))


def test_hostile_languages_keep_their_adapters() -> None:
    """Parts of the word `adapter_modules` as names of languages, in an order of their own."""
    model = _model(adapters(**RESIDUAL), languages=HOSTILE)
    _assert_equal(model, LANGUAGE)
    xmod, _ = to_xmod(model)
    assert list(xmod.config.languages) == [language_code(one) for one in HOSTILE]
    for slot, language in enumerate(HOSTILE):
        adapter = xmod.roberta.encoder.layer[1].output.adapter_modules[language_code(language)]
        slab = model.get_parameter("language_modules.adapter_0.layer_1.places.residual.down")
        assert torch.equal(adapter.dense1.weight, slab[slot])


def test_a_group_has_a_copy_for_each_of_its_languages() -> None:
    model = _model(ModuleSpec("adapter", (0, 1, 0), None, RESIDUAL))
    _assert_equal(model, LANGUAGE)
    [note] = to_xmod(model)[1]
    assert note.startswith("3 languages share 2 adapters")


def test_layers_named_in_another_order() -> None:
    _assert_equal(_model(ModuleSpec("adapter", (2, 1, 0), (1, 0), RESIDUAL)), LANGUAGE)


def test_the_model_itself_is_left_alone() -> None:
    model = _model(adapters(**RESIDUAL))
    before = {name: value.clone() for name, value in model.state_dict().items()}
    state = torch.get_rng_state()
    xmod, notes = to_xmod(model)
    assert torch.equal(torch.get_rng_state(), state)
    with torch.no_grad():
        for parameter in xmod.parameters():
            parameter.zero_()
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
    assert notes == () and not xmod.training


def test_a_language_is_the_default_only_where_it_is_the_only_one() -> None:
    assert to_xmod(_model(adapters(**RESIDUAL)))[0].config.default_language is None
    alone = _model(adapters(1, **RESIDUAL), languages=LANGUAGES[1:2])
    assert to_xmod(alone)[0].config.default_language == "te_IN"


@pytest.mark.parametrize(
    ("bottleneck", "width"), [(8, (4, 0)), (32, (1, 0)), (1, (32, 0)), (12, (2, 4)), (20, (1, 12))]
)
def test_widths(bottleneck: int, width: tuple[int, int]) -> None:
    """Of a hidden size of 32: the nearest share of it that has room."""
    assert _width(adapters(bottleneck=bottleneck), 32) == Width(*width)


def test_a_bottleneck_that_xmod_cannot_write_gets_units_of_zeros() -> None:
    model = _model(adapters(places="residual", bottleneck=12))
    _assert_equal(model, LANGUAGE)
    xmod, [note] = to_xmod(model)
    assert "4 units of zeros" in note
    adapter = xmod.roberta.encoder.layer[0].output.adapter_modules["te_IN"]
    assert adapter.dense1.weight.shape == (16, 32)
    assert not adapter.dense1.weight[12:].any() and not adapter.dense2.weight[:, 12:].any()


@pytest.mark.parametrize(
    ("specs", "found"),
    [
        ((), "a model without language-specific modules"),
        ((adapters(),), "adapters at `both`"),
        ((adapters(places="feed_forward"),), "adapters at `feed_forward`"),
        ((adapters(**RESIDUAL), adapters(**RESIDUAL)), "`residual` and adapters at `residual`"),
        ((adapters(**RESIDUAL), adapters(places="attention")), "and adapters at `attention`"),
        ((ModuleSpec("adapter", (0, 1, 2), (1,), RESIDUAL),), r"layers \[1\]"),
        ((adapters(places="residual", bottleneck=33),), "33"),
    ],
)
def test_what_xmod_cannot_hold_is_refused(specs: tuple[ModuleSpec, ...], found: str) -> None:
    with pytest.raises(InputError, match=f"Found .*{found}"):
        to_xmod(toy_model(*specs, model_type="xlm-roberta"))


def test_an_architecture_that_xmod_cannot_hold_is_refused() -> None:
    with pytest.raises(InputError, match="Found `modernbert`"):
        to_xmod(toy_model(adapters()))


def test_modules_of_another_kind_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    model = toy_model(adapters(**RESIDUAL), model_type="xlm-roberta")
    monkeypatch.setattr(model, "specs", (ModuleSpec("feed_forward", (0, 1, 2)),))
    with pytest.raises(InputError, match="Found `feed_forward` modules"):
        to_xmod(model)
