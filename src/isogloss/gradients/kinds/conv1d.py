"""`Conv1D` of `transformers`, the linear map of GPT-2: dW_l = sum of x^T gy, db_l = sum of gy."""

import torch
from torch import Tensor, nn
from transformers.pytorch_utils import Conv1D

from isogloss.gradients.block import Block
from isogloss.gradients.rows import Grouping


def conv1d_blocks(module: nn.Module, x: Tensor, gy: Tensor, grouping: Grouping) -> dict[str, Block]:
    """Return the gradient of weight and bias for each group.

    Args:
        module: a `Conv1D`, whose weight is that of `nn.Linear` turned around, [in, out].
        x: its input, shape [rows, ..., in].
        gy: gradient of its output, shape [rows, ..., out].
        grouping: of the rows.

    Returns:
        Name of the parameter -> block [groups, *shape of the parameter].
    """
    assert isinstance(module, Conv1D)
    found: dict[str, Block] = {}
    if module.weight.requires_grad:
        weight = gy.new_empty(len(grouping.counts), *module.weight.shape)
        inputs, outputs = grouping.parts(x.to(gy.dtype)), grouping.parts(gy)
        for row, inside, outside in zip(weight, inputs, outputs, strict=True):
            torch.mm(inside.flatten(0, -2).T, outside.flatten(0, -2), out=row)
        found["weight"] = Block(weight.to(module.weight.dtype))
    if module.bias.requires_grad:
        flat = gy.to(module.bias.dtype).reshape(gy.shape[0], -1, gy.shape[-1])
        found["bias"] = Block(grouping.sums(flat.sum(1)))
    return found
