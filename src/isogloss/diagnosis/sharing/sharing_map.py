"""The sharing map: which parts of a finished model each language keeps, and how alike these are."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import combinations_with_replacement
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from isogloss.core import InputError, Language
from isogloss.data import EncodedCorpus, Tokenizer
from isogloss.diagnosis.sharing.gates import (
    GateKind,
    GatePlace,
    Sublayer,
    frozen,
    gate_places,
    gate_sizes,
)
from isogloss.diagnosis.sharing.hard_concrete import expected_density, resting_gates
from isogloss.diagnosis.sharing.learning import GateFile, GateTraining, Tell, learn_gates
from isogloss.diagnosis.sharing.losses import Criterion, GatedText
from isogloss.diagnosis.sharing.similarity import (
    corrected,
    histogram,
    permuted,
    quadrants,
    similarities,
)
from isogloss.models import MultilingualModel

Row = dict[str, Any]
Corpora = Callable[[Language, str], EncodedCorpus]
"""(language, split) -> encoded text."""

# Batches of held-out text that the learned gates are tested on.
_TESTED: Final = 8


@dataclass(frozen=True)
class SharingSettings:
    """How a sharing map is made.

    Attributes:
        kind: of the gates, see `gate_places`.
        criterion: what a language has to keep, see `GatedText`.
        n_seeds: sets of gates per language; two and more give the same-language control.
        rows: sequences per update of each set.
        length: tokens of a sequence.
        training: of the gates.
    """

    kind: GateKind = "columns"
    criterion: Criterion = "masked_lm"
    n_seeds: int = 2
    rows: int = 8
    length: int = 64
    training: GateTraining = field(default_factory=GateTraining)


@dataclass(frozen=True)
class Block:
    """One half of a layer.

    Attributes:
        layer: its number, from 0.
        sublayer: attention or feed-forward part.
        gates: indices of its gates.
    """

    layer: int
    sublayer: Sublayer
    gates: NDArray[np.int64]


@dataclass(frozen=True)
class SharingMap:
    """The learned gates of each language.

    Attributes:
        languages: in the order of the first axis of `logits`.
        blocks: halves of layers, first to last.
        logits: pi, shape [languages, seeds, gates].
        kept: one row per language and seed: what the gates keep and what that costs.
    """

    languages: tuple[Language, ...]
    blocks: tuple[Block, ...]
    logits: NDArray[np.float64]
    kept: tuple[Row, ...]

    def rows(self) -> list[Row]:
        """Return one row per half of a layer and pair of languages.

        A language beside itself is the same-language control: two seeds of the same model. The
        means are over pairs of seeds; `permuted` is the control without any relation, `corrected`
        is Pearson's correlation over what the two controls allow.
        """
        return [row for block in self.blocks for row in self._rows_of(block)]

    def _rows_of(self, block: Block) -> Iterator[Row]:
        vectors = [list(of_seeds) for of_seeds in self.logits[:, :, block.gates]]
        found = {
            (a, b): similarities(vectors[a], vectors[b])
            for a, b in combinations_with_replacement(range(len(vectors)), 2)
        }
        for (a, b), measures in found.items():
            controls = found[a, a]["pearson"], found[b, b]["pearson"]
            means = [np.mean(vectors[one], axis=0) for one in (a, b)]
            yield {
                "layer": block.layer,
                "sublayer": block.sublayer,
                "language_a": str(self.languages[a]),
                "language_b": str(self.languages[b]),
                "n_gates": len(block.gates),
                **measures,
                "permuted": permuted(vectors[a][0], vectors[b][-1]),
                "corrected": corrected(measures["pearson"], *controls),
                **asdict(quadrants(*means)),
            }

    def histogram_rows(self) -> list[Row]:
        """Return the bins of each pair of languages, over attention and feed-forward apart."""
        return [
            {
                "sublayer": sublayer,
                "language_a": str(self.languages[a]),
                "language_b": str(self.languages[b]),
                **row,
            }
            for sublayer, gates in self._gates_by_sublayer().items()
            for a in range(len(self.languages))
            for b in range(len(self.languages))
            if a != b
            for row in histogram(*self.logits[:, :, gates].mean(axis=1)[[a, b]])
        ]

    def _gates_by_sublayer(self) -> dict[str, NDArray[np.int64]]:
        names = dict.fromkeys(block.sublayer for block in self.blocks)
        return {
            name: np.concatenate([one.gates for one in self.blocks if one.sublayer == name])
            for name in names
        }


def measure_sharing(
    model: MultilingualModel,
    tokenizer: Tokenizer,
    corpora: Corpora,
    languages: Sequence[Language],
    settings: SharingSettings | None = None,
    *,
    held_out: str = "dev",
    keep: GateFile | None = None,
    tell: Tell = lambda _: None,
) -> SharingMap:
    """Learn gates for each language on a frozen model, and compare them.

    The weights are not touched. All languages and seeds are learned in the same passes.

    Args:
        model: finished; language-specific modules in it stay in use and get no gates.
        tokenizer: of the model.
        corpora: (language, split) -> text; gates are learned on `train`.
        languages: of the model, in its order.
        settings: how.
        held_out: split that the gates are tested on.
        keep: file from which an interrupted call goes on.
        tell: is told how far it is.

    Returns:
        The map.

    Raises:
        InputError: fewer than two languages, or text shorter than one sequence.

    Reference:
        Wang, Lipton, Tsvetkov. On Negative Interference in Multilingual Models: Findings and A
        Meta-Learning Treatment. EMNLP 2020, section 3. https://arxiv.org/abs/2010.03017
    """
    chosen = settings or SharingSettings()
    sets = [(language, seed) for language in languages for seed in range(chosen.n_seeds)]
    places = gate_places(model, chosen.kind)
    sizes = gate_sizes(places)
    text, test = (
        GatedText(
            model,
            places,
            _readable(corpora, languages, split, chosen.length),
            sets,
            tokenizer,
            chosen.rows,
            chosen.length,
            criterion=chosen.criterion,
        )
        for split in ("train", held_out)
    )
    logits: list[Tensor] = []
    kept: list[Row] = []
    with frozen(model):
        _refuse_untrained_head(test, len(sizes), tokenizer.vocabulary_size)
        for some in _together(model, len(sets)):
            part = None if keep is None else keep.part(some.start)
            seeds = [seed for _, seed in sets[some]]
            found = learn_gates(
                text.only(some),
                sizes,
                seeds,
                chosen.training,
                samples=_samples(model, chosen),
                keep=part,
                tell=tell,
            )
            logits.append(found)
            kept += _kept(test.only(some), found, chosen)
    shape = (len(languages), chosen.n_seeds, len(sizes))
    table = torch.cat(logits).double().numpy().reshape(shape)
    return SharingMap(tuple(languages), _blocks(places), table, tuple(kept))


def _samples(model: MultilingualModel, chosen: SharingSettings) -> int:
    """Return how many random gates a set is given per update: one per row, where maps allow it."""
    one_by_one = chosen.kind == "weights" or model.attachment.maps_positions
    return 1 if one_by_one else chosen.rows


def _together(model: MultilingualModel, n_sets: int) -> list[slice]:
    """Return which sets are learned in one pass.

    All of them, but where maps are given positions besides, which are in no row: one by one there.
    """
    step = 1 if model.attachment.maps_positions else n_sets
    return [slice(first, first + step) for first in range(0, n_sets, step)]


@torch.no_grad()
def _refuse_untrained_head(test: GatedText, n_gates: int, vocabulary: int) -> None:
    """Refuse masked LM where the whole model guesses no better than at random."""
    if test.criterion != "masked_lm":
        return
    first = test.only(slice(0, 1))
    nats = float(first(0, torch.ones(1, n_gates)))
    if not nats < math.log(vocabulary):
        raise InputError(
            expected="a masked-LM head that was trained",
            found=f"a loss of {nats:.1f} nats; guessing at random has {math.log(vocabulary):.1f}",
            where="the model whose sharing is asked for",
            next_step="Ask by representation, which needs no head, or train the head first.",
        )


def _readable(
    corpora: Corpora, languages: Sequence[Language], split: str, length: int
) -> dict[Language, EncodedCorpus]:
    """Return the text of each language, if there is enough of it."""
    found = {language: corpora(language, split) for language in languages}
    _refuse_unfit(found, length)
    return found


def _refuse_unfit(corpora: Mapping[Language, EncodedCorpus], length: int) -> None:
    if len(corpora) < 2:
        raise InputError(
            expected="two languages or more: what is shared is shared between languages",
            found=", ".join(map(str, corpora)) or "none",
            where="the languages of the sharing map",
            next_step="Name another language of the model.",
        )
    for language, corpus in corpora.items():
        if corpus.windows(length) < 1:
            raise InputError(
                expected=f"text for at least one sequence of {length} tokens",
                found=f"{corpus.n_tokens} tokens",
                where=f"text of {language}",
                next_step="Add text, or ask for shorter sequences.",
            )


def _blocks(places: Sequence[GatePlace]) -> tuple[Block, ...]:
    """Group the gates of the maps of one half of a layer."""
    indices: dict[tuple[int, Sublayer], list[NDArray[np.int64]]] = {}
    begin = 0
    for place in places:
        own = np.arange(begin, begin + place.n_gates)
        indices.setdefault((place.layer, place.sublayer), []).append(own)
        begin += place.n_gates
    return tuple(
        Block(layer, sublayer, np.concatenate(parts))
        for (layer, sublayer), parts in indices.items()
    )


@torch.no_grad()
def _kept(text: GatedText, logits: Tensor, chosen: SharingSettings) -> list[Row]:
    """Test the gates at rest, beside all gates open and beside as many open ones at random."""
    density = expected_density(logits, gate_sizes(text.places), chosen.training.temperature)
    gates = resting_gates(logits)
    losses = [
        torch.stack([text(update, one) for update in range(_TESTED)]).mean(0)
        for one in (torch.ones_like(gates), gates, _shuffled(gates, text.places))
    ]
    columns = zip(text.sets, density, (gates > 0).float().mean(1), *losses, strict=True)
    return [
        {
            "language": str(language),
            "seed": seed,
            "density": float(kept),
            "open": float(share),
            "loss_whole": float(whole),
            "loss_gated": float(gated),
            "loss_random": float(random),
        }
        for (language, seed), kept, share, whole, gated, random in columns
    ]


def _shuffled(gates: Tensor, places: Sequence[GatePlace]) -> Tensor:
    """Shuffle the gates of each set within each map: as many are open, others."""
    generator = torch.Generator().manual_seed(0)
    parts = gates.split([one.n_gates for one in places], dim=1)
    return torch.cat(
        [
            torch.stack([row[torch.randperm(len(row), generator=generator)] for row in part])
            for part in parts
        ],
        dim=1,
    )
