"""What objectives of two streams ask of a kind of task: logits, losses, distributions, a vector.

The heads are those that every system of a study has, so that differences come from the method.
Losses are given row by row, scaled so that their mean over the rows is the mean over what is
learned: rows, or the labelled words of this process's rows.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final, Protocol

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from isogloss.data import IGNORED, UNSAID, Batch
from isogloss.models import MultilingualModel
from isogloss.objectives import LanguageLosses, Targets, position_scores


class TaskKind(Protocol):
    """Contract of a kind of task; `view` is the batch that the logits or vectors belong to."""

    def logits(self, classifier: nn.Module, hidden: Tensor) -> Tensor:
        """Return what the head makes of the last hidden vectors, as the classifier does."""
        ...

    def losses(self, logits: Tensor, view: Batch) -> Tensor:
        """Return the loss of each row, shape [rows]; 0 where a row has no label."""
        ...

    def labelled(self, view: Batch) -> Tensor:
        """Return which rows have a label, shape [rows], bool."""
        ...

    def log_chances(self, logits: Tensor, view: Batch, temperature: float = 1.0) -> Tensor:
        """Return log-probabilities, shape [n, outcomes]; see `rows_of` for whose they are."""
        ...

    def rows_of(self, view: Batch) -> Tensor:
        """Return the row of each distribution of `log_chances`, shape [n]."""
        ...

    def vector(self, hidden: Tensor, view: Batch, special: Tensor) -> Tensor:
        """Return one vector for each row, shape [rows, hidden]; `special`: ids that are no text."""
        ...


class Classification:
    """One class for each text, from its first position; see `TaskKind`."""

    def logits(self, classifier: nn.Module, hidden: Tensor) -> Tensor:
        """Return logits [rows, classes]."""
        return _head(classifier, hidden[:, 0])

    def losses(self, logits: Tensor, view: Batch) -> Tensor:
        """Return the cross-entropy of each row."""
        return cross_entropy(logits.float(), _labels(view), reduction="none", ignore_index=IGNORED)

    def labelled(self, view: Batch) -> Tensor:
        """Return which rows have a class."""
        return _labels(view) >= 0

    def log_chances(self, logits: Tensor, view: Batch, temperature: float = 1.0) -> Tensor:
        """Return the distribution of each row over the classes."""
        return (logits.float() / temperature).log_softmax(-1)

    def rows_of(self, view: Batch) -> Tensor:
        """Return each row once."""
        return torch.arange(len(view.input_ids), device=view.input_ids.device)

    def vector(self, hidden: Tensor, view: Batch, special: Tensor) -> Tensor:
        """Return the state of the first position."""
        return hidden[:, 0]


class Tagging:
    """One class for each word, at its first sub-word; see `TaskKind`."""

    def logits(self, classifier: nn.Module, hidden: Tensor) -> Tensor:
        """Return logits [rows, length, classes]."""
        return _head(classifier, hidden)

    def losses(self, logits: Tensor, view: Batch) -> Tensor:
        """Return the summed cross-entropy of each row's words, times rows over labelled words."""
        labels = _labels(view)
        known = labels >= 0
        loss = cross_entropy(
            logits.float().transpose(1, 2), labels.where(known, 0), reduction="none"
        )
        return (loss * known).sum(1) * len(labels) / known.sum().clamp(min=1)

    def labelled(self, view: Batch) -> Tensor:
        """Return which rows have a labelled word."""
        return (_labels(view) >= 0).any(1)

    def log_chances(self, logits: Tensor, view: Batch, temperature: float = 1.0) -> Tensor:
        """Return the distribution of each word, labelled or not, over the classes."""
        return (logits.float()[_labels(view) != IGNORED] / temperature).log_softmax(-1)

    def rows_of(self, view: Batch) -> Tensor:
        """Return the row of each word."""
        return (_labels(view) != IGNORED).nonzero()[:, 0]

    def vector(self, hidden: Tensor, view: Batch, special: Tensor) -> Tensor:
        """Return the mean state of the tokens that are text."""
        return mean_state(hidden, view, special)


class Answers:
    """The first and the last position of an answer; see `TaskKind`."""

    def logits(self, classifier: nn.Module, hidden: Tensor) -> Tensor:
        """Return logits [rows, length, 2]."""
        return _head(classifier, hidden)

    def losses(self, logits: Tensor, view: Batch) -> Tensor:
        """Return the mean cross-entropy of both positions of each row."""
        scores = position_scores(logits.float(), view.attention_mask)
        labels = _labels(view)
        loss = cross_entropy(
            scores.flatten(0, 1), labels.flatten(), reduction="none", ignore_index=IGNORED
        )
        return loss.view(-1, 2).mean(1)

    def labelled(self, view: Batch) -> Tensor:
        """Return which rows have an answer, or are known to have none."""
        return (_labels(view) >= 0).all(1)

    def log_chances(self, logits: Tensor, view: Batch, temperature: float = 1.0) -> Tensor:
        """Return two distributions of each row over its positions, first and last of the answer."""
        scores = position_scores(logits.float(), view.attention_mask)
        return (scores / temperature).log_softmax(-1).flatten(0, 1)

    def rows_of(self, view: Batch) -> Tensor:
        """Return each row twice."""
        rows = torch.arange(len(view.input_ids), device=view.input_ids.device)
        return rows.repeat_interleave(2)

    def vector(self, hidden: Tensor, view: Batch, special: Tensor) -> Tensor:
        """Return the mean state of the tokens that are text."""
        return mean_state(hidden, view, special)


TASK_KINDS: Final[Mapping[str, TaskKind]] = {
    "classification": Classification(),
    "tagging": Tagging(),
    "qa": Answers(),
}


def encoder_of(classifier: nn.Module) -> MultilingualModel:
    """Return the encoder of a classifier."""
    encoder = classifier.get_submodule("model")
    assert isinstance(encoder, MultilingualModel)
    return encoder


def _head(classifier: nn.Module, hidden: Tensor) -> Tensor:
    head, dropout = (classifier.get_submodule(name) for name in ("head", "dropout"))
    return head(dropout(hidden))


def mean_state(hidden: Tensor, view: Batch, special: Tensor) -> Tensor:
    """Return the mean of a row's states over the tokens that are text, shape [rows, hidden].

    Args:
        hidden: shape [rows, length, hidden].
        view: the rows.
        special: ids of padding, cls, sep and their like.
    """
    text = ~torch.isin(view.input_ids, special.to(hidden.device))
    if view.attention_mask is not None:
        text = text & view.attention_mask.bool()
    text = text.to(hidden.dtype)
    return (hidden * text[..., None]).sum(1) / text.sum(1, keepdim=True).clamp(min=1)


def mean_over_rows(values: Tensor, rows: Tensor, n_rows: int) -> Tensor:
    """Return values of several distributions a row, scaled as `TaskKind.losses` are, [n_rows]."""
    summed = values.new_zeros(n_rows).index_add(0, rows, values)
    return summed * n_rows / max(len(values), 1)


def soft_cross_entropy(log_p: Tensor, q: Tensor) -> Tensor:
    """Return -sum_c q_c ln(p_c + 1e-6), shape [n].

    Args:
        log_p: log-probabilities of the model, shape [n, classes].
        q: what a teacher says, shape [n, classes]; no gradient flows into it.
    """
    return -(q.detach() * (log_p.exp() + 1e-6).log()).sum(-1)


def kl(log_p: Tensor, log_q: Tensor) -> Tensor:
    """Return KL(p || q) = sum p ln(p / q), shape [n]; an outcome of chance 0 in p adds nothing."""
    p = log_p.exp()
    return (p * (log_p - log_q)).masked_fill(p == 0, 0.0).sum(-1)


def taught_losses(logits: Tensor, view: Batch, teacher: nn.Module, temperature: float) -> Tensor:
    """Return the soft cross-entropy of each row's words with what a teacher says of them, [rows].

    Args:
        logits: of the model, shape [rows, length, classes].
        view: the rows; every word counts, labelled or not.
        teacher: frozen; reads the rows alone.
        temperature: of the teacher's softmax; below 1 it is sharper.
    """
    kind = TASK_KINDS["tagging"]
    with torch.no_grad():
        said = teacher(view.input_ids, view.attention_mask, view.routing)
    q = kind.log_chances(said, view, temperature).exp()
    values = soft_cross_entropy(kind.log_chances(logits, view), q)
    return mean_over_rows(values, kind.rows_of(view), len(view.input_ids))


def every_row(batch: Batch, n_languages: int) -> Targets:
    """Return each row as one target; its label is asked of the batch."""
    rows = torch.arange(len(batch.language))
    return Targets.of(batch, rows, None, torch.zeros_like(rows), n_languages)


def by_language(losses: Tensor, targets: Targets) -> LanguageLosses:
    """Sum the losses of rows, shape [rows], by language."""
    total = torch.zeros_like(targets.count).index_add(0, targets.language, losses)
    return LanguageLosses(total, targets.count)


def unlabelled(view: Batch) -> Batch:
    """Return the same rows without labels; where words stand is kept."""
    labels = _labels(view)
    of_words = labels.shape == view.input_ids.shape
    kept = labels.where(labels == IGNORED, UNSAID) if of_words else torch.full_like(labels, IGNORED)
    return replace(view, labels=kept)


class Predictor(nn.Module):
    """A classifier as an objective reads it at test time: with what stands beside each row.

    Args:
        classifier: trained; its parameters are this module's.
        predict: gives the logits of a classifier for rows and for what stands beside them.
    """

    def __init__(
        self, classifier: nn.Module, predict: Callable[[nn.Module, Batch, Batch], Tensor]
    ) -> None:
        super().__init__()
        self.classifier, self._predict = classifier, predict

    def forward(
        self, input_ids: Tensor, attention_mask: Tensor | None, language: Tensor, beside: Batch
    ) -> Tensor:
        """Return logits as the classifier's own, for rows beside their sources."""
        return self._predict(self.classifier, Batch(input_ids, attention_mask, language), beside)


def _labels(view: Batch) -> Tensor:
    assert view.labels is not None
    return view.labels
