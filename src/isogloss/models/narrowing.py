"""The last layer at chosen positions only: the same numbers for less work.

Attention is the only place where positions meet. After that of the last layer nobody looks at a
position that is not asked for, so its projection, the feed-forward part, the norms and whatever is
attached to them need not be computed there. The chosen positions go through the rest of the layer
as [n, hidden] where all would go as [rows, length, hidden].
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from torch import Tensor, nn

from isogloss.data import Routing
from isogloss.models.attachments import Attachment
from isogloss.models.slab import reroute


@contextmanager
def narrowed(
    layer: nn.Module, attachment: Attachment, positions: Tensor, routing: Routing | None
) -> Iterator[None]:
    """Let a layer return the hidden vectors at some positions only, shape [n, hidden].

    Hooks that are gone when the pass is over: the backbone keeps nothing of it, and a pass that
    wants all positions cannot meet them.

    Args:
        layer: the last one.
        attachment: the map of its architecture.
        positions: shape [n], flat indices into [rows * length].
        routing: languages of these positions, in their order; None without language-specific
            modules.
    """
    pass_ = _NarrowPass(positions, routing)
    hooks = {
        layer: pass_.residual,
        layer.get_submodule(attachment.attention_input): pass_.attend_to_all,
        layer.get_submodule(attachment.attention_projection): pass_.attended,
    }
    # First in line: hooks that were there before see what the modules see.
    handles = [
        module.register_forward_pre_hook(hook, prepend=True) for module, hook in hooks.items()
    ]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


class _NarrowPass:
    """Forward pre-hooks for one pass, in the order in which they act."""

    def __init__(self, positions: Tensor, routing: Routing | None) -> None:
        self._positions, self._routing = positions, routing
        self._everything: Tensor | None = None

    def residual(self, _layer: nn.Module, args: tuple[Any, ...]) -> tuple[Any, ...]:
        """Narrow the layer's input, which the attention's output is added to."""
        self._everything = args[0]
        return (self._narrow(args[0]), *args[1:])

    def attend_to_all(self, _module: nn.Module, args: tuple[Any, ...]) -> tuple[Any, ...]:
        """Give the attention the input at all positions."""
        return (self._everything, *args[1:])

    def attended(self, _module: nn.Module, args: tuple[Any, ...]) -> tuple[Any, ...]:
        """Narrow what the attention found; from here on each target has its own language."""
        if self._routing is not None:
            reroute(self._routing)
        return (self._narrow(args[0]), *args[1:])

    def _narrow(self, values: Tensor) -> Tensor:
        return values.flatten(0, 1).index_select(0, self._positions)
