"""Which parameters an engine saw, and why it did not see the others."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from torch import nn

from isogloss.models import MultilingualModel


@dataclass(frozen=True)
class Coverage:
    """Share of the shared, trained parameters whose gradients were split by language.

    Attributes:
        seen: number of parameters (scalars) seen.
        shared: number of trained parameters that all languages share.
        unseen: name of a shared parameter that was not seen -> the reason.
        language_specific: names of slabs, each slot of which has one language's gradient anyway.
    """

    seen: int
    shared: int
    unseen: Mapping[str, str]
    language_specific: tuple[str, ...]

    @property
    def share(self) -> float:
        """Share of the shared parameters that was seen, from 0 to 1."""
        return self.seen / self.shared if self.shared else 1.0

    def __str__(self) -> str:
        lines = [f"{self.share:.1%} of {self.shared:,} shared parameters seen"]
        lines += [f"not seen: {name} ({reason})" for name, reason in self.unseen.items()]
        if self.language_specific:
            lines.append(f"language-specific: {len(self.language_specific)} slabs")
        return "\n".join(lines)


def coverage(
    parameters: Mapping[str, nn.Parameter],
    slabs: Iterable[str],
    seen: Iterable[str],
    reasons: Mapping[str, str],
) -> Coverage:
    """Take stock after one backward pass.

    Args:
        parameters: of the model, by name, each once.
        slabs: names of the language-specific ones.
        seen: names whose rows were split.
        reasons: name -> why it could not be.
    """
    specific, found = set(slabs), set(seen)
    trained = {name: p for name, p in parameters.items() if p.requires_grad}
    shared = {name: p.numel() for name, p in trained.items() if name not in specific}
    return Coverage(
        sum(size for name, size in shared.items() if name in found),
        sum(shared.values()),
        {
            name: reasons.get(name, "no gradient came to a module that uses it")
            for name in shared
            if name not in found
        },
        tuple(name for name in trained if name in specific),
    )


def slab_names(model: nn.Module) -> tuple[str, ...]:
    """Return the names of language-specific parameters of the isogloss models inside `model`."""
    return tuple(
        f"{path}.{name}" if path else name
        for path, module in model.named_modules()
        if isinstance(module, MultilingualModel)
        for name in module.language_specific_names()
    )
