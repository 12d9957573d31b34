"""What gates are learned by: the loss of each language on its own text, for many sets at once."""

import dataclasses
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from isogloss.core import Language
from isogloss.data import Batch, EncodedCorpus, Tokenizer
from isogloss.diagnosis.sharing.gates import GatePlace, gated
from isogloss.models import MultilingualModel
from isogloss.objectives import MaskedLM, Targets

Criterion = Literal["masked_lm", "representation"]


@dataclass(frozen=True, eq=False)
class GatedText:
    """The text that each set of gates reads, and what it has to keep of the model.

    By `masked_lm` a set keeps what predicts masked tokens of its language: the loss of Wang, Lipton
    and Tsvetkov (2020), in nats per masked token. By `representation` it keeps what makes the
    model's own last hidden vectors: the squared distance from those of the whole model, over their
    variance; 0 = all is kept, 1 = as good as one vector for every token. That needs no head, so it
    can be asked of an encoder that has none, or whose head was never trained.

    Args:
        model: frozen by the caller.
        places: of the gates.
        corpora: encoded text by language.
        sets: language and seed of each set, sets of one language next to one another, in the order
            of the model's languages.
        tokenizer: of the model.
        rows: of a set in a batch.
        length: tokens of a row.
        rate: share of the tokens that are masked.
        criterion: see above.
    """

    model: MultilingualModel
    places: tuple[GatePlace, ...]
    corpora: dict[Language, EncodedCorpus]
    sets: Sequence[tuple[Language, int]]
    tokenizer: Tokenizer
    rows: int = 8
    length: int = 64
    rate: float = 0.15
    criterion: Criterion = "masked_lm"

    def __call__(self, update: int, gates: Tensor) -> Tensor:
        """Return the mean loss of each set on its text of an update, shape [sets].

        Args:
            update: number that the text follows from.
            gates: shape [sets * samples, gates]: the rows of a set are divided among its samples.
        """
        if self.criterion == "representation":
            return self._distances(self.batch(update), gates)
        return self._masked_lm(self._targets(update), gates)

    def only(self, some: slice) -> "GatedText":
        """Return the same for some of the sets."""
        return dataclasses.replace(self, sets=self.sets[some])

    @cached_property
    def _sets_of_rows(self) -> Tensor:
        return torch.arange(len(self.sets)).repeat_interleave(self.rows)

    def _samples_of_rows(self, gates: Tensor) -> Tensor:
        """Return which row of `gates` each sequence goes through."""
        n = len(self.sets) * self.rows
        assert n % len(gates) == 0, "the samples of a set divide its rows"
        return torch.arange(len(gates)).repeat_interleave(n // len(gates))

    def _set_batch(self, number: int, update: int) -> Batch:
        """Return the rows of one set: windows of its language drawn by its seed and the update."""
        language, seed = self.sets[number]
        corpus = self.corpora[language]
        key = f"rows\n{language}\n{seed}\n{update}".encode()
        draw = np.random.default_rng(list(hashlib.sha256(key).digest()[:8]))
        ids = corpus.rows(draw.integers(corpus.windows(self.length), size=self.rows), self.length)
        index = self.model.languages.index(language)
        return Batch(torch.from_numpy(ids), None, torch.full((self.rows,), index))

    def batch(self, update: int) -> Batch:
        """Return the text of all sets at an update, unmasked, set after set."""
        batches = [self._set_batch(number, update) for number in range(len(self.sets))]
        ids, language = (
            torch.cat([getattr(one, name) for one in batches]) for name in ("input_ids", "language")
        )
        return Batch(ids, None, language)

    def _targets(self, update: int) -> Targets:
        """Mask each set by its own seed, so that it reads the same whatever stands beside it."""
        n_languages = len(self.model.languages)
        made = [
            MaskedLM(self.rate, self.tokenizer, n_languages, seed).prepare(
                self._set_batch(number, update), update
            )
            for number, (_, seed) in enumerate(self.sets)
        ]
        assert all(one.column is not None for one in made)
        batch = Batch(
            torch.cat([one.batch.input_ids for one in made]),
            None,
            torch.cat([one.batch.language for one in made]),
        )
        row = torch.cat([one.row + number * self.rows for number, one in enumerate(made)])
        column = torch.cat([one.column for one in made if one.column is not None])
        labels = torch.cat([one.labels for one in made])
        return Targets.of(batch, row, column, labels, n_languages)

    def _masked_lm(self, targets: Targets, gates: Tensor) -> Tensor:
        chosen = self._sets_of_rows[targets.row]
        batch, samples = targets.batch, self._samples_of_rows(gates)
        with gated(self.places, gates, samples, samples[targets.row]):
            logits = self.model(
                batch.input_ids,
                None,
                batch.routing,
                targets.positions(self.length),
                targets.routing,
            )
        nats = cross_entropy(logits.float(), targets.labels, reduction="none")
        total = torch.zeros(len(self.sets)).index_add(0, chosen, nats)
        return total / torch.bincount(chosen, minlength=len(self.sets))

    def _distances(self, batch: Batch, gates: Tensor) -> Tensor:
        with torch.no_grad():
            whole = self._by_set(self.model.encode(batch.input_ids, None, batch.routing))
        with gated(self.places, gates, self._samples_of_rows(gates)):
            hidden = self._by_set(self.model.encode(batch.input_ids, None, batch.routing))
        spread = (whole - whole.mean(1, keepdim=True)).square().sum((1, 2))
        return (hidden - whole).square().sum((1, 2)) / spread

    def _by_set(self, hidden: Tensor) -> Tensor:
        """[rows, length, hidden] -> [sets, tokens, hidden]."""
        return hidden.reshape(len(self.sets), -1, hidden.shape[-1])
