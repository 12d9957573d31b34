"""What happens between one forward and the end of its backward."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.hooks import RemovableHandle

from isogloss.gradients.block import Block, Reduce
from isogloss.gradients.kinds.row_wise import NotRowWise
from isogloss.gradients.rows import Grouping, Rows
from isogloss.gradients.sketch import sign_sketch
from isogloss.gradients.units import Leaf

Surgery = Callable[[str, Tensor], Tensor]


@dataclass
class Work:
    """A unit on its way through one pass.

    Attributes:
        calls: forward calls of its modules.
        fired: gradients that came back to them.
        blocks: what came back so far, by parameter.
    """

    calls: int = 0
    fired: int = 0
    blocks: dict[str, Block] = field(default_factory=dict)


class Recording:
    """Collects blocks as the backward pass goes by, and turns each finished unit into numbers.

    Args:
        parameters: of the model, by name.
        rows: languages of the rows.
        sketch: buckets of the sketches; 0 = none.
        surgery: (unit, Gramian [present, present]) -> weights; the unit's `.grad` is then the sum
            of its languages' gradients with these weights, and autograd computes none for it.
        reduce: sums blocks over the processes before anything is read from them.
    """

    def __init__(
        self,
        parameters: Mapping[str, nn.Parameter],
        rows: Rows,
        *,
        sketch: int = 0,
        surgery: Surgery | None = None,
        reduce: Reduce | None = None,
    ) -> None:
        self.rows = rows
        self.gramians: dict[str, Tensor] = {}
        self.sketches: dict[str, Tensor] = {}
        self.seen: set[str] = set()
        self.refused: dict[str, str] = {}
        self.roots: list[Tensor] = []
        self._parameters, self._sketch = parameters, sketch
        self._surgery, self._reduce = surgery, reduce
        self._works: dict[str, Work] = {}
        self._deferred: dict[str, int] = {}
        self._forward_is_over = self._is_over = False
        self._frozen: list[nn.Parameter] = []
        self._hooks: list[RemovableHandle] = []

    def end_forward(self) -> None:
        """Take what is called from here on for the recomputation of activation checkpointing."""
        self._forward_is_over = True

    def end(self) -> None:
        """Count what came back to units that were called more often; record no more gradients."""
        for unit, work in self._works.items():
            if work.blocks:
                self._close(unit, work)
        self._is_over = True

    def release(self) -> None:
        """Let go of the activations, whose hooks hold this recording: a cycle no collector sees."""
        for hook in self._hooks:
            hook.remove()
        self._hooks, self.roots = [], []

    def before(self, leaf: Leaf, _module: nn.Module, _args: object) -> None:
        """Forward pre-hook of a surgery: autograd need not compute the weight's gradient."""
        if torch.is_grad_enabled():
            self._frozen = leaf.trained()
            for parameter in self._frozen:
                parameter.requires_grad_(False)

    def after(
        self,
        leaf: Leaf,
        _module: nn.Module,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        y: object,
    ) -> Tensor | None:
        """Forward hook: wait for the gradient of the output, with the input at hand."""
        for parameter in self._frozen:
            parameter.requires_grad_(True)
        self._frozen = []
        if not leaf.trained():
            return None
        given = (*args, *kwargs.values())
        if not isinstance(y, Tensor) or (leaf.runs_again and not _is_one_tensor(given)):
            kind = type(leaf.module).__name__
            self._leave_out(leaf, f"{kind} has not one tensor for its input and its output")
            return None
        if not self._is_expected(leaf):
            return None
        x = given[0]
        if isinstance(leaf.module, nn.Embedding) and len(x) == len(y) == 1 and y.ndim > 2:
            # Positions of a model's own, the same in every row: each row's gradient is wanted.
            x = x.expand(self.rows.n_rows, *x.shape[1:])
            y = spread = y.expand(self.rows.n_rows, *y.shape[1:]).clone()
        else:
            spread = None
        grouping = self.rows.grouping(y)
        if grouping is None or x.shape[0] != y.shape[0]:
            return self._refuse(leaf, y, args, kwargs)
        if not y.requires_grad:
            y.requires_grad_()
        if not x.requires_grad:
            self.roots.append(y)
        self._hooks.append(y.register_hook(partial(self._came_back, leaf, x, grouping)))
        return spread

    def _is_expected(self, leaf: Leaf) -> bool:
        """Tell whether the gradient of this call is to be waited for.

        Reentrant checkpointing runs a segment without gradients, and again during the backward:
        the second call counts. The other kind keeps the first call's graph: the first one counts.
        """
        deferred = self._deferred.get(leaf.path, 0)
        if self._forward_is_over:
            self._deferred[leaf.path] = max(deferred - 1, 0)
            return deferred > 0
        self._works.setdefault(leaf.unit, Work()).calls += 1
        if not torch.is_grad_enabled():
            self._deferred[leaf.path] = deferred + 1
            return False
        return True

    def _refuse(
        self, leaf: Leaf, y: Tensor, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Tensor | None:
        """Leave a call to autograd; a unit that was not seen whole is not seen at all."""
        found = f"an output of shape {list(y.shape)}"
        self._leave_out(leaf, f"no batch dimension: {found} for {self.rows.described}")
        # Under surgery the module ran with its parameters frozen: run it again as it is.
        return None if self._surgery is None else leaf.module.forward(*args, **kwargs)

    def _leave_out(self, leaf: Leaf, reason: str) -> None:
        self.refused |= dict.fromkeys(leaf.names.values(), reason)

    @torch.no_grad()
    def _came_back(self, leaf: Leaf, x: Tensor, grouping: Grouping, gy: Tensor) -> None:
        """Tensor hook: split the gradient of one call."""
        if self._is_over:
            return
        work = self._works[leaf.unit]
        try:
            blocks = leaf.split(leaf.module, x, gy, grouping)
        except NotRowWise:
            blocks = {}
            kind = type(leaf.module).__name__
            self._leave_out(leaf, f"{kind} mixes the rows of a batch or draws by lot")
        for own, block in blocks.items():
            name = leaf.names[own]
            if name in work.blocks:
                work.blocks[name].add(block, self._parameters[name].shape)
            else:
                work.blocks[name] = block
        work.fired += 1
        if work.fired == work.calls and self._forward_is_over:
            self._close(leaf.unit, work)

    @torch.no_grad()
    def _close(self, unit: str, work: Work) -> None:
        """Turn the blocks of a unit into its Gramian, its sketch and its direction."""
        blocks, work.blocks = work.blocks, {}
        whole = {name: block for name, block in blocks.items() if name not in self.refused}
        if whole:
            self.seen |= whole.keys()
            self._measure(unit, whole)
        for name in blocks.keys() - whole.keys():
            self._leave_to_autograd(name, blocks[name])

    def _measure(self, unit: str, blocks: dict[str, Block]) -> None:
        if self._reduce is not None:
            for name, block in blocks.items():
                block.sum_across_processes(self._reduce, self._parameters[name].shape)
        gramian = torch.stack([block.gramian() for block in blocks.values()]).sum(0)
        self.gramians[unit] = gramian
        if self._sketch:
            sketches = [sign_sketch(block, name, self._sketch) for name, block in blocks.items()]
            self.sketches[unit] = torch.stack(sketches).sum(0)
        if self._surgery is not None:
            weights = self._surgery(unit, gramian)
            for name, block in blocks.items():
                _add_gradient(self._parameters[name], block, weights)

    def _leave_to_autograd(self, name: str, block: Block) -> None:
        """Give back what a surgery took from autograd of a parameter that it cannot see whole."""
        if self._surgery is not None:
            weights = block.values.new_ones(len(block.values))
            _add_gradient(self._parameters[name], block, weights)


def _is_one_tensor(given: tuple[object, ...]) -> bool:
    return len(given) == 1 and isinstance(given[0], Tensor)


def _add_gradient(parameter: nn.Parameter, block: Block, weights: Tensor) -> None:
    """Write a direction where autograd would have."""
    direction = block.weighted(weights, parameter.shape)
    parameter.grad = direction if parameter.grad is None else parameter.grad + direction
