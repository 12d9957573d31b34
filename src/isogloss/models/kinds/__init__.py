"""One file per kind of language-specific module; the key is `ModuleSpec.kind`.

A kind is added with a file and a line here, and then every model can grow, save and count it.
"""

from collections.abc import Mapping
from typing import Final

from isogloss.models.kinds.adapter import Adapters
from isogloss.models.kinds.attention import Attention
from isogloss.models.kinds.contract import LanguageModule, Site
from isogloss.models.kinds.feed_forward import FeedForward
from isogloss.models.kinds.layer_norm import LayerNorms
from isogloss.models.kinds.lora import LoRA

KINDS: Final[Mapping[str, type[LanguageModule]]] = {
    "adapter": Adapters,
    "attention": Attention,
    "feed_forward": FeedForward,
    "layer_norm": LayerNorms,
    "lora": LoRA,
}

__all__ = ["KINDS", "LanguageModule", "Site"]
