"""Each language's gradient inside one ordinary forward and backward."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

import torch
from torch import Tensor, nn
from torch.utils.hooks import RemovableHandle

from isogloss.core import InputError
from isogloss.gradients.apart import KeptGradients
from isogloss.gradients.block import Reduce
from isogloss.gradients.coverage import coverage, slab_names
from isogloss.gradients.language_gradients import LanguageGradients
from isogloss.gradients.recording import Recording, Surgery
from isogloss.gradients.rows import Rows
from isogloss.gradients.units import Granularity, take_inventory


def _everything(_path: str) -> bool:
    return True


class GradientEngine:
    """Splits the gradient rows of every leaf module by language, by hooks, in one pass.

    Languages occupy disjoint rows of a batch and a Transformer never mixes rows. So in ONE backward
    of the summed losses of the languages, the gradient rows gy[l] at a module come from language l
    alone, and dW_l = gy[l]^T x[l]. The rows J [languages, parameters] of a module give its exact
    Gramian J J^T and are dropped. Cost: one more weight-gradient product (4/3 U), memory of the
    largest module's J.

    Works for `nn.Linear`, `nn.LayerNorm`, `nn.Embedding` and GPT-2's `Conv1D`, in any model of any
    library, with padding, dropout, autocast and activation checkpointing; parameters used twice are
    summed before their Gramian. Any other module without children is run again on the rows of each
    language (a root-mean-square norm, say; not under `surgery`). What it cannot see stands in the
    coverage, with the reason: modules that mix rows, draw by lot or take several inputs, parameters
    beside child modules, outputs without a batch dimension. It CANNOT notice a loss that mixes rows
    (in-batch contrastive losses), a parameter used past its module's forward, or compiled graphs:
    do not watch those.

    No hook is left when a pass is over, and weights and `.grad` keep their bits (but for `surgery`,
    which is there to write `.grad`).

    Args:
        model: any module; hooks go on its leaf modules while it is watched.
        granularity: what one Gramian is about, "module" or "layer".
        sketch: buckets of sign sketches (1024 is a good number); 0 = none.
        choose: which modules to measure, by path; the rest is left out of the Gramians.

    Example:
        >>> model = nn.Sequential(nn.Linear(2, 1, bias=False))
        >>> _ = nn.init.ones_(model[0].weight)
        >>> engine = GradientEngine(model)
        >>> with engine.watch(torch.tensor([0, 1])):
        ...     losses = model(torch.tensor([[1.0, 2.0], [3.0, -1.0]])).squeeze(1)
        >>> losses.sum().backward()
        >>> engine.take().gramian().tolist()
        [[5.0, 1.0], [1.0, 10.0]]
    """

    def __init__(
        self,
        model: nn.Module,
        *,
        granularity: Granularity = "module",
        sketch: int = 0,
        choose: Callable[[str], bool] = _everything,
    ) -> None:
        self._model = model
        self._parameters = dict(model.named_parameters())
        self._inventory = take_inventory(model, granularity, choose)
        self._slabs = slab_names(model)
        self._sketch = sketch
        self._handles: list[RemovableHandle] = []
        self._recording: Recording | None = None

    @property
    def units(self) -> tuple[str, ...]:
        """Names of the modules (or layers) with a Gramian of their own, in the model's order."""
        return tuple(self._inventory.layers)

    @contextmanager
    def watch(
        self,
        language: Tensor | Sequence[int],
        target_row: Tensor | None = None,
        *,
        present: Sequence[int] | None = None,
        halves: bool = False,
        surgery: Surgery | None = None,
        reduce: Reduce | None = None,
    ) -> Iterator[None]:
        """Watch the forward pass inside; afterwards do ONE backward, then `take`.

        Args:
            language: index of each row's language, shape [rows], best on the CPU.
            target_row: shape [targets], the row of each target, where the model's head runs on
                targets picked out of the rows ([targets, hidden] rather than [rows, length, ..]).
            present: languages to tell apart; None = those of `language`. Name those that have
                targets: a language without any would be a row of zeros.
            halves: split each language's rows in two halves, to correct for noise.
            surgery: (unit, Gramian [present, present], float64) -> weights of the present
                languages. The unit's `.grad` is the sum of their gradients with these weights.
            reduce: sums tensors over the processes; Gramians are then those of the global batch.
                `present` must be given, the same on every process.

        Raises:
            InputError: `surgery` together with `halves`.
        """
        self._stop()
        if halves and surgery is not None:
            raise InputError(
                expected="halves or a surgery",
                found="both",
                where="GradientEngine.watch",
                next_step="Measure with halves in a pass of its own.",
            )
        rows = Rows(
            _listed(language),
            None if target_row is None else _listed(target_row),
            present=present,
            halves=halves,
        )
        self._recording = recording = Recording(
            self._parameters, rows, sketch=self._sketch, surgery=surgery, reduce=reduce
        )
        self._hook(recording, freeze=surgery is not None)
        try:
            yield
        except BaseException:
            self._stop()
            raise
        recording.end_forward()

    def _hook(self, recording: Recording, *, freeze: bool) -> None:
        """Put hooks on the leaf modules."""
        for leaf in self._inventory.leaves:
            if freeze and leaf.runs_again:
                reason = f"{type(leaf.module).__name__} is left to autograd by a surgery"
                recording.refused |= dict.fromkeys(leaf.names.values(), reason)
                continue
            if freeze:
                before = partial(recording.before, leaf)
                self._handles.append(leaf.module.register_forward_pre_hook(before))
            # First in line, so that the output is the module's own; called after an exception too,
            # so that no parameter stays frozen.
            after = leaf.module.register_forward_hook(
                partial(recording.after, leaf), prepend=True, with_kwargs=True, always_call=True
            )
            self._handles.append(after)

    def _stop(self) -> None:
        """Take all hooks away."""
        for handle in self._handles:
            handle.remove()
        if self._recording is not None:
            self._recording.release()
        self._handles, self._recording = [], None

    def keep(self) -> KeptGradients:
        """Return what collects the languages' gradients from passes over their rows alone.

        The other way to the same Gramians, and to `.grad`: without hooks, for the memory of every
        language's gradient. `runs_apart` says which of the two costs less.
        """
        return KeptGradients(self._parameters, self._inventory, self._slabs)

    def probe(self, loss: Tensor) -> None:
        """Go backward for the Gramians alone: no parameter's `.grad` is computed, the graph stays.

        Costs less than `backward` (the parameters' gradients are left out); a weighted
        `backward` of the same losses may follow after `take`.

        Args:
            loss: sum of the languages' losses.
        """
        assert self._recording is not None
        others = [p for name, p in self._parameters.items() if name in self._inventory.refused]
        inputs = [*self._recording.roots, *(p for p in others if p.requires_grad)]
        torch.autograd.grad(loss, inputs, retain_graph=True, allow_unused=True)

    def take(self, factors: Tensor | None = None) -> LanguageGradients:
        """End the pass and return what was seen in it.

        Args:
            factors: shape [languages], with which each language's mean loss went into the backward
                (for a mean over all targets: its share of the targets); the gradients are divided
                by them. None = 1 each.

        Raises:
            RuntimeError: nothing is being watched.
        """
        if self._recording is None:
            raise RuntimeError("GradientEngine.take without a watched forward pass before it.")
        recording = self._recording
        recording.end()
        self._stop()
        reasons = {**self._inventory.refused, **recording.refused}
        scale = _scale(recording.rows, factors)
        return LanguageGradients(
            languages=recording.rows.languages,
            by_unit=_in_order(self.units, recording.gramians, scale),
            sketches={
                unit: sketch / scale[:, None].to(sketch)
                for unit, sketch in recording.sketches.items()
            },
            layers=self._inventory.layers,
            shares=recording.rows.shares if recording.rows.halves else None,
            coverage=coverage(self._parameters, self._slabs, recording.seen, reasons),
        )


def _listed(indices: Tensor | Sequence[int]) -> list[int]:
    return indices.tolist() if isinstance(indices, Tensor) else list(indices)


def _scale(rows: Rows, factors: Tensor | None) -> Tensor:
    """Return the factor of each group, shape [groups], float64 on the CPU."""
    if factors is None:
        return torch.ones(rows.n_groups, dtype=torch.float64)
    present = factors.detach().cpu().double()[list(rows.languages)]
    return present.repeat_interleave(rows.n_groups // max(len(rows.languages), 1))


def _in_order(
    units: Sequence[str], gramians: dict[str, Tensor], scale: Tensor
) -> dict[str, Tensor]:
    """Return the Gramians in the model's order, unscaled, on the CPU by one transfer."""
    names = [unit for unit in units if unit in gramians]
    if not names:
        return {}
    stacked = torch.stack([gramians[name] for name in names]).cpu()
    return dict(zip(names, stacked / (scale[:, None] * scale), strict=True))
