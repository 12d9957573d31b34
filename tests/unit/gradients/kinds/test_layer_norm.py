import pytest
import torch
from torch import nn

from isogloss.gradients.kinds.layer_norm import layer_norm_blocks
from isogloss.gradients.rows import Grouping


@pytest.mark.parametrize("bias", [False, True])
@pytest.mark.parametrize("normalised", [(3,), (5, 3)])
def test_groups_are_as_autograd_has_them_alone(bias: bool, normalised: tuple[int, ...]) -> None:
    module = nn.LayerNorm(normalised, bias=bias)
    nn.init.normal_(module.weight)
    x, gy = torch.randn(4, 5, 3), torch.randn(4, 5, 3)
    found = layer_norm_blocks(module, x, gy, Grouping.of([1, 0, 1, 0], 2))
    assert set(found) == ({"weight", "bias"} if bias else {"weight"})
    for group, rows in enumerate([[1, 3], [0, 2]]):
        expected = torch.autograd.grad(module(x[rows]), list(module.parameters()), gy[rows])
        for block, gradient in zip(found.values(), expected, strict=True):
            torch.testing.assert_close(block.values[group], gradient)


def test_a_norm_without_parameters_has_none() -> None:
    module = nn.LayerNorm(3, elementwise_affine=False)
    assert not list(module.parameters())
