import torch
from torch import Tensor, nn

from isogloss.data import Batch
from isogloss.objectives import ExtractiveQA, position_scores


class Fixed(nn.Module):
    """Gives the logits it was made with."""

    def __init__(self, logits: Tensor) -> None:
        super().__init__()
        self.logits = nn.Parameter(logits)

    def forward(self, ids: Tensor, mask: Tensor | None, language: Tensor) -> Tensor:
        return self.logits[: len(ids)]


def batch() -> Batch:
    mask = torch.tensor([[1, 1, 1, 1], [1, 1, 1, 0], [1, 1, 1, 1]])
    labels = torch.tensor([[1, 2], [0, 0], [3, 3]])
    return Batch(torch.ones(3, 4, dtype=torch.long), mask, torch.tensor([0, 0, 1]), labels)


def test_the_mean_of_first_and_last_by_hand() -> None:
    logits = torch.zeros(3, 4, 2)
    logits[0, 1, 0] = 2.0
    model, objective = Fixed(logits), ExtractiveQA(3)
    found = objective.losses(model, objective.prepare(batch(), 0))
    assert found.count.tolist() == [4, 2, 0]
    first = torch.log(torch.tensor(3 + torch.e**2)) - 2
    expected = (first + torch.log(torch.tensor(4.0)) + 2 * torch.log(torch.tensor(3.0))) / 4
    assert torch.isclose(found.mean[0], expected), "the second row has three positions"
    assert torch.isclose(found.mean[1], torch.log(torch.tensor(4.0)))


def test_padding_is_no_answer_and_gets_no_gradient() -> None:
    model, objective = Fixed(torch.randn(3, 4, 2)), ExtractiveQA(2)
    objective.losses(model, objective.prepare(batch(), 0)).total.sum().backward()
    assert model.logits.grad is not None
    assert torch.equal(model.logits.grad[1, 3], torch.zeros(2))
    assert (model.logits.grad[1, :3] != 0).all()


def test_shares_of_processes_add_up() -> None:
    logits = torch.randn(3, 4, 2)
    whole, objective = batch(), ExtractiveQA(2)
    targets = objective.prepare(whole, 0)
    at_once = objective.losses(Fixed(logits), targets).total
    parts = [
        objective.losses(Fixed(logits[rank::2]), targets.shard(rank, 2)).total for rank in range(2)
    ]
    assert torch.allclose(at_once, sum(parts, torch.zeros(2)))


def test_scores_without_padding_are_the_logits() -> None:
    logits = torch.randn(2, 5, 2)
    assert torch.equal(position_scores(logits, None), logits.transpose(1, 2))
