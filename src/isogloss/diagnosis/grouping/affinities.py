"""How near languages are to one another in a model: by gradients, looks ahead and updates.

Reference:
    Fifty, Amid, Zhao, Yu, Anil, Finn. Efficiently Identifying Task Groupings for Multi-Task
    Learning. NeurIPS 2021: the look-ahead. https://arxiv.org/abs/2109.04617
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from isogloss.core import Language
from isogloss.data import EncodedCorpus, Tokenizer
from isogloss.diagnosis.sharing.gates import GatePlace, frozen, gate_places
from isogloss.diagnosis.sharing.losses import GatedText
from isogloss.diagnosis.similarity import centroid_distance
from isogloss.models import MultilingualModel

Row = dict[str, Any]
Matrix = NDArray[np.float64]

OF_MODEL: Final = ("gradient", "look_ahead", "deviation")
"""Affinities that a model is asked for; the others need none."""


@dataclass(frozen=True)
class AffinitySettings:
    """How affinities are measured.

    Attributes:
        batches: of text, each of them a repetition.
        rows: sequences per batch and language.
        length: tokens of a sequence.
        step: length of a look ahead, over the norm of the weights.
        updates: of each language's own before its weights are compared.
        learning_rate: of these (Adam).
    """

    batches: int = 8
    rows: int = 8
    length: int = 64
    step: float = 0.003
    updates: int = 10
    learning_rate: float = 3e-4


@dataclass(frozen=True)
class Affinities:
    """What a model says of its languages.

    Attributes:
        languages: in the order of both axes.
        gradient: mean cosine of gradients; a language with itself is the control, from other text.
        look_ahead: per batch, [batches, languages, languages]: the share of its loss that the
            second language wins when the first one takes a step.
        deviation: cosine of what a few updates on one language alone did to the weights; the
            diagonal is nan.
        moved: one row per language and half of a layer: how far its weights went.
    """

    languages: tuple[Language, ...]
    gradient: Matrix
    look_ahead: NDArray[np.float64]
    deviation: Matrix
    moved: tuple[Row, ...]

    def matrices(self) -> dict[str, Matrix]:
        """Return each of `OF_MODEL`, [languages, languages]."""
        ahead = self.look_ahead.mean(axis=0)
        return dict(zip(OF_MODEL, (self.gradient, ahead, self.deviation), strict=True))

    def predicted(self, groups: Sequence[int]) -> list[Row]:
        """Return what a step with one's group gives a language, beside a step with all.

        Args:
            groups: of each language.

        Returns:
            Per language: the mean share of its loss that one step of a language wins it, for the
            others of its group and for all others; the difference with its interval (95 %, over
            batches). Of one step: how it adds up over a training is not predicted.
        """
        return [self._predicted(place, groups) for place in range(len(self.languages))]

    def _predicted(self, place: int, groups: Sequence[int]) -> Row:
        others = np.array([one != place for one in range(len(groups))])
        mates = others & (np.asarray(groups) == groups[place])
        won = self.look_ahead[:, :, place]
        # A language alone takes its own step in place of the others'.
        own = won[:, mates].mean(1) if mates.any() else won[:, place]
        gain = own - won[:, others].mean(1)
        half = 1.96 * gain.std(ddof=1) / math.sqrt(len(gain)) if len(gain) > 1 else math.nan
        return {
            "language": str(self.languages[place]),
            "group": int(groups[place]),
            "alone": not mates.any(),
            "with_group": float(own.mean()),
            "with_all": float(won[:, others].mean()),
            "gain": float(gain.mean()),
            "ci_low": float(gain.mean() - half),
            "ci_high": float(gain.mean() + half),
        }


def measure_affinities(
    model: MultilingualModel,
    tokenizer: Tokenizer,
    corpora: Callable[[Language, str], EncodedCorpus],
    languages: Sequence[Language],
    settings: AffinitySettings | None = None,
) -> Affinities:
    """Measure gradient cosines, looks ahead and parameter deviation on the shared linear maps.

    The model has its weights back afterwards, to the bit.

    Args:
        model: finished, with a trained masked-LM head.
        tokenizer: of the model.
        corpora: (language, split) -> text; `train` is read.
        languages: of the model, in its order.
        settings: how.

    Returns:
        The affinities.
    """
    chosen = settings or AffinitySettings()
    text = _text(model, tokenizer, corpora, languages, chosen)
    places = text.places
    weights = [one.module.weight for one in places]
    with frozen(model):
        for one in weights:
            one.requires_grad_(True)
        gradient, ahead = _looked_at(text, weights, chosen)
        deviation, moved = _deviations(text, places, chosen)
    return Affinities(tuple(languages), gradient, ahead, deviation, tuple(moved))


def representation_affinity(
    model: MultilingualModel,
    tokenizer: Tokenizer,
    corpora: Callable[[Language, str], EncodedCorpus],
    languages: Sequence[Language],
    settings: AffinitySettings | None = None,
) -> Matrix:
    """Return how near the centroids of the languages' last hidden vectors are.

    The negative distance of two centroids over the first language's own spread
    (`centroid_distance`), over sequences of running text: no translation is needed, and no head.

    Args:
        model: finished.
        tokenizer: of the model.
        corpora: (language, split) -> text; `train` is read.
        languages: of the model, in its order.
        settings: how much text.

    Returns:
        Shape [languages, languages]; the diagonal is 0.
    """
    chosen = settings or AffinitySettings()
    text = _text(model, tokenizer, corpora, languages, chosen)
    parts: list[Tensor] = []
    with frozen(model), torch.no_grad():
        for update in range(chosen.batches):
            batch = text.batch(update)
            hidden = model.encode(batch.input_ids, None, batch.routing).mean(dim=1)
            parts.append(hidden.reshape(len(languages), chosen.rows, -1))
    rows = torch.cat(parts, dim=1).double().numpy()
    return np.array([[-centroid_distance(a, b).relative for b in rows] for a in rows])


def _text(
    model: MultilingualModel,
    tokenizer: Tokenizer,
    corpora: Callable[[Language, str], EncodedCorpus],
    languages: Sequence[Language],
    chosen: AffinitySettings,
) -> GatedText:
    """Return the training text of each language, one set of gates for each."""
    return GatedText(
        model,
        gate_places(model, "columns"),
        {one: corpora(one, "train") for one in languages},
        [(one, 0) for one in languages],
        tokenizer,
        chosen.rows,
        chosen.length,
    )


def _loss(text: GatedText, number: int, update: int) -> Tensor:
    """Return the loss of one language, all gates open."""
    one = text.only(slice(number, number + 1))
    return one(update, torch.ones(1, sum(place.n_gates for place in text.places)))[0]


def _looked_at(
    text: GatedText, weights: Sequence[Tensor], chosen: AffinitySettings
) -> tuple[Matrix, NDArray[np.float64]]:
    """Return mean cosines and, per batch, what each language's step does to each one's loss."""
    n = len(text.sets)
    norm = math.sqrt(sum(float(one.detach().square().sum()) for one in weights))
    cosines = np.zeros((chosen.batches, n, n))
    ahead = np.zeros((chosen.batches, n, n))
    open_ = torch.ones(n, sum(place.n_gates for place in text.places))
    kept = [one.detach().clone() for one in weights]
    for batch in range(chosen.batches):
        # Two independent batches of each language, and a third that the looks ahead are read on.
        first, second = (
            torch.stack([_gradient(text, weights, one, 3 * batch + part) for one in range(n)])
            for part in (0, 1)
        )
        cosines[batch] = (first @ second.T).double().numpy()
        with torch.no_grad():
            before = text(3 * batch + 2, open_)
            for language in range(n):
                _step(weights, first[language], -chosen.step * norm)
                ahead[batch, language] = (1 - text(3 * batch + 2, open_) / before).double().numpy()
                _restore(weights, kept)
    mean = cosines.mean(axis=0)
    return (mean + mean.T) / 2, ahead


def _gradient(text: GatedText, weights: Sequence[Tensor], number: int, update: int) -> Tensor:
    """Return the gradient of one language, of length 1, all maps one after the other."""
    parts = torch.autograd.grad(_loss(text, number, update), list(weights))
    flat = torch.cat([one.flatten() for one in parts])
    return flat / flat.norm()


@torch.no_grad()
def _step(weights: Sequence[Tensor], direction: Tensor, length: float) -> None:
    parts = direction.split([one.numel() for one in weights])
    for weight, part in zip(weights, parts, strict=True):
        weight.add_(part.view_as(weight), alpha=length)


@torch.no_grad()
def _restore(weights: Sequence[Tensor], kept: Sequence[Tensor]) -> None:
    for weight, value in zip(weights, kept, strict=True):
        weight.copy_(value)


def _deviations(
    text: GatedText, places: Sequence[GatePlace], chosen: AffinitySettings
) -> tuple[Matrix, list[Row]]:
    """Train on each language alone for a few updates, and compare where the weights went."""
    weights = [one.module.weight for one in places]
    kept = [one.detach().clone() for one in weights]
    went: list[Tensor] = []
    rows: list[Row] = []
    for number, (language, _) in enumerate(text.sets):
        optimizer = torch.optim.Adam(weights, lr=chosen.learning_rate)
        for update in range(chosen.updates):
            optimizer.zero_grad()
            _loss(text, number, 3 * chosen.batches + update).backward()
            optimizer.step()
        optimizer.zero_grad()
        changes = [one.detach() - was for one, was in zip(weights, kept, strict=True)]
        _restore(weights, kept)
        went.append(torch.cat([one.flatten() for one in changes]))
        rows += _moved(str(language), places, changes, kept)
    flat = torch.nn.functional.normalize(torch.stack(went), dim=1)
    found = (flat @ flat.T).double().numpy()
    np.fill_diagonal(found, np.nan)
    return found, rows


def _moved(
    language: str, places: Sequence[GatePlace], changes: Sequence[Tensor], kept: Sequence[Tensor]
) -> list[Row]:
    squares: dict[tuple[int, str], list[tuple[float, float]]] = {}
    for place, change, was in zip(places, changes, kept, strict=True):
        both = float(change.square().sum()), float(was.square().sum())
        squares.setdefault((place.layer, place.sublayer), []).append(both)
    return [
        {
            "language": language,
            "layer": layer,
            "sublayer": sublayer,
            "relative_distance": math.sqrt(
                sum(moved for moved, _ in parts) / sum(was for _, was in parts)
            ),
        }
        for (layer, sublayer), parts in squares.items()
    ]
