"""Masked-LM loss on held-out text, with the same masks for every model."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch.nn.functional import cross_entropy

from isogloss.data import EncodedCorpus, Tokenizer
from isogloss.evaluation.inference import inference
from isogloss.evaluation.metrics import bit_counts
from isogloss.evaluation.predictions import Cell, PredictionTable
from isogloss.models import MultilingualModel

Ids = NDArray[np.int64]


@dataclass(frozen=True)
class MaskedText:
    """Held-out text with its masks: how to test, fixed for all models of a study.

    Args:
        corpus: encoded text of one language.
        tokenizer: its tokenizer.
        length: positions of a row, cls included.
        rate: share of the tokens that are masked.
        max_rows: use this many rows, spread evenly over the text; None = all.
        seed: of the masks, which depend on it and on a row's number in the text only: not on the
            model, the batch size or `max_rows`.
    """

    corpus: EncodedCorpus
    tokenizer: Tokenizer
    length: int = 128
    rate: float = 0.3
    max_rows: int | None = None
    seed: int = 0

    def windows(self) -> Ids:
        """Return the numbers of the rows in use."""
        n_rows = self.corpus.windows(self.length)
        wanted = n_rows if self.max_rows is None else min(n_rows, self.max_rows)
        return np.arange(wanted) * n_rows // max(wanted, 1)

    def masks(self, windows: Ids, rows: Ids) -> NDArray[np.bool_]:
        """Return which positions of some rows are masked, shape [rows, length].

        Special tokens never are; a row with any other token has at least one mask.
        """
        drawn = np.stack(
            [np.random.default_rng([self.seed, window]).random(self.length) for window in windows]
        )
        drawn[np.isin(rows, self.tokenizer.special_ids)] = math.inf
        lowest = drawn == drawn.min(axis=1, keepdims=True)
        return ((drawn < self.rate) | lowest) & np.isfinite(drawn)


@dataclass(frozen=True)
class MaskedLMEvaluation:
    """What a model makes of held-out text.

    Attributes:
        predictions: counts (bits, bytes) of each row, and the ids guessed at its masks.
        nats: mean loss of a masked token, for learning curves.
        n_masked: masked tokens.
    """

    predictions: PredictionTable
    nats: float
    n_masked: int


def evaluate_masked_lm(
    model: MultilingualModel,
    text: MaskedText,
    language_index: int,
    *,
    cell: Cell,
    batch_size: int = 32,
) -> MaskedLMEvaluation:
    """Measure bits per byte of one language's held-out text.

    Every masked token is replaced by the mask and guessed from the rest of its row (Devlin et al.
    2019, without the random and kept tokens of training). Bits are summed over the masked tokens
    and divided by the UTF-8 bytes of those tokens. The number is of one tokenizer: single tokens
    are masked, and the rest of a word that is left standing says more about a short token.

    Args:
        model: left as it was, modes of its modules included.
        text: rows and masks.
        language_index: which language's modules the rows run through.
        cell: what the numbers are called; its metric is `bits_per_byte`.
        batch_size: rows at once; the result does not depend on it.

    Returns:
        Counts and guesses of each row, and the mean loss.

    Raises:
        ValueError: the text is shorter than one row.
    """
    windows = text.windows()
    if not len(windows):
        raise ValueError(
            f"held-out text should fill a sequence of {text.length} positions. "
            f"Found {text.corpus.n_tokens} tokens in {text.corpus.path}."
        )
    counts: list[NDArray[np.float64]] = []
    guesses: list[str] = []
    nats, n_masked = 0.0, 0
    with inference(model):
        for start in range(0, len(windows), batch_size):
            chosen = windows[start : start + batch_size]
            rows = text.corpus.rows(chosen, text.length)
            row, column = np.nonzero(text.masks(chosen, rows))
            labels = rows[row, column]
            losses, guessed = _guess(model, rows, (row, column), text.tokenizer, language_index)
            n_bytes = text.tokenizer.bytes_per_id[labels]
            counts.append(bit_counts(losses, n_bytes, row, len(rows)))
            guesses += [" ".join(map(str, guessed[row == index])) for index in range(len(rows))]
            nats, n_masked = nats + float(losses.sum()), n_masked + len(labels)
    table = PredictionTable(cell, np.concatenate(counts), tuple(guesses))
    return MaskedLMEvaluation(table, nats / max(n_masked, 1), n_masked)


def _guess(
    model: MultilingualModel,
    rows: Ids,
    masked: tuple[Ids, Ids],
    tokenizer: Tokenizer,
    language_index: int,
) -> tuple[NDArray[np.float64], Ids]:
    """Return the loss in nats and the most likely id at each masked position."""
    device = next(model.parameters()).device
    row, column = (torch.from_numpy(places).to(device) for places in masked)
    ids = torch.from_numpy(rows).to(device)
    labels = ids[row, column]
    corrupted = ids.index_put((row, column), torch.tensor(tokenizer.mask_id, device=device))
    language = torch.full((len(rows),), language_index)
    logits = model(corrupted, None, language, row * ids.shape[1] + column).float()
    losses = cross_entropy(logits, labels, reduction="none")
    return losses.double().cpu().numpy(), logits.argmax(dim=-1).cpu().numpy()


_CHUNK = 1 << 20


def unigram_nats(
    train_tokens: ArrayLike,
    dev_tokens: ArrayLike,
    vocabulary_size: int,
    *,
    ignore: Sequence[int] = (),
) -> float:
    """Return the cross-entropy of held-out tokens under add-one smoothed training frequencies.

    A masked-LM run whose loss on the same held-out text is not clearly below this number has learnt
    frequencies and nothing else; comparing two runs on different sides of this plateau measures the
    plateau, not interference.

    Args:
        train_tokens: ids of the training text, shape [n]; a memory map is read in chunks.
        dev_tokens: ids of the held-out text, shape [m].
        vocabulary_size: V; each token but the ignored ones gets one count more than it has.
        ignore: special ids, which are never masked and so never guessed.

    Returns:
        Nats per token.

    Raises:
        ValueError: the held-out text has no token.

    Example:
        >>> round(unigram_nats([0, 0, 1], [0, 1], 2), 4)  # (ln 5/3 + ln 5/2) / 2
        0.7136
    """
    train = _frequencies(train_tokens, vocabulary_size)
    dev = _frequencies(dev_tokens, vocabulary_size)
    kept = np.setdiff1d(np.arange(vocabulary_size), np.asarray(ignore, dtype=np.int64))
    train, dev = train[kept] + 1.0, dev[kept]
    if dev.sum() == 0:
        raise ValueError("held-out text should have a token that is not special. Found none.")
    return float(-(dev * np.log(train / train.sum())).sum() / dev.sum())


def _frequencies(tokens: ArrayLike, vocabulary_size: int) -> NDArray[np.int64]:
    """Count ids without a copy of the whole text."""
    ids = np.asanyarray(tokens)
    counts = np.zeros(vocabulary_size, dtype=np.int64)
    for start in range(0, len(ids), _CHUNK):
        counts += np.bincount(ids[start : start + _CHUNK], minlength=vocabulary_size)
    return counts
