"""What `transformers` (5.23, models/xmod) holds of X-MOD: its names and options beside ours.

There an adapter sits in `XmodOutput`, after the residual sum of the feed-forward part and before
the layer norm. Two options of the config say whether that layer norm is reused on the adapter's
input, and on which side of the adapter's residual. X-MOD can also give the adapters a layer norm
of their own, or be pre-norm; we have neither.
"""

from collections.abc import Mapping
from typing import Final

from transformers import XmodConfig

# `layer_norm` of our adapters -> the two options of the config.
LAYER_NORMS: Final[Mapping[str, Mapping[str, bool]]] = {
    "before": {"adapter_reuse_layer_norm": True, "ln_before_adapter": True},
    "inside": {"adapter_reuse_layer_norm": True, "ln_before_adapter": False},
    "none": {"adapter_reuse_layer_norm": False, "ln_before_adapter": False},
}
# Slab of ours -> parameter of X-MOD's adapter of one language.
TENSORS: Final[Mapping[str, str]] = {
    "down": "dense1.weight",
    "down_bias": "dense1.bias",
    "up": "dense2.weight",
    "up_bias": "dense2.bias",
}
# Fields of a config that X-MOD, XLM-R and BERT share and that a model's outputs or training depend
# on.
SHARED_FIELDS: Final = (
    *("vocab_size", "hidden_size", "num_hidden_layers", "num_attention_heads"),
    *("intermediate_size", "hidden_act", "hidden_dropout_prob", "attention_probs_dropout_prob"),
    *("max_position_embeddings", "type_vocab_size", "initializer_range", "layer_norm_eps"),
    *("pad_token_id", "bos_token_id", "eos_token_id", "classifier_dropout", "tie_word_embeddings"),
)


def layer_norm_of(config: XmodConfig) -> str:
    """Return our word for the two options; without reuse, the other one changes nothing."""
    if not config.adapter_reuse_layer_norm:
        return "none"
    return "before" if config.ln_before_adapter else "inside"


def parameter_name(layer: int, code: str, slab: str) -> str:
    """Return the name of an adapter's parameter in X-MOD.

    Args:
        layer: counted from 0.
        code: of the language.
        slab: a key of `TENSORS`.
    """
    return f"roberta.encoder.layer.{layer}.output.adapter_modules.{code}.{TENSORS[slab]}"
