"""The loss of X-Mixup in a run: two streams, one mixed layer, both tasks, and consistency."""

import hashlib
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn

from isogloss.data import Batch, choose_rows
from isogloss.models import Crossing, Stream
from isogloss.objectives import LanguageLosses, Targets
from isogloss.training import BuildContext
from isogloss.treatments.objectives.kinds import (
    TASK_KINDS,
    by_language,
    encoder_of,
    every_row,
    kl,
    taught_losses,
    unlabelled,
)
from isogloss.treatments.objectives.x_mixup.mixing import MixingRatio, Ratio, gold_share, mixed
from isogloss.treatments.objectives.x_mixup.treatment import XMixupObjective


@dataclass(frozen=True)
class TwoStreams:
    """What the encoder makes of rows and their sources.

    Attributes:
        target: last hidden vectors, shape [rows, length_t, hidden].
        source: the same of the sources, shape [rows, length_s, hidden].
        ratio: of each row; None where nothing was mixed.
    """

    target: Tensor
    source: Tensor
    ratio: Ratio | None


def two_streams(
    classifier: nn.Module, target: Batch, source: Batch, layer: int, *, mixes: bool = True
) -> TwoStreams:
    """Run rows and their sources through an encoder that mixes them in one layer.

    Args:
        classifier: an encoder with a head, and `mixing`, a `MixingRatio`.
        target: the rows.
        source: their sources, row by row.
        layer: that mixes, from 0; before and after it the streams are apart.
        mixes: without, both are the plain encoder's.
    """
    encoder, mixing = encoder_of(classifier), classifier.get_submodule("mixing")
    t, s = (
        Stream.opened(encoder, one.input_ids, one.attention_mask, one.routing)
        for one in (target, source)
    )
    n, ratios = encoder.n_layers, list[Ratio]()

    def mix(crossing: Crossing) -> Tensor:
        ratios.append(mixing(crossing.scores, crossing.target, crossing.source))
        return mixed(crossing, ratios[0].lam)

    if not mixes:
        return TwoStreams(t.through(0, n).closed(), s.through(0, n).closed(), None)
    t, s = t.through(0, layer).crossed(s.through(0, layer), layer, mix)
    t, s = t.through(layer + 1, n), s.through(layer + 1, n)
    return TwoStreams(t.closed(), s.closed(), ratios[0])


class RunningXMixup:
    """X-Mixup's loss of one run; see `Objective` for the contract.

    L = L_task + w_mse L_mse + w_kl L_kl, each the mean over the batch, with
    L_task = alpha L_s + (1 - alpha) L_t, and L_t alone for tags and answers where the source was
    translated back: nobody labelled that text. L_mse is the mean squared difference of the two
    vectors, L_kl = KL(p_s || p_t) of the two class distributions. Nothing is detached, unless
    asked for.
    """

    def __init__(self, spec: XMixupObjective, context: BuildContext) -> None:
        self._spec, self._kind = spec, TASK_KINDS[spec.kind]
        self._n_languages, self._seed = len(context.languages), context.seed
        self._special = torch.tensor(context.tokenizer.special_ids)
        sizes = [len(one) for one in context.material.values()]
        self._epoch = max(sum(sizes) // context.rows, 1)
        self._teacher = context.teacher if spec.is_taught else None
        self._ratio: Ratio | None = None

    def prepare(self, batch: Batch, update: int) -> Targets:
        """Choose the source of each row: the gold text, or its translation back."""
        gold = batch.beside["source"]
        source = gold
        if self._spec.sampling != "gold":
            back = batch.beside["back"]
            back = back if self._spec.kind == "classification" else unlabelled(back)
            which = (~self._is_gold(len(batch.language), update)).long()
            source = choose_rows([gold, back], which)
        return every_row(replace(batch, beside={"source": source}), self._n_languages)

    def _is_gold(self, n_rows: int, update: int) -> Tensor:
        """Return which rows have gold sources at an update, shape [rows], bool."""
        spec = self._spec
        if spec.sampling == "back":
            return torch.zeros(n_rows, dtype=torch.bool)
        step = update
        if spec.sampling == "per_epoch":
            step = update // self._epoch * self._epoch
        digest = hashlib.sha256(f"x_mixup\n{self._seed}\n{step}".encode()).digest()
        generator = torch.Generator().manual_seed(int.from_bytes(digest[:4], "little"))
        n_coins = n_rows if spec.sampling == "per_example" else 1
        coins = torch.rand(n_coins, generator=generator)
        return (coins < gold_share(step, spec.p_k)).expand(n_rows)

    def losses(self, model: nn.Module, targets: Targets) -> LanguageLosses:
        """Sum the loss of the rows of each language."""
        spec, kind, target = self._spec, self._kind, targets.batch
        source = target.beside["source"]
        layer = spec.layer_of(encoder_of(model).n_layers)
        streams = two_streams(model, target, source, layer, mixes=spec.mixes)
        self._ratio = streams.ratio
        z_t, z_s = kind.logits(model, streams.target), kind.logits(model, streams.source)
        l_s, l_t = kind.losses(z_s, source), self._target_losses(z_t, target)
        both = spec.alpha * l_s + (1 - spec.alpha) * l_t
        loss = torch.where(kind.labelled(source), both, l_t)
        r_s, r_t = (
            kind.vector(hidden, view, self._special)
            for hidden, view in ((streams.source, source), (streams.target, target))
        )
        if spec.detach == "source":
            r_s, z_s = r_s.detach(), z_s.detach()
        if spec.mse_weight:
            loss = loss + spec.mse_weight * (r_s - r_t).float().square().mean(-1)
        if spec.kl_weight and spec.kind == "classification":
            p_s, p_t = kind.log_chances(z_s, source), kind.log_chances(z_t, target)
            loss = loss + spec.kl_weight * kl(p_s, p_t)
        return by_language(loss, targets)

    def _target_losses(self, logits: Tensor, target: Batch) -> Tensor:
        """Return L_t: of the labels that rows have, or of what the teacher says of their words."""
        if self._teacher is None:
            return self._kind.losses(logits, target)
        return taught_losses(logits, target, self._teacher, self._spec.teacher_temperature)

    def metrics(self) -> dict[str, float]:
        """Return the mixing ratio of the last batch: mean, spread, and the entropy it follows."""
        if self._ratio is None:
            return {}
        lam, entropy = self._ratio.lam.detach().float(), self._ratio.entropy.detach().float()
        return {
            "mixing_ratio": float(lam.mean()),
            "mixing_ratio_spread": float(lam.std(unbiased=False)),
            "mixing_entropy": float(entropy.mean()),
        }


def predict(spec: XMixupObjective, classifier: nn.Module, target: Batch, source: Batch) -> Tensor:
    """Return the logits of rows that are read beside their sources.

    Classes are predicted from the mean of both streams' logits where `eval_logits` says so; words
    and answers from the target's.
    """
    kind = TASK_KINDS[spec.kind]
    layer = spec.layer_of(encoder_of(classifier).n_layers)
    streams = two_streams(classifier, target, source, layer, mixes=spec.mixes)
    z_t = kind.logits(classifier, streams.target)
    if spec.kind == "classification" and spec.eval_logits == "mean":
        return (z_t + kind.logits(classifier, streams.source)) / 2
    return z_t


def equip(spec: XMixupObjective, classifier: nn.Module) -> None:
    """Give a classifier the scalars of the mixing ratio; refuse a layer that it lacks."""
    spec.layer_of(encoder_of(classifier).n_layers)
    ratio = MixingRatio(spec.ratio, spec.lam0, spec.entropy_norm, spec.ratio_rate_factor)
    classifier.add_module("mixing", ratio.to(next(classifier.parameters()).device))
