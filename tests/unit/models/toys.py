"""Tiny models for the tests of this room."""

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor
from transformers import (
    AutoModelForMaskedLM,
    BertConfig,
    ModernBertConfig,
    PretrainedConfig,
    XLMRobertaConfig,
)

from isogloss.core import Language
from isogloss.models import ModuleSpec, MultilingualModel
from isogloss.models.quiet import quiet

LANGUAGES = tuple(Language.parse(code) for code in ("en", "te", "ar"))
# Parts of the word "adapter": routing by name would mix them up.
HOSTILE = tuple(Language(code, "Latn") for code in ("te", "ad", "er"))

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


@dataclass(frozen=True)
class ToyVocabulary:
    vocabulary_size: int = 100
    pad_id: int = 0
    cls_id: int = 2
    sep_id: int = 3
    fingerprint: str = "toy"


def toy_config(model_type: str) -> PretrainedConfig:
    if model_type == "modernbert":
        return ModernBertConfig(**_SIZES, cls_token_id=2, sep_token_id=3, local_attention=4)
    dropout = {"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}
    return {"bert": BertConfig, "xlm-roberta": XLMRobertaConfig}[model_type](**_SIZES, **dropout)


def save_toy(folder: Path, model_type: str = "modernbert") -> Path:
    with quiet():
        AutoModelForMaskedLM.from_config(toy_config(model_type)).save_pretrained(folder)
    return folder


def toy_model(
    *specs: ModuleSpec,
    model_type: str = "modernbert",
    languages: tuple[Language, ...] = LANGUAGES,
    seed: int = 0,
) -> MultilingualModel:
    torch.manual_seed(seed)
    backbone = AutoModelForMaskedLM.from_config(toy_config(model_type), attn_implementation="sdpa")
    return MultilingualModel(
        backbone, languages=languages, modules=specs, seed=seed, tokenizer_fingerprint="toy"
    )


def adapters(n_languages: int = 3, **options: float | str) -> ModuleSpec:
    return ModuleSpec.per_language("adapter", n_languages, **{"bottleneck": 8, **options})


def shaken(model: MultilingualModel) -> MultilingualModel:
    """Move every weight, so that no norm is the identity and no two slots are alike."""
    generator = torch.Generator().manual_seed(7)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(torch.randn(parameter.shape, generator=generator) * 0.1)
    return model.eval()


def ids(rows: int, length: int = 12) -> Tensor:
    generator = torch.Generator().manual_seed(rows)
    return torch.randint(4, 100, (rows, length), generator=generator)
