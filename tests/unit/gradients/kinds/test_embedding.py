import pytest
import torch
from torch import nn

from isogloss.gradients.kinds.embedding import embedding_blocks
from isogloss.gradients.rows import Grouping


@pytest.mark.parametrize("padding", [None, 2])
def test_groups_are_as_autograd_has_them_alone(padding: int | None) -> None:
    module = nn.Embedding(9, 3, padding_idx=padding)
    ids, gy = torch.tensor([[1, 2, 1], [5, 5, 2], [1, 8, 2]]), torch.randn(3, 3, 3)
    block = embedding_blocks(module, ids, gy, Grouping.of([1, 0, 1], 2))["weight"]
    assert block.tokens.tolist() == [1, 2, 5, 8]
    for group, rows in enumerate([[1], [0, 2]]):
        [expected] = torch.autograd.grad(module(ids[rows]), [module.weight], gy[rows])
        torch.testing.assert_close(block.dense(module.weight.shape)[group], expected)
