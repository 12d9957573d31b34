import pytest
import torch
from torch import nn
from transformers.pytorch_utils import Conv1D

from isogloss.gradients.kinds.closed_form import (
    conv1d_blocks,
    embedding_blocks,
    layer_norm_blocks,
    linear_blocks,
)
from isogloss.gradients.rows import Grouping


@pytest.mark.parametrize("shape", [(4, 3), (4, 5, 3), (4, 2, 5, 3)])
def test_groups_of_linear_are_as_autograd_has_them_alone(shape: tuple[int, ...]) -> None:
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


@pytest.mark.parametrize("shape", [(4, 3), (4, 5, 3), (4, 2, 5, 3)])
def test_groups_of_conv1d_are_as_autograd_has_them_alone(shape: tuple[int, ...]) -> None:
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


@pytest.mark.parametrize("bias", [False, True])
@pytest.mark.parametrize("normalised", [(3,), (5, 3)])
def test_groups_of_layer_norm_are_as_autograd(bias: bool, normalised: tuple[int, ...]) -> None:
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


@pytest.mark.parametrize("padding", [None, 2])
def test_groups_of_embedding_are_as_autograd_has_them_alone(padding: int | None) -> None:
    module = nn.Embedding(9, 3, padding_idx=padding)
    ids, gy = torch.tensor([[1, 2, 1], [5, 5, 2], [1, 8, 2]]), torch.randn(3, 3, 3)
    block = embedding_blocks(module, ids, gy, Grouping.of([1, 0, 1], 2))["weight"]
    assert block.tokens.tolist() == [1, 2, 5, 8]
    for group, rows in enumerate([[1], [0, 2]]):
        [expected] = torch.autograd.grad(module(ids[rows]), [module.weight], gy[rows])
        torch.testing.assert_close(block.dense(module.weight.shape)[group], expected)
