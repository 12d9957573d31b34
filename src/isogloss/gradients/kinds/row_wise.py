"""Any other leaf module: its forward is run again on each group's rows, and differentiated."""

import torch
from torch import Tensor, nn

from isogloss.gradients.block import Block
from isogloss.gradients.rows import Grouping

# Of the largest output: kernels may sum in another order for another number of rows.
_ROUNDING = 1e-4


class NotRowWise(Exception):
    """The rows of a module's output are no function of the same rows of its input."""


@torch.no_grad()
def row_wise_blocks(
    module: nn.Module, x: Tensor, gy: Tensor, grouping: Grouping
) -> dict[str, Block]:
    """Return the gradient of each parameter of its own for each group, for any row-wise module.

    Such as the root-mean-square norms of Llama and its kin, whatever their class.

    Args:
        module: without children, of one input.
        x: its input, shape [rows, ...].
        gy: gradient of its output, shape [rows, ...].
        grouping: of the rows.

    Returns:
        Name of the parameter -> block [groups, *shape of the parameter].

    Raises:
        NotRowWise: an output changes with the other rows of the batch, or by chance.
    """
    own = {name: p for name, p in module.named_parameters(recurse=False) if p.requires_grad}
    precision = next(iter(own.values())).dtype
    x = x.to(precision) if x.is_floating_point() else x
    devices = [x.device] if x.is_cuda else []
    with torch.random.fork_rng(devices=devices):
        whole = grouping.parts(module.forward(x))
        rows: list[tuple[Tensor, ...]] = []
        for part, gradient, together in zip(
            grouping.parts(x), grouping.parts(gy), whole, strict=True
        ):
            with torch.enable_grad():
                alone = module.forward(part)
            if not torch.allclose(alone, together, rtol=0.0, atol=_allowed(together)):
                raise NotRowWise
            given = gradient.to(alone.dtype)
            rows.append(torch.autograd.grad(alone, list(own.values()), given))
    return {
        name: Block(torch.stack(column))
        for name, column in zip(own, zip(*rows, strict=True), strict=True)
    }


def _allowed(output: Tensor) -> float:
    return _ROUNDING * float(output.abs().max()) if output.numel() else 0.0
