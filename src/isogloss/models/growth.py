"""Give slabs a slice more, so that a language can be added to a trained model."""

from typing import Final

import torch
from torch import Tensor, nn

from isogloss.core import InputError, Language
from isogloss.models.kinds import LanguageModule

_COPY: Final = "copy:"


def source_of_new_slot(initialise: str, languages: tuple[Language, ...]) -> int | None:
    """Read `initialise` of the language to add.

    Args:
        initialise: `mean`, `random`, or `copy:` and a language.
        languages: of the model.

    Returns:
        The index of the language to copy from, or None for `mean` and `random`.

    Raises:
        InputError: another word, or a language that the model does not have.
    """
    if initialise in ("mean", "random"):
        return None
    if initialise.startswith(_COPY):
        language = Language.parse(initialise.removeprefix(_COPY))
        if language in languages:
            return languages.index(language)
    raise InputError(
        expected=f"mean, random or {_COPY} with one of {', '.join(map(str, languages))}",
        found=f"`{initialise}`",
        where="`initialise` of the language to add",
        next_step=f"Use for example `{_COPY}{languages[0]}`.",
    )


def grow(
    module: LanguageModule, fresh: LanguageModule, initialise: str, source: int | None
) -> None:
    """Append one slot to every slab of `module`; the old slots keep their bits.

    Args:
        module: attached and trained; its parameters are replaced by longer ones.
        fresh: newly built with one slot more; gives random values and the new slots.
        initialise: `mean` of the old slots, `random`, or `copy:...`.
        source: language index to copy from, with `copy:...`.
    """
    new = dict(fresh.named_parameters())
    for name, old in list(module.named_parameters()):
        if source is not None:
            slot = old[module.slots[source]]
        elif initialise == "mean":
            slot = old.mean(0)
        else:
            slot = new[name][-1].to(old)
        _replace(module, name, old, slot)
    module.slots = fresh.slots


def _replace(module: nn.Module, name: str, old: nn.Parameter, slot: Tensor) -> None:
    """Put the slab of `old` and one more slot in the place of `old`."""
    owner, _, attribute = name.rpartition(".")
    longer = torch.cat([old.detach(), slot.detach()[None]])
    setattr(module.get_submodule(owner), attribute, nn.Parameter(longer, old.requires_grad))
