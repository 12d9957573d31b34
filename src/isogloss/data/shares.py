"""How much of a mixture each language gets: temperature sampling."""

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from isogloss.core import InputError, Language


def language_shares(sizes: Mapping[Language, float], exponent: float) -> NDArray[np.float64]:
    r"""Return each language's share of a mixture, p_l proportional to size_l ** exponent.

    Args:
        sizes: amount of data of each language (tokens, examples, bytes), each > 0.
        exponent: 1 / temperature, >= 0: 0 = uniform, 1 = proportional to size, above 1 favours the
            large.

    Returns:
        Shares in the order of `sizes`, shape [languages], sum 1.

    Raises:
        InputError: no language, an exponent below 0 or not a number, or a language without data.

    Example:
        >>> sizes = {Language.parse("en"): 900, Language.parse("sw"): 100}
        >>> [language_shares(sizes, exponent).round(9).tolist() for exponent in (0, 0.5, 1)]
        [[0.5, 0.5], [0.75, 0.25], [0.9, 0.1]]

    Reference:
        Arivazhagan et al., Massively Multilingual Neural Machine Translation in the Wild, 2019,
        https://arxiv.org/abs/1907.05019, section 4.2 (temperature); Conneau and Lample,
        Cross-lingual Language Model Pretraining, 2019, https://arxiv.org/abs/1901.07291,
        section 3.1 (exponent).
    """
    _refuse_bad_exponent(exponent)
    if not sizes:
        raise InputError(
            expected="at least one language",
            found="none",
            where="languages of the mixture",
            next_step="Name the languages to train on.",
        )
    for language, size in sizes.items():
        _refuse_bad_size(language, size)
    # In logarithms, because sizes in bytes to a large exponent leave the range of a float.
    logs = exponent * np.log([float(size) for size in sizes.values()])
    weights = np.exp(logs - logs.max())
    return weights / weights.sum()


def _refuse_bad_exponent(exponent: float) -> None:
    if not (math.isfinite(exponent) and exponent >= 0):
        raise InputError(
            expected="an exponent >= 0",
            found=f"{exponent}",
            where="sampling exponent",
            next_step="Use 0 for uniform sampling, 1 for proportional, 0.7 or 0.3 between them.",
        )


def _refuse_bad_size(language: Language, size: float) -> None:
    if not (math.isfinite(size) and size > 0):
        raise InputError(
            expected="some data of every language",
            found=f"a size of {size}",
            where=f"language {language}",
            next_step="Give text for it, or leave the language out.",
        )
