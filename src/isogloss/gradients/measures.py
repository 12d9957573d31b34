"""What a Gramian says about languages: cosines, norms, conflict; and split halves, without noise.

A cosine of mini-batch gradients is biased towards 0: the noise of a batch makes |g| longer than the
expected gradient and leaves inner products alone. With the rows of each language in two halves a
and b, whose noise is independent, <g_a, g_b> estimates |E g|^2 without bias. Functions of halves
take their Gramian, [2 languages, 2 languages] with rows 1a, 1b, 2a, 2b, ...
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from isogloss.core import Float


def norms(gramian: Float[Tensor, "languages languages"]) -> Float[Tensor, " languages"]:
    """Return the length of each language's gradient, shape [languages]."""
    return gramian.diagonal().clamp(min=0).sqrt()


def cosines(
    gramian: Float[Tensor, "languages languages"],
) -> Float[Tensor, "languages languages"]:
    """Return the cosine of each pair of gradients, c_ij = G_ij / sqrt(G_ii G_jj).

    Args:
        gramian: shape [languages, languages].

    Returns:
        The same shape; NaN where a gradient has no length.
    """
    length = norms(gramian)
    return gramian / (length[:, None] * length)


def pairs(square: Float[Tensor, "languages languages"]) -> Float[Tensor, " pairs"]:
    """Return the entries above the diagonal, shape [L (L - 1) / 2]."""
    rows, columns = torch.triu_indices(len(square), len(square), offset=1)
    return square[rows, columns]


def conflict_rate(gramian: Float[Tensor, "languages languages"]) -> float:
    """Return the share of pairs of languages with a negative cosine; NaN without pairs.

    Reference:
        Yu et al. Gradient Surgery for Multi-Task Learning. 2020, Definition 1.
        https://arxiv.org/abs/2001.06782
    """
    found = pairs(cosines(gramian))
    found = found[~found.isnan()]
    return float((found < 0).double().mean())


def mean_cosine(gramian: Float[Tensor, "languages languages"]) -> float:
    """Return the mean cosine over the pairs of languages; NaN without pairs."""
    found = pairs(cosines(gramian))
    return float(found[~found.isnan()].mean())


def magnitude_similarity(
    gramian: Float[Tensor, "languages languages"],
) -> Float[Tensor, "languages languages"]:
    """Return 2 |g_i| |g_j| / (|g_i|^2 + |g_j|^2), in [0, 1]; 1 = equally long.

    Reference:
        Yu et al. 2020, Definition 2.
    """
    length = norms(gramian)
    return 2 * length[:, None] * length / (length[:, None] ** 2 + length**2)


def joined(gramian: Float[Tensor, "halves halves"]) -> Float[Tensor, "halves//2 halves//2"]:
    """Return the Gramian of the whole gradients, g_l = g_la + g_lb, shape [languages, languages].

    Example:
        >>> joined(torch.tensor([[2.0, 1.0], [1.0, 3.0]]))
        tensor([[7.]])
    """
    n = len(gramian) // 2
    return gramian.view(n, 2, n, 2).sum((1, 3))


def noise_corrected(
    gramian: Float[Tensor, "halves halves"], shares: Sequence[float]
) -> Float[Tensor, "halves//2 halves//2"]:
    """Return the Gramian with unbiased squared lengths on its diagonal.

    Off the diagonal the batches of two languages are independent already, so the plain inner
    products stay: all four pairs of halves rather than the pair (i_a, j_b) alone, which is as
    unbiased and has more noise.

    Args:
        gramian: over halves.
        shares: share of its language's targets that each half holds; the gradient of a half is
            its part of the sum, so <g_a, g_b> / (s_a s_b) is that of two means.

    Returns:
        Shape [languages, languages]. A length that comes out negative is noise; `cosines` says NaN.
    """
    found = joined(gramian)
    first, second = torch.tensor(list(shares), dtype=gramian.dtype).view(-1, 2).unbind(1)
    between = gramian.diagonal(1)[::2] / (first * second)
    return found - torch.diag(found.diagonal()) + torch.diag(between)


def same_language(gramian: Float[Tensor, "halves halves"]) -> Float[Tensor, " halves//2"]:
    """Return the cosine of each language's two halves, shape [languages]: the control line.

    What a cosine of two languages is to be held against: two batches of the same language, of half
    the rows each, are as far apart as this by noise alone.
    """
    length = gramian.diagonal().clamp(min=0).sqrt()
    return gramian.diagonal(1)[::2] / (length[::2] * length[1::2])
