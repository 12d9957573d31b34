"""`nn.Linear`: dW_l = sum of gy^T x, db_l = sum of gy, over the rows of language l."""

import torch
from torch import Tensor, nn

from isogloss.gradients.block import Block
from isogloss.gradients.rows import Grouping


def linear_blocks(module: nn.Module, x: Tensor, gy: Tensor, grouping: Grouping) -> dict[str, Block]:
    """Return the gradient of weight and bias for each group.

    The products are done in the precision in which autograd does its own (bf16 under autocast, and
    float32 sums inside), and kept in the precision of the parameters.

    Args:
        module: an `nn.Linear`, [out, in].
        x: its input, shape [rows, ..., in].
        gy: gradient of its output, shape [rows, ..., out].
        grouping: of the rows.

    Returns:
        Name of the parameter -> block [groups, *shape of the parameter].
    """
    assert isinstance(module, nn.Linear)
    found: dict[str, Block] = {}
    if module.weight.requires_grad:
        weight = gy.new_empty(len(grouping.counts), *module.weight.shape)
        inputs, outputs = grouping.parts(x.to(gy.dtype)), grouping.parts(gy)
        for row, inside, outside in zip(weight, inputs, outputs, strict=True):
            torch.mm(outside.flatten(0, -2).T, inside.flatten(0, -2), out=row)
        found["weight"] = Block(weight.to(module.weight.dtype))
    # torch types the bias as always there.
    if module.bias is not None and module.bias.requires_grad:  # pyright: ignore[reportUnnecessaryComparison]
        summed = gy.to(module.bias.dtype).flatten(1, -2).sum(1) if gy.ndim > 2 else gy
        found["bias"] = Block(grouping.sums(summed.to(module.bias.dtype)))
    return found
