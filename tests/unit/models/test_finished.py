import json
from pathlib import Path

import pytest
import torch
from transformers import (
    BertConfig,
    BertForMaskedLM,
    BertForTokenClassification,
    GPT2Config,
    GPT2LMHeadModel,
    PretrainedConfig,
    PreTrainedModel,
)

from isogloss.core import InputError
from isogloss.models import finished_kind, longest_context, read_causal


def _saved(model: PreTrainedModel, folder: Path) -> Path:
    model.save_pretrained(folder)
    return folder


def _gpt2() -> GPT2LMHeadModel:
    config = GPT2Config(vocab_size=20, n_embd=8, n_layer=1, n_head=2, n_positions=16)
    return GPT2LMHeadModel(config)


def _bert(kind: type[PreTrainedModel]) -> PreTrainedModel:
    sizes = {"hidden_size": 8, "num_hidden_layers": 1, "intermediate_size": 8}
    config: PretrainedConfig = BertConfig(vocab_size=20, num_attention_heads=2, **sizes)
    return kind(config)


def test_a_causal_model_is_read_with_its_weights(tmp_path: Path) -> None:
    model = _gpt2()
    folder = _saved(model, tmp_path / "gpt2")
    assert (finished_kind(folder), longest_context(folder)) == ("causal", 16)
    read = read_causal(folder, torch.bfloat16)
    assert not read.training
    weight = read.get_input_embeddings().weight
    assert weight.dtype == torch.bfloat16
    assert torch.equal(weight, model.transformer.wte.weight.to(torch.bfloat16))


def test_masked_models_and_models_of_a_task(tmp_path: Path) -> None:
    assert finished_kind(_saved(_bert(BertForMaskedLM), tmp_path / "masked")) == "masked"
    with pytest.raises(InputError, match="Found BertForTokenClassification"):
        finished_kind(_saved(_bert(BertForTokenClassification), tmp_path / "task"))


def test_without_architectures_the_type_decides(tmp_path: Path) -> None:
    folder = _saved(_gpt2(), tmp_path / "gpt2")
    path = folder / "config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "architectures": None}))
    assert finished_kind(folder) == "causal"


def test_what_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such folder"):
        finished_kind(tmp_path / "absent")
    folder = _saved(_gpt2(), tmp_path / "gpt2")
    (folder / "model.safetensors").write_bytes(b"damaged")
    with pytest.raises(InputError, match="whole weights"):
        read_causal(folder, torch.float32)
    (folder / "model.safetensors").unlink()
    with pytest.raises(InputError, match="weights in safetensors"):
        read_causal(folder, torch.float32)
    broken = _gpt2()
    with torch.no_grad():
        broken.transformer.wte.weight[3] = float("nan")
    with pytest.raises(InputError, match="NaN or infinity"):
        read_causal(_saved(broken, tmp_path / "nan"), torch.float32)
