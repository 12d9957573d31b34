import torch
from torch import nn
from torch.nn.functional import cross_entropy

from isogloss.data import Batch
from isogloss.objectives import SequenceClassification
from unit.evaluation.toys import ToyTagger


def batch() -> Batch:
    ids = torch.randint(5, 30, (4, 5))
    return Batch(ids, None, torch.tensor([0, 0, 0, 1]), torch.tensor([2, 0, 1, 1]))


def test_every_row_is_a_target() -> None:
    found = SequenceClassification(2).prepare(batch(), update=3)
    assert found.column is None
    assert found.labels.tolist() == [2, 0, 1, 1]
    assert found.count.tolist() == [3, 1]


def test_losses_add_up_to_the_usual_one() -> None:
    classifier = ToyTagger(3, rows=True)
    classifier.model.dropout = nn.Identity()
    objective, whole = SequenceClassification(2), batch()
    losses = objective.losses(classifier, objective.prepare(whole, 0))
    logits = classifier(whole.input_ids, None, whole.language)
    assert torch.allclose(losses.total[1], cross_entropy(logits[3:], whole.labels[3:]))
    usual = cross_entropy(logits, whole.labels, reduction="sum")
    assert torch.allclose(losses.total.sum(), usual)
