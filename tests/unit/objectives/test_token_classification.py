import torch
from torch import nn
from torch.nn.functional import cross_entropy

from isogloss.data import Batch
from isogloss.models import TokenClassifier
from isogloss.objectives import TokenClassification
from unit.evaluation.toys import ToyTagger
from unit.models.toys import toy_model

LABELS = torch.tensor([[-100, 2, -100, 1], [-100, 0, 1, -100], [-100, -100, -100, -100]])


def batch() -> Batch:
    mask = torch.tensor([[1, 1, 1, 1], [1, 1, 1, 0], [1, 1, 0, 0]])
    return Batch(torch.randint(5, 30, (3, 4)), mask, torch.tensor([0, 1, 1]), LABELS)


def test_only_labelled_pieces_are_targets() -> None:
    found = TokenClassification(3).prepare(batch(), update=0)
    assert list(zip(found.row.tolist(), found.column.tolist(), strict=True)) == [
        *((0, 1), (0, 3)),
        *((1, 1), (1, 2)),
    ]
    assert found.labels.tolist() == [2, 1, 0, 1]
    assert found.count.tolist() == [2, 2, 0]


def test_losses_add_up_to_the_usual_one() -> None:
    tagger = ToyTagger(3).eval()
    tagger.model.dropout = nn.Identity()
    tagger.train()
    objective, whole = TokenClassification(2), batch()
    losses = objective.losses(tagger, objective.prepare(whole, 0))
    logits = tagger(whole.input_ids, whole.attention_mask, whole.language)
    usual = cross_entropy(logits.flatten(0, 1), LABELS.flatten())
    assert torch.allclose(losses.total.sum() / losses.count.sum(), usual)


def test_rows_of_unlike_length_learn_what_each_would_alone() -> None:
    """How examples are grouped by length decides what an update costs, not what it is."""
    tagger, objective = TokenClassifier(toy_model(), 3).double(), TokenClassification(2)
    whole = batch()
    together = objective.losses(tagger, objective.prepare(whole, 0))
    together.total.sum().backward()
    wanted = {name: p.grad for name, p in tagger.named_parameters() if p.grad is not None}
    tagger.zero_grad()
    assert whole.attention_mask is not None and whole.labels is not None
    total = torch.zeros(2)
    for row in range(2):  # the third has no label
        n = int(whole.attention_mask[row].sum())
        ids, labels = whole.input_ids[row : row + 1, :n], whole.labels[row : row + 1, :n]
        alone = Batch(ids, None, whole.language[row : row + 1], labels)
        losses = objective.losses(tagger, objective.prepare(alone, 0))
        losses.total.sum().backward()
        total += losses.total.detach()
    torch.testing.assert_close(total, together.total.detach())
    for name, gradient in wanted.items():
        found = tagger.get_parameter(name).grad
        torch.testing.assert_close(found, gradient, rtol=1e-4, atol=1e-6, msg=name)
