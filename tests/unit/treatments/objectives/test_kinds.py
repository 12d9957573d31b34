"""Losses of rows come to the losses of the plain objectives; distributions and vectors by hand."""

import dataclasses

import pytest
import torch

from isogloss.data import IGNORED, UNSAID, Batch
from isogloss.treatments.objectives.kinds import (
    TASK_KINDS,
    mean_over_rows,
    mean_state,
    soft_cross_entropy,
    unlabelled,
)
from unit.treatments.objectives.pairs import TASKS, Built, plan_of


@pytest.mark.parametrize("kind", TASKS)
def test_the_mean_over_rows_is_the_loss_of_the_plain_objective(kind: str) -> None:
    one = Built(plan_of(kind, "translate_train", labels="given"))
    batch = one.sampler.batch(0)
    plain = one.objective.losses(one.model, one.objective.prepare(_said(batch), 0))
    with torch.no_grad():
        hidden = one.model.model.encode(batch.input_ids, batch.attention_mask, batch.routing)
        logits = TASK_KINDS[kind].logits(one.model, hidden)
        rows = TASK_KINDS[kind].losses(logits, batch)
    expected = plain.total.sum() / plain.count.sum()
    assert rows.mean().item() == pytest.approx(expected.item(), rel=1e-5)


def _said(batch: Batch) -> Batch:
    assert batch.labels is not None
    return (
        dataclasses.replace(batch, labels=batch.labels.where(batch.labels >= 0, IGNORED))
        if (batch.labels.ndim == 2 and bool((batch.labels == UNSAID).any()))
        else batch
    )


@pytest.mark.parametrize("kind", TASKS)
def test_rows_without_labels_lose_nothing_and_keep_their_words(kind: str) -> None:
    one = Built(plan_of(kind, "translate_train", labels="given"))
    batch = one.sampler.batch(0)
    bare = unlabelled(batch)
    with torch.no_grad():
        hidden = one.model.model.encode(batch.input_ids, batch.attention_mask, batch.routing)
        logits = TASK_KINDS[kind].logits(one.model, hidden)
    assert not TASK_KINDS[kind].losses(logits, bare).any()
    assert not TASK_KINDS[kind].labelled(bare).any()
    chances = TASK_KINDS[kind].log_chances(logits, bare)
    assert torch.equal(chances, TASK_KINDS[kind].log_chances(logits, batch))
    assert len(TASK_KINDS[kind].rows_of(bare)) == len(chances)
    assert torch.allclose(chances.exp().sum(-1), torch.ones(len(chances)))


def test_the_soft_cross_entropy_of_the_example_by_hand() -> None:
    q, logits = torch.tensor([[0.6, 0.3, 0.1]]), torch.tensor([[1.0, 0.0, -1.0]])
    found = soft_cross_entropy(logits.log_softmax(-1), q)
    assert float(found) == pytest.approx(0.907603, abs=2e-6)


def test_the_vector_of_a_row_is_the_mean_over_its_text() -> None:
    ids = torch.tensor([[2, 7, 8, 3, 0], [2, 9, 3, 0, 0]])
    mask = torch.tensor([[1, 1, 1, 1, 0], [1, 1, 1, 0, 0]])
    hidden = torch.arange(10.0).view(2, 5, 1)
    view = Batch(ids, mask, torch.zeros(2, dtype=torch.long))
    found = mean_state(hidden, view, torch.tensor([0, 1, 2, 3, 4]))
    assert found.flatten().tolist() == [1.5, 6.0]


def test_values_of_several_words_a_row_have_their_own_mean() -> None:
    found = mean_over_rows(torch.tensor([1.0, 3.0, 5.0]), torch.tensor([0, 0, 1]), 2)
    assert found.mean().item() == pytest.approx(3.0)
