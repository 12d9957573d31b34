import pytest
from torch import nn

from isogloss.gradients.kinds import KINDS, refusal, split_of
from isogloss.gradients.kinds.row_wise import row_wise_blocks


class Scaled(nn.Linear):
    def forward(self, input):
        return 2 * super().forward(input)


class Named(nn.Linear):
    """A subclass that computes what its kind does."""


def test_a_subclass_counts_while_its_forward_is_that_of_its_kind() -> None:
    assert split_of(Named(1, 1)) is KINDS[nn.Linear]
    assert split_of(Scaled(1, 1)) is row_wise_blocks
    replaced = nn.Linear(1, 1)
    replaced.forward = lambda x: x  # type: ignore[method-assign]
    assert split_of(replaced) is row_wise_blocks


class Parent(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.child, self.own = nn.Linear(1, 1), nn.Parameter(nn.init.ones_(nn.Linear(1, 1).weight))


@pytest.mark.parametrize(
    ("module", "reason"),
    [
        (nn.BatchNorm1d(2), "mixes the rows"),
        (Parent(), "parameters of its own beside other modules"),
        (nn.Embedding(2, 2, max_norm=1.0), "max_norm"),
        (nn.Embedding(2, 2, sparse=True), "sparse"),
        (nn.Embedding(2, 2, scale_grad_by_freq=True), "frequency"),
    ],
)
def test_others_are_refused_with_a_reason(module: nn.Module, reason: str) -> None:
    assert reason in (refusal(module) or "")


def test_kinds_are_not_refused() -> None:
    assert [refusal(m) for m in (nn.Linear(1, 1), nn.LayerNorm(1), nn.Embedding(1, 1))] == [
        None
    ] * 3
