import pytest
import torch
from transformers.pytorch_utils import Conv1D

from isogloss.gradients.kinds.conv1d import conv1d_blocks
from isogloss.gradients.rows import Grouping


@pytest.mark.parametrize("shape", [(4, 3), (4, 5, 3), (4, 2, 5, 3)])
def test_groups_are_as_autograd_has_them_alone(shape: tuple[int, ...]) -> None:
    module = Conv1D(2, 3)
    x, gy = torch.randn(shape), torch.randn(*shape[:-1], 2)
    found = conv1d_blocks(module, x, gy, Grouping.of([1, 0, 1, -1], 2))
    for group, rows in enumerate([[1], [0, 2]]):
        expected = torch.autograd.grad(module(x[rows]), list(module.parameters()), gy[rows])
        torch.testing.assert_close(found["weight"].values[group], expected[0])
        torch.testing.assert_close(found["bias"].values[group], expected[1])


def test_what_is_frozen_is_left_out() -> None:
    module = Conv1D(2, 3)
    module.weight.requires_grad_(False)
    found = conv1d_blocks(module, torch.randn(2, 3), torch.randn(2, 2), Grouping.of([0, 1], 2))
    assert set(found) == {"bias"}
