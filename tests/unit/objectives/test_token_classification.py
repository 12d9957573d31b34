import torch
from torch import nn
from torch.nn.functional import cross_entropy

from isogloss.data import Batch
from isogloss.objectives import TokenClassification
from unit.evaluation.toys import ToyTagger

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
