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


def toy_config(model_type: str, dropout: float = 0.0, **sizes: int) -> PretrainedConfig:
    """Return the config of a tiny model; `dropout` acts on attention, feed-forward and outputs."""
    sizes = {**_SIZES, **sizes}
    if model_type == "modernbert":
        rates = {"attention_dropout": dropout, "mlp_dropout": dropout}
        return ModernBertConfig(**sizes, **rates, cls_token_id=2, sep_token_id=3, local_attention=4)
    rates = {"hidden_dropout_prob": dropout, "attention_probs_dropout_prob": dropout}
    return {"bert": BertConfig, "xlm-roberta": XLMRobertaConfig}[model_type](**sizes, **rates)


def save_toy(folder: Path, model_type: str = "modernbert") -> Path:
    with quiet():
        AutoModelForMaskedLM.from_config(toy_config(model_type)).save_pretrained(folder)
    return folder


def toy_model(
    *specs: ModuleSpec,
    model_type: str = "modernbert",
    languages: tuple[Language, ...] = LANGUAGES,
    seed: int = 0,
    config: PretrainedConfig | None = None,
) -> MultilingualModel:
    torch.manual_seed(seed)
    config = config or toy_config(model_type)
    backbone = AutoModelForMaskedLM.from_config(config, attn_implementation="sdpa")
    return MultilingualModel(
        backbone, languages=languages, modules=specs, seed=seed, tokenizer_fingerprint="toy"
    )


def adapters(n_languages: int = 3, **options: float | str) -> ModuleSpec:
    return ModuleSpec.per_language("adapter", n_languages, **{"bottleneck": 8, **options})


def modules(kind: str, n_languages: int = 3, **options: float | str) -> ModuleSpec:
    return ModuleSpec.per_language(kind, n_languages, **options)


def unlike(model: MultilingualModel, scale: float = 0.2) -> MultilingualModel:
    """Make the slabs of the languages differ a lot, so that a wrong route is seen."""
    generator = torch.Generator().manual_seed(3)
    with torch.no_grad():
        for slab in model.language_specific_parameters().values():
            slab.add_(torch.randn(slab.shape, generator=generator), alpha=scale)
    return model


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
