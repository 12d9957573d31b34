"""`nn.Embedding`: the gradient of language l at token u is the sum of gy where l wrote u."""

from torch import Tensor, nn

from isogloss.gradients.block import Block
from isogloss.gradients.rows import Grouping


def embedding_blocks(
    module: nn.Module, ids: Tensor, gy: Tensor, grouping: Grouping
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
