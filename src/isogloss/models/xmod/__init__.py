"""X-MOD (Pfeiffer et al. 2022): models whose adapters sit after the residual sum, out and in.

`to_xmod` and `import_xmod` are each other's inverse: equal outputs, the same bits of weights. What
`transformers` holds of X-MOD is in `layout`, its names of languages are in `codes`.
"""

from isogloss.models.xmod.codes import language_code, language_of
from isogloss.models.xmod.exporting import to_xmod
from isogloss.models.xmod.importing import import_xmod

__all__ = ["import_xmod", "language_code", "language_of", "to_xmod"]
