"""The languages' gradients from one forward and backward each, kept whole.

One pass over all rows has each language's gradient for one more product a module, and for a second
backward where weights are for the whole model. Where the rows of a language are enough to fill a
product by themselves, as many passes over a part of the rows each cost no more than one over all,
and nothing has to be split: what it takes is memory for the gradients of every language.
"""

from collections.abc import Mapping, Sequence
from typing import Final, Literal, cast

import torch
from torch import Tensor, nn

from isogloss.gradients.block import Block
from isogloss.gradients.coverage import coverage
from isogloss.gradients.language_gradients import LanguageGradients
from isogloss.gradients.units import Inventory

OnePass = Literal["module", "measure", "model"]
"""What one pass over all rows is for: weights a module, Gramians alone, weights for the model."""

# Positions of a language from which a pass of its own is faster than its part of one pass, by
# `benchmarks/gradients.py`: what a layer costs however few the rows comes once a language. A
# surgery of modules saves their own gradients, one of the model goes backward twice.
LEAST_POSITIONS: Final[Mapping[OnePass, int]] = {"module": 1024, "measure": 512, "model": 128}
# Bytes that the gradients of all languages may take: a model of 30 M parameters in eight.
MEMORY_LIMIT: Final = 1 << 30


def runs_apart(
    n_languages: int,
    n_positions: int,
    n_parameters: int,
    *,
    one_pass: OnePass = "measure",
    memory_limit: int = MEMORY_LIMIT,
) -> bool:
    """Return whether one pass a language costs less than one pass over all rows.

    Args:
        n_languages: of the batch.
        n_positions: rows times length, all languages together.
        n_parameters: numbers that are trained.
        one_pass: what the other way is.
        memory_limit: bytes that the gradients of all languages may take together, in fp32.

    Example:
        >>> runs_apart(4, 32 * 64, 3_000_000), runs_apart(4, 32 * 64, 300_000_000)
        (True, False)
    """
    fits = 4 * n_languages * n_parameters <= memory_limit
    return fits and n_positions >= LEAST_POSITIONS[one_pass] * n_languages


class KeptGradients:
    """Gradients of the languages, one backward at a time; see `GradientEngine.keep`.

    Args:
        parameters: of the model, by name.
        inventory: units, and what cannot be split: it is left out of the Gramians here as there.
        slabs: names of language-specific parameters.
    """

    def __init__(
        self, parameters: Mapping[str, nn.Parameter], inventory: Inventory, slabs: Sequence[str]
    ) -> None:
        self._parameters = {name: p for name, p in parameters.items() if p.requires_grad}
        self._all, self._inventory, self._slabs = parameters, inventory, slabs
        self._by_language: dict[int, dict[str, Tensor]] = {}

    def add(self, language: int, loss: Tensor) -> None:
        """Go backward through the loss of a language, which ran by itself; `.grad` stays.

        Args:
            language: its index.
            loss: scalar.
        """
        parameters = list(self._parameters.values())
        found = cast(
            "tuple[Tensor | None, ...]", torch.autograd.grad(loss, parameters, allow_unused=True)
        )
        self._by_language[language] = {
            # Weighed in place later, which an expanded view cannot be.
            name: gradient.contiguous()
            for name, gradient in zip(self._parameters, found, strict=True)
            if gradient is not None
        }

    def take(self, *, surgery: bool = False) -> LanguageGradients:
        """Return the Gramians, as a watched pass has them.

        Args:
            surgery: leave out the modules that a surgery of modules leaves to autograd.
        """
        reasons, grams, seen = dict(self._inventory.refused), dict[str, Tensor](), set[str]()
        for leaf in self._inventory.leaves:
            if surgery and leaf.runs_again:
                reason = f"{type(leaf.module).__name__} is left to autograd by a surgery"
                reasons |= dict.fromkeys(leaf.names.values(), reason)
                continue
            for name in leaf.names.values():
                if name not in seen and (block := self._block(name)) is not None:
                    seen.add(name)
                    found = block.gramian()
                    grams[leaf.unit] = grams[leaf.unit] + found if leaf.unit in grams else found
        return LanguageGradients(
            languages=tuple(self._by_language),
            by_unit={unit: grams[unit].cpu() for unit in self._inventory.layers if unit in grams},
            layers=self._inventory.layers,
            coverage=coverage(self._all, self._slabs, seen, reasons),
        )

    def _block(self, name: str) -> Block | None:
        """Return the gradients of a parameter, [languages, ...]; None where nobody has any."""
        kept = [gradients.get(name) for gradients in self._by_language.values()]
        some = next((one for one in kept if one is not None), None)
        if some is None:
            return None
        return Block(torch.stack([torch.zeros_like(some) if one is None else one for one in kept]))

    def direct(self, weights: Tensor, names: Sequence[str]) -> None:
        """Write the weighted sum of the languages' gradients to `.grad`; they are used up.

        Args:
            weights: of the languages, in the order in which they were added.
            names: of the parameters.
        """
        for weight, gradients in zip(weights.tolist(), self._by_language.values(), strict=True):
            there = [name for name in dict.fromkeys(names) if name in gradients]  # ties come twice
            own = [gradients.pop(name) for name in there]
            if own:
                torch._foreach_mul_(own, weight)  # pyright: ignore[reportPrivateUsage, reportPrivateImportUsage]
            for name, gradient in zip(there, own, strict=True):
                parameter = self._parameters[name]
                if parameter.grad is None:
                    parameter.grad = gradient
                else:
                    parameter.grad += gradient

    def names_of(self, unit: str) -> list[str]:
        """Return the parameters of a unit."""
        return [
            name
            for leaf in self._inventory.leaves
            if leaf.unit == unit
            for name in leaf.names.values()
        ]

    @property
    def names(self) -> list[str]:
        """All parameters that are trained."""
        return list(self._parameters)
