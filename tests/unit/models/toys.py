"""Tiny models for the tests of this room."""

from dataclasses import dataclass

from transformers import (
    AutoModelForMaskedLM,
    BertConfig,
    ModernBertConfig,
    PretrainedConfig,
    XLMRobertaConfig,
)

from isogloss.core import Language

# `te`, `ad` and `er` are parts of the word "adapter": routing by name would mix them up.
HOSTILE = tuple(Language(code, "Latn") for code in ("te", "ad", "er"))
LANGUAGES = tuple(Language.parse(code) for code in ("en", "te", "ar"))


@dataclass(frozen=True)
class ToyVocabulary:
    vocabulary_size: int = 100
    pad_id: int = 0
    cls_id: int = 2
    sep_id: int = 3
    fingerprint: str = "toy"


_SIZES = {
    "vocab_size": 100,
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 48,
    "max_position_embeddings": 40,
    "pad_token_id": 0,
    "bos_token_id": 2,
    "eos_token_id": 3,
}


def toy_config(model_type: str) -> PretrainedConfig:
    if model_type == "modernbert":
        return ModernBertConfig(**_SIZES, cls_token_id=2, sep_token_id=3, local_attention=4)
    dropout = {"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}
    return {"bert": BertConfig, "xlm-roberta": XLMRobertaConfig}[model_type](**_SIZES, **dropout)


def save_toy(model_type: str, folder) -> None:
    AutoModelForMaskedLM.from_config(toy_config(model_type)).save_pretrained(folder)
