"""The mathematics of X-Mixup: the mixed states, the ratio that mixes them, the schedule.

Notation: rows b, heads h, target positions i, source positions j; m is 1 at real positions. S are
the scores of the target's queries on the source's keys, [rows, heads, length_t, length_s].

Reference:
    Yang, Chen, Zhang, Chen, Wang, Wu. Enhancing Cross-lingual Transfer by Manifold Mixup.
    ICLR 2022. https://arxiv.org/abs/2205.04182
"""

import math
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn.functional import dropout

from isogloss.models import Crossing

RatioMode = Literal["clean", "released", "fixed"]
EntropyNorm = Literal["none", "log_length"]


def mixed(crossing: Crossing, lam: Tensor) -> Tensor:
    """Return LN(lam o + (1 - lam) u_t), o = the layer's own attention of the target on the source.

    A convex combination, no residual sum. In a post-norm body LN has been applied to u_t already,
    so lam = 0 gives LN(u_t), not the plain encoder. In a pre-norm body u_t is the branch of the
    self-attention and there is no LN: lam = 0 is then the plain encoder.

    Args:
        crossing: of one layer.
        lam: ratio of each row, shape [rows].

    Returns:
        What follows the attention sees, shape [rows, length_t, hidden].
    """
    seen = crossing.scores.masked_fill(~crossing.source[:, None, None], -torch.inf).softmax(-1)
    seen = dropout(seen, crossing.dropout, training=crossing.dropout > 0)
    joint = (seen @ crossing.values).transpose(1, 2).flatten(2)
    o, lam = crossing.output(joint), lam.to(crossing.own.dtype)[:, None, None]
    return crossing.norm(lam * o + (1 - lam) * crossing.own)


def clean_entropy(s: Tensor, target: Tensor, source: Tensor) -> Tensor:
    """Return H = H_ts + H_st of the attention in both directions, in nats, shape [rows].

    H_ts is the mean, over heads and real target positions, of the entropy of softmax_j S over real
    source positions; H_st the same of the transposed scores. 0 <= H <= ln n_s + ln n_t.

    Args:
        s: scores, shape [rows, heads, length_t, length_s].
        target: real positions, shape [rows, length_t], bool.
        source: real positions, shape [rows, length_s], bool.
    """
    return _entropy(s, target, source) + _entropy(s.transpose(-1, -2), source, target)


def _entropy(s: Tensor, queries: Tensor, keys: Tensor) -> Tensor:
    log_p = s.float().masked_fill(~keys[:, None, None], -torch.inf).log_softmax(-1)
    # p log p is 0 where p is 0; the product would be NaN, and so its gradient.
    log_p = log_p.masked_fill(~keys[:, None, None], 0.0)
    p = log_p.exp() * keys[:, None, None]
    by_position = -(p * log_p).sum(-1).mean(1)
    return (by_position * queries).sum(-1) / queries.sum(-1)


def released_entropy(s: Tensor, target: Tensor, source: Tensor) -> Tensor:
    """Return what the authors' code takes for the entropy, shape [rows]; see `clean_entropy`.

    A cross-entropy whose labels are the masked softmax and whose logits are S with zeros, not
    minus infinity, at padding; its mean is over all positions, padding included.
    """
    return _released(s, target, source) + _released(s.transpose(-1, -2), source, target)


def _released(s: Tensor, queries: Tensor, keys: Tensor) -> Tensor:
    mask = keys[:, None, None].float()
    labels = (s.float() + (1 - mask) * -1e4).softmax(-1)
    return -(labels * (s.float() * mask).log_softmax(-1)).sum(-1).mean((1, 2))


class MixingRatio(nn.Module):
    """lam = lam_0 sigmoid(W H + b), with the scalars W and b learned unless the mode says not.

    A better translation is meant to be told by its entropy H. With W > 0, as W begins, a higher H
    gives more of the source; W has to become negative to trust a bad one less.

    Differs from the released code: there W and b are never trained or saved. And a rate of their
    own: Adam's step is as long as its rate whatever the scale of the gradient, so W is kept as
    1 + factor (w - 1) and b as factor times the parameter.

    Args:
        mode: "clean" (the entropy as it is meant, W and b learned), "released" (the entropy of the
            authors' code, W = 1 and b = 0 fixed) or "fixed" (lam = lam_0, no sigmoid).
        lam0: the most that lam can be.
        entropy_norm: "log_length" divides H by ln n_s + ln n_t; ours, not the paper's.
        rate_factor: learning rate of W and b, in learning rates of the model.
    """

    def __init__(
        self,
        mode: RatioMode = "clean",
        lam0: float = 0.5,
        entropy_norm: EntropyNorm = "none",
        rate_factor: float = 1.0,
    ) -> None:
        super().__init__()
        self._mode, self._lam0, self._norm, self._factor = mode, lam0, entropy_norm, rate_factor
        learned = mode == "clean"
        self.weight = nn.Parameter(torch.ones(1), requires_grad=learned)
        self.bias = nn.Parameter(torch.zeros(1), requires_grad=learned)

    @property
    def slope(self) -> Tensor:
        """The scalar W."""
        return 1 + self._factor * (self.weight - 1)

    @property
    def offset(self) -> Tensor:
        """The scalar b."""
        return self._factor * self.bias

    def forward(self, s: Tensor, target: Tensor, source: Tensor) -> "Ratio":
        """Return the ratio of each row, and the entropy it comes from.

        Args:
            s: scores before any dropout, shape [rows, heads, length_t, length_s].
            target: real positions, shape [rows, length_t], bool.
            source: real positions, shape [rows, length_s], bool.
        """
        entropy = released_entropy if self._mode == "released" else clean_entropy
        h = entropy(s, target, source)
        if self._norm == "log_length":
            h = h / (target.sum(-1).float().log() + source.sum(-1).float().log())
        if self._mode == "fixed":
            return Ratio(torch.full_like(h, self._lam0), h)
        return Ratio(self._lam0 * (self.slope * h + self.offset).sigmoid(), h)


@dataclass(frozen=True)
class Ratio:
    """The mixing ratio of each row, and what it was made of.

    Attributes:
        lam: shape [rows].
        entropy: H, shape [rows].
    """

    lam: Tensor
    entropy: Tensor


def gold_share(step: int, k: float) -> float:
    """Return p = k / (k + exp(i / k)), the chance of gold source text at step i.

    The inverse-sigmoid decay of scheduled sampling, written as sigmoid(ln k - i / k): exp(i / k)
    would overflow. p is one half at i = k ln k.

    Args:
        step: i, from 0.
        k: > 0; the larger, the slower.

    Returns:
        In (0, 1).

    Example:
        >>> round(gold_share(4000, 1000), 4), round(gold_share(10000, 1000), 4)
        (0.9482, 0.0434)
    """
    x = math.log(k) - step / k
    return 1 / (1 + math.exp(-x)) if x > 0 else math.exp(x) / (1 + math.exp(x))
