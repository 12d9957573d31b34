from collections.abc import Sequence
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor
from transformers import (
    AutoModel,
    AutoModelForMaskedLM,
    GPT2Config,
    ModernBertModel,
    PretrainedConfig,
)

from isogloss.core import InputError
from isogloss.models import (
    ATTACHMENTS,
    KINDS,
    ModuleSpec,
    MultilingualModel,
    check_layers,
    create_model,
    load_model,
)
from isogloss.models.quiet import quiet
from unit.models.toys import (
    LANGUAGES,
    PAIRS,
    ToyVocabulary,
    adapters,
    ids,
    save_toy,
    toy_config,
    write_sentence_transformer,
)

TOY = ToyVocabulary()


def _create(
    source: str | Path,
    *,
    seed: int = 0,
    vocabulary: ToyVocabulary = TOY,
    modules: Sequence[ModuleSpec] = (),
) -> MultilingualModel:
    return create_model(
        source, tokenizer=vocabulary, languages=LANGUAGES, modules=modules, seed=seed
    )


def test_a_preset_takes_the_vocabulary_of_the_tokenizer() -> None:
    model = _create("micro")
    config = model.backbone.config
    assert model.vocabulary_size == 100
    assert (config.pad_token_id, config.cls_token_id, config.sep_token_id) == (0, 2, 3)
    assert model.tokenizer_fingerprint == "toy"


def test_creation_is_seeded_and_leaves_the_global_state() -> None:
    state = torch.get_rng_state()
    first, same, other = (_create("micro", seed=s, modules=[adapters()]) for s in (1, 1, 2))
    assert torch.equal(state, torch.get_rng_state())
    torch.rand(3)
    for name, value in first.state_dict().items():
        assert torch.equal(value, same.state_dict()[name])
    assert not torch.equal(first.encode(*_batch()), other.encode(*_batch()))


def test_the_backbone_does_not_depend_on_the_modules() -> None:
    """Monolingual, joint and treated runs of a seed start from the same shared weights."""
    plain, treated = _create("micro"), _create("micro", modules=[adapters()])
    for name, value in plain.backbone.state_dict().items():
        assert torch.equal(value, treated.backbone.state_dict()[name])


@pytest.mark.parametrize("model_type", ATTACHMENTS)
def test_a_folder_of_every_architecture(model_type: str, tmp_path: Path) -> None:
    model = _create(save_toy(tmp_path, model_type), modules=[adapters()])
    assert model.encode(*_batch()).shape == (3, 12, 32)
    assert next(model.parameters()).dtype == torch.float32


def test_a_vocabulary_rounded_up_is_accepted(tmp_path: Path) -> None:
    config = toy_config("modernbert")
    config.vocab_size = 128
    _save(config, tmp_path)
    assert _create(tmp_path).vocabulary_size == 128


@pytest.mark.parametrize(
    ("vocabulary", "found"),
    [
        (ToyVocabulary(vocabulary_size=101), "101 tokens"),
        (ToyVocabulary(vocabulary_size=60), "60 tokens"),
        (ToyVocabulary(pad_id=1), "token 1"),
    ],
)
def test_another_tokenizer_is_refused(
    vocabulary: ToyVocabulary, found: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=found):
        _create(save_toy(tmp_path), vocabulary=vocabulary)


def test_a_misspelt_preset_is_not_asked_for_on_the_network() -> None:
    with pytest.raises(InputError, match="Did you mean `tiny`"):
        _create("tinny")


def test_a_hub_name_that_cannot_be_reached_is_refused() -> None:
    with pytest.raises(InputError, match="nobody/nothing"):
        _create("nobody/nothing")


def test_an_architecture_without_attachment_is_refused(tmp_path: Path) -> None:
    GPT2Config(n_layer=1).save_pretrained(tmp_path)
    with pytest.raises(InputError, match="bert, deberta-v2, distilbert"):
        _create(tmp_path)


@pytest.mark.parametrize("kind", KINDS)
def test_modules_do_not_help_an_architecture_without_attachment(kind: str, tmp_path: Path) -> None:
    GPT2Config(n_layer=1).save_pretrained(tmp_path)
    for refuse in (_create, lambda source, modules: check_layers(source, modules)):
        with pytest.raises(InputError, match="architecture bert, deberta-v2") as refused:
            refuse(tmp_path, modules=[ModuleSpec.per_language(kind, 3)])
        assert refused.value.found == "`gpt2`, a decoder"


@pytest.mark.parametrize(
    ("kind", "model_type"), [one for one in PAIRS if one[0] not in ("adapter", "lora")]
)
def test_parts_of_a_checkpoint_begin_as_copies(kind: str, model_type: str, tmp_path: Path) -> None:
    """Unless the spec says otherwise; the saved model knows how it began."""
    folder = save_toy(tmp_path / "checkpoint", model_type)
    spec = ModuleSpec.per_language(kind, 3)
    plain, treated = _create(folder), _create(folder, modules=[spec])
    found, expected = treated.encode(*_batch()), plain.encode(*_batch())
    torch.testing.assert_close(found, expected, atol=1e-6, rtol=1e-6)
    assert treated.specs[0].options == {"initialise": "copy"}
    treated.save(tmp_path / "saved")
    assert load_model(tmp_path / "saved").specs == treated.specs
    own = ModuleSpec.per_language(kind, 3, initialise="independent")
    drawn = _create(folder, modules=[own])
    assert drawn.specs == (own,)
    if kind != "layer_norm":  # a toy's norms are ones and zeros either way
        assert not torch.allclose(drawn.encode(*_batch()), expected, atol=1e-3)


@pytest.mark.parametrize("kind", ["feed_forward", "attention"])
def test_parts_from_scratch_begin_independently(kind: str) -> None:
    model = _create("micro", modules=[ModuleSpec.per_language(kind, 3)])
    assert model.specs[0].options == {}
    for name, slab in model.language_specific_parameters().items():
        assert not torch.equal(slab[0], slab[1]), name


def test_a_folder_without_config_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"config\.json"):
        _create(tmp_path)


def test_pickled_weights_are_refused(tmp_path: Path) -> None:
    (save_toy(tmp_path) / "model.safetensors").rename(tmp_path / "pytorch_model.bin")
    with pytest.raises(InputError, match=r"pytorch_model\.bin, a pickle"):
        _create(tmp_path)


def test_damaged_weights_are_refused(tmp_path: Path) -> None:
    (save_toy(tmp_path) / "model.safetensors").write_bytes(b"half a file")
    with pytest.raises(InputError, match="whole weights in safetensors"):
        _create(tmp_path)


def test_an_encoder_that_is_not_whole_is_refused(tmp_path: Path) -> None:
    folder = save_toy(tmp_path)
    weights = load_file(folder / "model.safetensors")
    del weights["model.layers.1.attn.Wo.weight"]
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(InputError, match=r"all weights of the encoder.*model\.layers\.1\.attn\.Wo"):
        _create(folder)


@pytest.mark.parametrize("model_type", ATTACHMENTS)
def test_an_encoder_alone_gets_a_head_from_the_seed(model_type: str, tmp_path: Path) -> None:
    whole = save_toy(tmp_path / "whole", model_type)
    with quiet():
        AutoModel.from_pretrained(whole).save_pretrained(tmp_path / "alone")
    first, same, other = (_create(tmp_path / "alone", seed=seed) for seed in (1, 1, 2))
    expected = _create(whole).encode(*_batch())
    for model in (first, same, other):
        assert torch.equal(model.encode(*_batch()), expected)
    logits = [one.masked_lm_logits(expected[:, 0]) for one in (first, same, other)]
    assert torch.equal(logits[0], logits[1])
    assert not torch.equal(logits[0], logits[2])


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_precision_is_read_as_fp32_with_the_same_values(
    dtype: torch.dtype, tmp_path: Path
) -> None:
    with quiet():
        half = AutoModelForMaskedLM.from_config(toy_config("bert")).to(dtype)
        half.save_pretrained(tmp_path)
    model = _create(tmp_path)
    assert model.backbone.config.dtype == torch.float32
    for name, value in model.backbone.named_parameters():
        assert value.dtype == torch.float32
        assert torch.equal(value, half.get_parameter(name).float())


@pytest.mark.parametrize("inside", ["0_Transformer", ""])
def test_a_folder_of_sentence_transformers(inside: str, tmp_path: Path) -> None:
    write_sentence_transformer(tmp_path, inside)
    plain = save_toy(tmp_path / "plain", "bert")
    with quiet():
        AutoModel.from_pretrained(plain).save_pretrained(tmp_path / inside)
    found = _create(tmp_path).encode(*_batch())
    assert torch.equal(found, _create(plain).encode(*_batch()))


def test_spare_rows_of_a_vocabulary_are_accepted_and_many_refused(tmp_path: Path) -> None:
    config = toy_config("bert", vocab_size=4_035)
    _save(config, tmp_path)
    assert _create(tmp_path, vocabulary=ToyVocabulary(vocabulary_size=4_000)).vocabulary_size
    with pytest.raises(InputError, match="a tokenizer of 4035 tokens"):
        _create(tmp_path, vocabulary=ToyVocabulary(vocabulary_size=3_900))


def test_a_model_of_ours_refuses_another_tokenizer_of_the_same_size(tmp_path: Path) -> None:
    _create("micro").save(tmp_path / "mine")
    _create(tmp_path / "mine")
    with pytest.raises(InputError, match="another of as many tokens"):
        _create(tmp_path / "mine", vocabulary=ToyVocabulary(fingerprint="other"))


def test_a_pickle_is_refused_with_the_way_to_convert_it(tmp_path: Path) -> None:
    """An encoder alone is not to be given a head by the conversion."""
    folder = save_toy(tmp_path / "whole")
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(InputError, match=r"AutoModelForMaskedLM\.from_pretrained"):
        _create(folder)
    with quiet():
        ModernBertModel(toy_config("modernbert")).save_pretrained(tmp_path / "alone")
    (tmp_path / "alone/model.safetensors").rename(tmp_path / "alone/pytorch_model.bin")
    with pytest.raises(InputError, match=r"AutoModel\.from_pretrained"):
        _create(tmp_path / "alone")


def _batch() -> tuple[Tensor, None, Tensor]:
    return ids(3), None, torch.tensor([0, 1, 2])


def _save(config: PretrainedConfig, folder: Path) -> None:
    with quiet():
        AutoModelForMaskedLM.from_config(config).save_pretrained(folder)
