"""One file per kind of language-specific module; the key is `ModuleSpec.kind`.

A kind is added with a file and a line here, and then every model can grow, save and count it.
"""

from collections.abc import Mapping
from typing import Final

from isogloss.models.kinds.adapter import Adapters
from isogloss.models.kinds.contract import LanguageModule, Site

KINDS: Final[Mapping[str, type[LanguageModule]]] = {
    "adapter": Adapters,
}

__all__ = ["KINDS", "LanguageModule", "Site"]
