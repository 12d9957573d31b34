import pytest
import torch
from torch import nn

from isogloss.gradients.kinds.linear import linear_blocks
from isogloss.gradients.rows import Grouping


@pytest.mark.parametrize("shape", [(4, 3), (4, 5, 3), (4, 2, 5, 3)])
def test_groups_are_as_autograd_has_them_alone(shape: tuple[int, ...]) -> None:
    module = nn.Linear(3, 2)
    x, gy = torch.randn(shape), torch.randn(*shape[:-1], 2)
    found = linear_blocks(module, x, gy, Grouping.of([1, 0, 1, -1], 2))
    for group, rows in enumerate([[1], [0, 2]]):
        expected = torch.autograd.grad(module(x[rows]), list(module.parameters()), gy[rows])
        torch.testing.assert_close(found["weight"].values[group], expected[0])
        torch.testing.assert_close(found["bias"].values[group], expected[1])


def test_what_is_frozen_or_missing_is_left_out() -> None:
    x, gy, grouping = torch.randn(2, 3), torch.randn(2, 2), Grouping.of([0, 1], 2)
    assert set(linear_blocks(nn.Linear(3, 2, bias=False), x, gy, grouping)) == {"weight"}
    module = nn.Linear(3, 2)
    module.weight.requires_grad_(False)
    assert set(linear_blocks(module, x, gy, grouping)) == {"bias"}
