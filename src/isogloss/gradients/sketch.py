"""Sign sketches: short random summaries of gradients that add over micro-batches and processes."""

import hashlib
from functools import lru_cache

import torch
from torch import Tensor

from isogloss.core import Float
from isogloss.gradients.block import Block, Reduce

K = 1024
# Odd, so that place modulo K and sign repeat together only after 2**30 places.
_TILE = (1 << 20) + 7
_PIECES = 64


def sign_sketch(block: Block, name: str, k: int = K) -> Float[Tensor, "groups {k}"]:
    """Return the strided sign sketch of a gradient, shape [groups, k].

    Place j of the flattened gradient, with a fixed random sign, is added to bucket j mod k. Inner
    products of sketches estimate those of the gradients without bias, with a standard deviation of
    about |a| |b| / sqrt(k): 0.03 of a cosine at k = 1024. A sketch is linear in the gradient, so
    those of micro-batches and processes add up to that of the global batch, which Gramians do not.

    Args:
        block: gradients of one parameter.
        name: of the parameter; two runs or processes draw the same signs for the same name.
        k: buckets, a power of two.
    """
    start = int.from_bytes(hashlib.sha256(name.encode()).digest()[:4]) % _TILE
    flat = block.values.flatten(1).float()
    if block.tokens is not None:
        return _of_tokens(block, start, k)
    signs = _signs(start, flat.shape[1], flat.device)
    found = flat.new_zeros(len(flat), k)
    # In pieces that stay in the cache: fifteen times faster than one `einsum` over all places.
    pieces = zip(flat.split(_PIECES * k, dim=1), signs.split(_PIECES * k), strict=True)
    for columns, sign in pieces:
        signed, whole = columns * sign, columns.shape[1] // k * k
        found += signed[:, :whole].unflatten(1, (-1, k)).sum(1)
        found[:, : columns.shape[1] - whole] += signed[:, whole:]
    return found


def _of_tokens(block: Block, start: int, k: int) -> Float[Tensor, "groups {k}"]:
    """Sketch some rows of a table as if the others, which are zero, stood there too."""
    assert block.tokens is not None
    width = block.values.shape[2]
    device = block.values.device
    places = block.tokens[:, None] * width + torch.arange(width, device=device)
    signs = _tile(device)[(places + start) % _TILE]
    found = torch.zeros(len(block.values), k, device=device)
    signed = (block.values.float() * signs).flatten(1)
    return found.index_add_(1, (places % k).flatten(), signed)


def _signs(start: int, length: int, device: torch.device) -> Float[Tensor, " {length}"]:
    """Return the signs of places start, start + 1, ... of the endless tile."""
    tile = _tile(device)
    if start + length <= _TILE:
        return tile[start : start + length]
    turns = -(-(start + length) // _TILE)
    return tile.repeat(turns)[start : start + length]


@lru_cache(maxsize=4)
def _tile(device: torch.device) -> Tensor:
    """Return +1 and -1 at random, shape [_TILE]; the same in every process."""
    with torch.inference_mode(False):
        bits = torch.randint(0, 2, (_TILE,), generator=torch.Generator().manual_seed(4_099))
        return (2.0 * bits - 1.0).to(device)


class SketchSum:
    """Sketches of every module, added over micro-batches, then over processes.

    Args:
        modules: names, the same and in the same order on every process.
        n_languages: L.
        k: buckets of a sketch.
    """

    def __init__(self, modules: tuple[str, ...], n_languages: int, k: int = K) -> None:
        self.modules = modules
        self.total = torch.zeros(len(modules), n_languages, k)

    def add(
        self, languages: tuple[int, ...], sketches: dict[str, Float[Tensor, "present k"]]
    ) -> None:
        """Add the sketches of one micro-batch, each of shape [len(languages), k]."""
        rows = torch.tensor(languages, dtype=torch.long)
        for place, module in enumerate(self.modules):
            if module in sketches:
                self.total[place].index_add_(0, rows, sketches[module].to(self.total))

    def sum_across_processes(self, reduce: Reduce) -> None:
        """Make them the sketches of the global batch: one all-reduce."""
        reduce([self.total])

    @property
    def languages(self) -> tuple[int, ...]:
        """Languages with any gradient, in index order."""
        seen = self.total.abs().sum((0, 2)) > 0
        return tuple(int(index) for index in seen.nonzero())

    def gramians(self) -> dict[str, Tensor]:
        """Return the estimated Gramian of each module over `languages`, float64."""
        rows = self.total[:, list(self.languages)].double()
        return dict(zip(self.modules, rows @ rows.transpose(1, 2), strict=True))
