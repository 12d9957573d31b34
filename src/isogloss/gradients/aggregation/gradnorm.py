"""GradNorm: loss weights that bring gradients to lengths in proportion to the languages' lag."""

import numpy as np

from isogloss.gradients.aggregation.contract import Array


def gradnorm_derivative(weights: Array, lengths: Array, ratios: Array, alpha: float) -> Array:
    """Return d L_grad / d w for the loss that balances gradient lengths.

    G_i = w_i |grad_W L_i|, Gbar their mean, r_i = (L_i / L_i(0)) / mean of the same;
    L_grad = sum_i |G_i - Gbar r_i^alpha| with Gbar r_i^alpha held constant (equation 2).

    Args:
        weights: w, shape [n].
        lengths: |grad_W L_i| of the unweighted losses at the last shared layer, shape [n].
        ratios: L_i / L_i(0), shape [n].
        alpha: strength of the restoring force; 0 = equal lengths.

    Example:
        >>> one, two = np.ones(2), np.array([1.0, 2.0])
        >>> gradnorm_derivative(one, two, one, 1.5).tolist()
        [-1.0, 2.0]

    Reference:
        Chen, Badrinarayanan, Lee, Rabinovich. GradNorm: Gradient Normalization for Adaptive Loss
        Balancing in Deep Multitask Networks. ICML 2018, Algorithm 1.
        https://arxiv.org/abs/1711.02257
    """
    weighted = weights * lengths
    target = weighted.mean() * (ratios / ratios.mean()) ** alpha
    return np.sign(weighted - target) * lengths


def normalised(weights: Array, least: float = 1e-3) -> Array:
    """Return the weights, none below `least`, scaled to sum to their number."""
    kept = np.maximum(weights, least)
    return kept * len(kept) / kept.sum()
