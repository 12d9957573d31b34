"""What a Gramian says about languages: cosines, norms, conflict, magnitude similarity."""

import torch
from torch import Tensor


def norms(gramian: Tensor) -> Tensor:
    """Return the length of each language's gradient, shape [languages]."""
    return gramian.diagonal().clamp(min=0).sqrt()


def cosines(gramian: Tensor) -> Tensor:
    """Return the cosine of each pair of gradients, c_ij = G_ij / sqrt(G_ii G_jj).

    Args:
        gramian: shape [languages, languages].

    Returns:
        The same shape; NaN where a gradient has no length.
    """
    length = norms(gramian)
    return gramian / (length[:, None] * length)


def pairs(square: Tensor) -> Tensor:
    """Return the entries above the diagonal, shape [L (L - 1) / 2]."""
    rows, columns = torch.triu_indices(len(square), len(square), offset=1)
    return square[rows, columns]


def conflict_rate(gramian: Tensor) -> float:
    """Return the share of pairs of languages with a negative cosine; NaN without pairs.

    Reference:
        Yu et al. Gradient Surgery for Multi-Task Learning. 2020, Definition 1.
        https://arxiv.org/abs/2001.06782
    """
    found = pairs(cosines(gramian))
    found = found[~found.isnan()]
    return float((found < 0).double().mean())


def mean_cosine(gramian: Tensor) -> float:
    """Return the mean cosine over the pairs of languages; NaN without pairs."""
    found = pairs(cosines(gramian))
    return float(found[~found.isnan()].mean())


def magnitude_similarity(gramian: Tensor) -> Tensor:
    """Return 2 |g_i| |g_j| / (|g_i|^2 + |g_j|^2), in [0, 1]; 1 = equally long.

    Reference:
        Yu et al. 2020, Definition 2.
    """
    length = norms(gramian)
    return 2 * length[:, None] * length / (length[:, None] ** 2 + length**2)
