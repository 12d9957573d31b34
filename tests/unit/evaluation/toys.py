"""A vocabulary, a text and a model that are small enough for every test of this room."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from isogloss.core import Language
from isogloss.data import Routing
from isogloss.evaluation import Cell

SWAHILI, ENGLISH = Language.parse("swa-Latn"), Language.parse("eng-Latn")
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def by_row(language: Tensor | Routing) -> Tensor:
    """Return the language index of each row."""
    if isinstance(language, Tensor):
        return language
    grouped = torch.tensor(language.languages).repeat_interleave(torch.tensor(language.counts))
    if language.order is None:
        return grouped
    return torch.empty_like(grouped).index_copy(0, language.order, grouped)


class LetterTokenizer:
    """One id a letter; ids 0 to 4 are pad, mask, cls, sep and unknown."""

    pad_id, mask_id, cls_id, sep_id, unk_id = range(5)
    special_ids = (0, 1, 2, 3, 4)
    vocabulary_size = 5 + len(LETTERS)
    fingerprint = "letters"

    @property
    def bytes_per_id(self) -> NDArray[np.int64]:
        return np.array([0] * 5 + [1 + index % 3 for index in range(len(LETTERS))])

    def encode(self, lines: Sequence[str]) -> list[list[int]]:
        return [[5 + LETTERS.index(letter) for letter in line if letter != " "] for line in lines]

    def encode_with_spans(
        self, texts: Sequence[str]
    ) -> list[tuple[list[int], list[tuple[int, int]]]]:
        spans = [[(n, n + 1) for n, one in enumerate(text) if one != " "] for text in texts]
        return list(zip(self.encode(texts), spans, strict=True))

    def encode_words(self, words: Sequence[str]) -> tuple[list[int], list[int]]:
        ids, first = [], []
        for word in words:
            first.append(len(ids) if word else -1)
            ids += self.encode([word])[0]
        return ids, first


@dataclass
class LetterCorpus:
    """Text in memory with the face of `EncodedCorpus`."""

    tokens: NDArray[np.int64]
    path: Path = field(default=Path("letters"))

    @property
    def n_tokens(self) -> int:
        return len(self.tokens)

    def windows(self, length: int) -> int:
        return self.n_tokens // (length - 1)

    def rows(self, indices: NDArray[np.int64], length: int) -> NDArray[np.int64]:
        starts = np.asarray(indices) * (length - 1)
        text = self.tokens[starts[:, None] + np.arange(length - 1)]
        return np.concatenate([np.full((len(starts), 1), LetterTokenizer.cls_id), text], axis=1)


def letter_corpus(n_tokens: int = 400) -> LetterCorpus:
    generator = np.random.default_rng(3)
    tokens = generator.integers(5, LetterTokenizer.vocabulary_size, n_tokens)
    tokens[::23] = LetterTokenizer.sep_id
    return LetterCorpus(tokens)


class ToyEncoder(nn.Module):
    """Embeddings mixed over the row, with a bias for each language and dropout in training."""

    def __init__(self, n_languages: int = 2, hidden_size: int = 16) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(1)
        self.hidden_size = hidden_size
        sizes = (LetterTokenizer.vocabulary_size, hidden_size)
        self.embedding = nn.Parameter(torch.randn(sizes, generator=generator))
        self.bias = nn.Parameter(torch.randn((n_languages, hidden_size), generator=generator))
        self.dropout = nn.Dropout(0.5)
        self.calls: list[tuple[int, int]] = []

    def encode(
        self, input_ids: Tensor, attention_mask: Tensor | None, language: Tensor | Routing
    ) -> Tensor:
        assert not torch.is_grad_enabled() or self.training
        self.calls.append(tuple(input_ids.shape))
        hidden = self.embedding[input_ids]
        mask = torch.ones_like(input_ids) if attention_mask is None else attention_mask
        weight = mask.to(hidden.dtype).unsqueeze(-1)
        context = (hidden * weight).sum(1, keepdim=True) / weight.sum(1, keepdim=True)
        return self.dropout(
            torch.tanh(hidden + 2 * context + self.bias[by_row(language)].unsqueeze(1))
        )

    def masked_lm_logits(self, hidden: Tensor) -> Tensor:
        return hidden @ self.embedding.T

    def forward(
        self,
        input_ids: Tensor,
        attention_mask: Tensor | None,
        language: Tensor,
        positions: Tensor,
    ) -> Tensor:
        hidden = self.encode(input_ids, attention_mask, language)
        return self.masked_lm_logits(hidden.flatten(0, 1)[positions])


class ToyTagger(nn.Module):
    """Scores of the classes of every position, or of every row."""

    def __init__(self, n_labels: int, *, rows: bool = False) -> None:
        super().__init__()
        self.model = ToyEncoder()
        self.head = nn.Linear(self.model.hidden_size, n_labels)
        self.rows = rows

    def forward(
        self,
        input_ids: Tensor,
        attention_mask: Tensor | None,
        language: Tensor,
        positions: Tensor | None = None,
        chosen: Routing | None = None,
    ) -> Tensor:
        logits = self.head(self.model.encode(input_ids, attention_mask, language))
        if positions is not None:
            return logits.flatten(0, 1)[positions]
        return logits[:, 0] if self.rows else logits


class Parrot(nn.Module):
    """Gives each position, or each row by its second position, the class of its letter."""

    def __init__(self, n_labels: int, *, rows: bool = False) -> None:
        super().__init__()
        self.n_labels, self.rows = n_labels, rows
        self.nothing = nn.Parameter(torch.zeros(1))

    def forward(self, input_ids: Tensor, attention_mask: Tensor | None, language: Tensor) -> Tensor:
        classes = (input_ids - 5).clamp(min=0) % self.n_labels
        logits = nn.functional.one_hot(classes, self.n_labels).float()
        return logits[:, 1] if self.rows else logits


def cell(metric: str, task: str = "toy") -> Cell:
    return Cell.of(task, metric, SWAHILI, SWAHILI)
