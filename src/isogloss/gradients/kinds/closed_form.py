"""Modules whose gradient has a formula: sums over the rows of language l.

`nn.Linear`: dW_l = sum of gy^T x, db_l = sum of gy. `Conv1D` of `transformers`, the linear map of
GPT-2: dW_l = sum of x^T gy. `nn.LayerNorm`: dgamma_l = sum of gy * xhat, dbeta_l = sum of gy.
`nn.Embedding`: at token u the sum of gy where language l wrote u.
"""

import torch
from torch import Tensor, nn
from torch.nn.functional import layer_norm
from transformers.pytorch_utils import Conv1D

from isogloss.core import Float, Int
from isogloss.gradients.block import Block
from isogloss.gradients.rows import Grouping


def linear_blocks(
    module: nn.Module,
    x: Float[Tensor, "rows *positions n_in"],
    gy: Float[Tensor, "rows *positions n_out"],
    grouping: Grouping,
) -> dict[str, Block]:
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


def conv1d_blocks(
    module: nn.Module,
    x: Float[Tensor, "rows *positions n_in"],
    gy: Float[Tensor, "rows *positions n_out"],
    grouping: Grouping,
) -> dict[str, Block]:
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


def layer_norm_blocks(
    module: nn.Module,
    x: Float[Tensor, " rows *positions"],
    gy: Float[Tensor, " rows *positions"],
    grouping: Grouping,
) -> dict[str, Block]:
    """Return the gradient of weight and bias (a LayerNorm may have none) for each group.

    Args:
        module: an `nn.LayerNorm`.
        x: its input, shape [rows, ..., *normalized_shape].
        gy: gradient of its output, the same shape.
        grouping: of the rows.

    Returns:
        Name of the parameter -> block [groups, *normalized_shape].
    """
    assert isinstance(module, nn.LayerNorm)
    found: dict[str, Block] = {}
    if module.weight.requires_grad:
        precise = x.to(module.weight.dtype)
        normalised = layer_norm(precise, module.normalized_shape, eps=module.eps)
        by_row = _over_positions(gy.to(precise.dtype) * normalised, module.normalized_shape)
        found["weight"] = Block(grouping.sums(by_row))
    # torch types the bias as always there.
    if module.bias is not None and module.bias.requires_grad:  # pyright: ignore[reportUnnecessaryComparison]
        by_row = _over_positions(gy.to(module.bias.dtype), module.normalized_shape)
        found["bias"] = Block(grouping.sums(by_row))
    return found


def _over_positions(values: Tensor, normalised: tuple[int, ...]) -> Tensor:
    """Sum over the axes between the rows and the normalised ones."""
    return values.reshape(values.shape[0], -1, *normalised).sum(1)


def embedding_blocks(
    module: nn.Module,
    ids: Int[Tensor, " rows *positions"],
    gy: Float[Tensor, "rows *positions d"],
    grouping: Grouping,
) -> dict[str, Block]:
    """Return the gradient of the table for each group, at the tokens of the batch only.

    Args:
        module: an `nn.Embedding`, [tokens, d].
        ids: its input, shape [rows, ...].
        gy: gradient of its output, shape [rows, ..., d].
        grouping: of the rows.

    Returns:
        "weight" -> block [groups, unique tokens, d]; the padding token's row is zero.
    """
    assert isinstance(module, nn.Embedding)
    gy = gy.to(module.weight.dtype)
    unique, place = ids.unique(return_inverse=True)
    block = gy.new_zeros(len(grouping.counts), len(unique), gy.shape[-1])
    parts = zip(block, grouping.parts(place), grouping.parts(gy), strict=True)
    for row, where, gradient in parts:
        row.index_add_(0, where.flatten(), gradient.reshape(-1, gy.shape[-1]))
    if module.padding_idx is not None:
        block.masked_fill_((unique == module.padding_idx).view(1, -1, 1), 0.0)
    return {"weight": Block(block, unique)}
