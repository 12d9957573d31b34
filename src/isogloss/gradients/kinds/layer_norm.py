"""`nn.LayerNorm`: dgamma_l = sum of gy * xhat, dbeta_l = sum of gy, over the rows of language l."""

from torch import Tensor, nn
from torch.nn.functional import layer_norm

from isogloss.gradients.block import Block
from isogloss.gradients.rows import Grouping


def layer_norm_blocks(
    module: nn.Module, x: Tensor, gy: Tensor, grouping: Grouping
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
