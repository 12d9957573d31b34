"""Tiny models for the tests of this room."""

import json
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor
from transformers import (
    AutoModelForMaskedLM,
    BertConfig,
    DebertaV2Config,
    DistilBertConfig,
    EuroBertConfig,
    ModernBertConfig,
    PretrainedConfig,
    XLMRobertaConfig,
    XLMRobertaXLConfig,
)

from isogloss.core import Language
from isogloss.models import ATTACHMENTS, KINDS, ModuleSpec, MultilingualModel
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
    if model_type == "distilbert":
        sizes["hidden_dim"] = sizes.pop("intermediate_size")
        return DistilBertConfig(**sizes, dropout=dropout, attention_dropout=dropout)
    if model_type == "eurobert":
        settings = {"hidden_act": "gelu", "num_key_value_heads": 1}
        return EuroBertConfig(**sizes, **settings, attention_dropout=dropout)
    rates = {"hidden_dropout_prob": dropout, "attention_probs_dropout_prob": dropout}
    if model_type == "deberta-v2":  # as mDeBERTa-v3 has it
        return DebertaV2Config(
            **sizes,
            **rates,
            relative_attention=True,
            position_buckets=8,
            share_att_key=True,
            pos_att_type=["p2c", "c2p"],
            norm_rel_ebd="layer_norm",
            position_biased_input=False,
        )
    configs = {
        "bert": BertConfig,
        "xlm-roberta": XLMRobertaConfig,
        "xlm-roberta-xl": XLMRobertaXLConfig,
    }
    return configs[model_type](**sizes, **rates)


def can_have(kind: str, model_type: str) -> bool:
    """Return whether modules of a kind can be put into an architecture."""
    return kind not in ("attention", "lora") or not ATTACHMENTS[model_type].maps_positions


# Every kind of modules with every architecture that it can be put into.
PAIRS = [(kind, model_type) for kind in KINDS for model_type in ATTACHMENTS
         if can_have(kind, model_type)]  # fmt: skip


def write_sentence_transformer(folder: Path, inside: str) -> None:
    """Write the list of modules of a sentence-transformers folder, the encoder in `inside`."""
    modules = [
        {"idx": 0, "path": inside, "type": "sentence_transformers.models.Transformer"},
        {"idx": 1, "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
    ]
    (folder / "modules.json").write_text(json.dumps(modules))


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
    backbone = AutoModelForMaskedLM.from_config(config)
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
