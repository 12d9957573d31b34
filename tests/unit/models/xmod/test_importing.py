import json
from pathlib import Path

import pytest
import torch
from transformers import XmodConfig, XmodForMaskedLM, XmodModel

from isogloss.core import InputError, Language
from isogloss.models import export_model, import_xmod, load_model
from isogloss.models.quiet import quiet
from isogloss.models.xmod.layout import LAYER_NORMS, SHARED_FIELDS
from unit.models.toys import HOSTILE, ToyVocabulary, adapters, ids, shaken, toy_config, toy_model

LANGUAGE = torch.tensor([1, 0, 2, 2, 0])


def _xmod(folder: Path, **changes: object) -> XmodForMaskedLM:
    """Save an X-MOD of `transformers` with no weight at its initial value."""
    fields = {name: getattr(toy_config("xlm-roberta"), name) for name in SHARED_FIELDS}
    options = {"languages": ["te_IN", "en_XX", "qaa_Latn"], **changes}
    torch.manual_seed(3)
    xmod = XmodForMaskedLM(XmodConfig(**{**fields, **options})).eval()
    with torch.no_grad():
        for parameter in xmod.parameters():
            parameter.add_(torch.randn_like(parameter) * 0.1)
    with quiet():
        xmod.save_pretrained(folder)
    return xmod


@pytest.mark.parametrize("layer_norm", LAYER_NORMS)
def test_equal_outputs(layer_norm: str, tmp_path: Path) -> None:
    """Of a mixed batch with padding, and of each language alone; hidden states and logits."""
    xmod = _xmod(tmp_path, **LAYER_NORMS[layer_norm])
    model = import_xmod(tmp_path, tokenizer=ToyVocabulary()).eval()
    batch, mask = ids(5), torch.ones(5, 12)
    batch[0, 7:], mask[0, 7:] = 0, 0
    for language in [LANGUAGE, *(torch.full((5,), index) for index in range(3))]:
        hidden = model.encode(batch, mask, language)
        found = xmod(batch, lang_ids=language, attention_mask=mask, output_hidden_states=True)
        torch.testing.assert_close(hidden, found.hidden_states[-1], atol=1e-6, rtol=0)
        logits = model.masked_lm_logits(hidden)
        torch.testing.assert_close(logits, found.logits, atol=1e-6, rtol=0)


def test_what_is_imported(tmp_path: Path) -> None:
    _xmod(tmp_path, adapter_reduction_factor=3)
    state = torch.get_rng_state()
    model = import_xmod(str(tmp_path), tokenizer=ToyVocabulary(), seed=4)
    assert torch.equal(torch.get_rng_state(), state)
    assert list(map(str, model.languages)) == ["tel-Telu", "eng-Latn", "qaa-Latn"]
    [spec] = model.specs
    assert spec.options == {"bottleneck": 10, "places": "residual", "layer_norm": "before"}
    assert (spec.slots, spec.layers) == ((0, 1, 2), None)
    assert (model.seed, model.tokenizer_fingerprint) == (4, "toy")
    assert model.backbone.config.model_type == "xlm-roberta"


@pytest.mark.parametrize("layer_norm", LAYER_NORMS)
def test_out_and_in_is_the_same_model(layer_norm: str, tmp_path: Path) -> None:
    spec = adapters(places="residual", layer_norm=layer_norm)
    model = shaken(toy_model(spec, model_type="xlm-roberta", languages=HOSTILE))
    export_model(model, tmp_path / "xmod", to="xmod")
    back = import_xmod(tmp_path / "xmod", tokenizer=ToyVocabulary())
    assert (back.languages, back.specs) == (model.languages, model.specs)
    assert list(back.state_dict()) == list(model.state_dict())
    for name, value in model.state_dict().items():
        assert torch.equal(back.state_dict()[name], value), name


def test_in_and_out_is_the_same_folder(tmp_path: Path) -> None:
    xmod = _xmod(tmp_path / "theirs")
    model = import_xmod(tmp_path / "theirs", tokenizer=ToyVocabulary())
    export_model(model, tmp_path / "ours", to="xmod")
    with quiet():
        back = XmodForMaskedLM.from_pretrained(tmp_path / "ours")
    assert list(back.config.languages) == list(xmod.config.languages)
    assert all(torch.equal(back.state_dict()[n], value) for n, value in xmod.state_dict().items())
    folders = (tmp_path / "theirs", tmp_path / "ours")
    configs = [json.loads((folder / "config.json").read_text()) for folder in folders]
    assert configs[0] == configs[1]


def test_an_imported_model_is_saved_and_grows(tmp_path: Path) -> None:
    _xmod(tmp_path / "xmod")
    model = import_xmod(tmp_path / "xmod", tokenizer=ToyVocabulary()).eval()
    before = model.encode(ids(5), None, LANGUAGE)
    model.add_language(Language.parse("sw"), "copy:te")
    model.save(tmp_path / "model")
    back = load_model(tmp_path / "model").eval()
    assert torch.equal(back.encode(ids(5), None, LANGUAGE), before)
    swahili = back.encode(ids(5), None, torch.full((5,), 3))
    assert torch.equal(swahili, back.encode(ids(5), None, torch.zeros(5, dtype=torch.int64)))


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"pre_norm": True}, "pre_norm: true"),
        ({"adapter_layer_norm": True}, "adapter_layer_norm: true"),
        ({"is_decoder": True}, "is_decoder: true"),
        ({"adapter_reduction_factor": 0}, "Found 0"),
        ({"adapter_reduction_factor": 33}, "Found 33"),
        ({"adapter_reduction_factor": 2.0}, "adapter_reduction_factor"),
        ({"model_type": "xlm-roberta"}, "`xlm-roberta`"),
        ({"languages": ["te_IN", "en_XX", "nobody"]}, "`nobody`"),
        ({"languages": []}, "none"),
        ({"vocab_size": 99}, "100 tokens"),
        ({"hidden_size": 16}, "Found"),
    ],
)
def test_what_we_cannot_hold_is_refused(
    changes: dict[str, object], found: str, tmp_path: Path
) -> None:
    _xmod(tmp_path)
    path = tmp_path / "config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))
    with pytest.raises(InputError, match=found):
        import_xmod(tmp_path, tokenizer=ToyVocabulary())


def test_two_adapters_of_one_language_are_refused(tmp_path: Path) -> None:
    _xmod(tmp_path, languages=["te_IN", "te", "en_XX"])
    with pytest.raises(InputError, match="Found tel-Telu, tel-Telu, eng-Latn"):
        import_xmod(tmp_path, tokenizer=ToyVocabulary())


def test_pickles_are_refused(tmp_path: Path) -> None:
    _xmod(tmp_path)
    (tmp_path / "model.safetensors").unlink()
    (tmp_path / "pytorch_model.bin").write_bytes(b"\x80\x04.")
    with pytest.raises(InputError, match=r"pytorch_model\.bin, a pickle"):
        import_xmod(tmp_path, tokenizer=ToyVocabulary())


def test_an_encoder_alone_is_refused(tmp_path: Path) -> None:
    xmod = _xmod(tmp_path)
    with quiet():
        XmodModel(xmod.config).save_pretrained(tmp_path)
    with pytest.raises(InputError, match="Found no lm_head"):
        import_xmod(tmp_path, tokenizer=ToyVocabulary())


@pytest.mark.parametrize("content", ["{", "half"])
def test_damaged_files_are_refused(content: str, tmp_path: Path) -> None:
    _xmod(tmp_path)
    name = "config.json" if content == "{" else "model.safetensors"
    (tmp_path / name).write_text(content)
    with pytest.raises(InputError, match=str(tmp_path)):
        import_xmod(tmp_path, tokenizer=ToyVocabulary())


def test_nothing_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="none"):
        import_xmod(tmp_path / "none", tokenizer=ToyVocabulary())
