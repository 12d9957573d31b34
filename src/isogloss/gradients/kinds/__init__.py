"""Leaf modules whose gradient rows can be split by language: one file each, one line each.

A kind says, from a module's input x and the gradient gy of its output, the gradient of each of its
parameters for each group of rows. Rows must not mix: batch norm can never stand here.
"""

from collections.abc import Callable, Mapping
from typing import Final

from torch import Tensor, nn
from transformers.pytorch_utils import Conv1D

from isogloss.gradients.block import Block
from isogloss.gradients.kinds.closed_form import (
    conv1d_blocks,
    embedding_blocks,
    layer_norm_blocks,
    linear_blocks,
)
from isogloss.gradients.kinds.row_wise import row_wise_blocks
from isogloss.gradients.rows import Grouping

Split = Callable[[nn.Module, Tensor, Tensor, Grouping], dict[str, Block]]

KINDS: Final[Mapping[type[nn.Module], Split]] = {
    nn.Linear: linear_blocks,
    nn.LayerNorm: layer_norm_blocks,
    nn.Embedding: embedding_blocks,
    Conv1D: conv1d_blocks,
}


def split_of(module: nn.Module) -> Split | None:
    """Return how the gradient of a module's own parameters is split, or None where it cannot be.

    A subclass counts as its kind while it runs the forward of that kind. Any other module without
    children is run again on each group's rows.
    """
    if "forward" not in vars(module):
        for kind, split in KINDS.items():
            if isinstance(module, kind) and type(module).forward is kind.forward:
                return split
    return None if any(True for _ in module.children()) else row_wise_blocks


def refusal(module: nn.Module) -> str | None:
    """Return why a module's own parameters cannot be split by language, or None where they can."""
    if isinstance(module, nn.modules.batchnorm._BatchNorm):  # pyright: ignore[reportPrivateUsage]
        return "batch norm mixes the rows of all languages"
    if split_of(module) is None:
        return f"{type(module).__name__} has parameters of its own beside other modules"
    if isinstance(module, nn.Embedding) and (
        module.scale_grad_by_freq or module.sparse or module.max_norm is not None
    ):
        return "an embedding with max_norm, sparse gradients or gradients scaled by frequency"
    return None
