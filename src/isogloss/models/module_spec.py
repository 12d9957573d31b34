"""What the user asks for: which language-specific modules, in which layers, shared by whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from isogloss.core import InputError


@dataclass(frozen=True)
class ModuleSpec:
    """One set of language-specific modules.

    Args:
        kind: a name in `KINDS`, for example `adapter`.
        slots: `slots[language]` is the slice of every slab that the language uses. `(0, 1, 2)` is
            one module a language, `(0, 0, 1)` lets two languages form a group, `(0, 0, 0)` is one
            module for all. Numbered from 0 without gaps.
        layers: layers that carry the modules, counted from 0; None = all.
        options: of the kind, for example `{"bottleneck": 64}`.

    Example:
        >>> ModuleSpec.per_language("adapter", 3, bottleneck=16).slots
        (0, 1, 2)
    """

    kind: str
    slots: tuple[int, ...]
    layers: tuple[int, ...] | None = None
    options: Mapping[str, float | str | int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # Specs come from YAML and JSON too, where tuples are lists.
        object.__setattr__(self, "slots", tuple(self.slots))
        object.__setattr__(self, "layers", None if self.layers is None else tuple(self.layers))
        object.__setattr__(self, "options", dict(self.options))

    def __hash__(self) -> int:
        return hash((self.kind, self.slots, self.layers, tuple(sorted(self.options.items()))))

    @classmethod
    def per_language(
        cls,
        kind: str,
        n_languages: int,
        *,
        layers: Sequence[int] | None = None,
        **options: float | str,
    ) -> "ModuleSpec":
        """Return a spec with one module for each language."""
        return cls(
            kind, tuple(range(n_languages)), None if layers is None else tuple(layers), options
        )

    @classmethod
    def for_all(
        cls,
        kind: str,
        n_languages: int,
        *,
        layers: Sequence[int] | None = None,
        **options: float | str,
    ) -> "ModuleSpec":
        """Return a spec with one module that all languages share: the control for capacity."""
        return cls(kind, (0,) * n_languages, None if layers is None else tuple(layers), options)

    @property
    def n_slots(self) -> int:
        """Length of the slabs' leading axis."""
        return max(self.slots) + 1

    @property
    def shared(self) -> bool:
        """Whether two or more languages all use the same module: nothing is language-specific."""
        return len(self.slots) > 1 and self.n_slots == 1

    def as_dict(self) -> dict[str, Any]:
        """Return the fields as JSON can hold them; `ModuleSpec(**fields)` is the way back."""
        layers = None if self.layers is None else list(self.layers)
        return {
            "kind": self.kind,
            "slots": list(self.slots),
            "layers": layers,
            "options": dict(self.options),
        }

    def with_language(self) -> "ModuleSpec":
        """Return the spec for one language more: a slot of its own, or the one that all share."""
        slot = 0 if self.shared else self.n_slots
        return ModuleSpec(self.kind, (*self.slots, slot), self.layers, self.options)

    def chosen_layers(self, n_layers: int) -> tuple[int, ...]:
        """Resolve `layers` for a model.

        Args:
            n_layers: of the model.

        Returns:
            The layers that carry the modules.

        Raises:
            InputError: a layer is outside the model, or named twice, or there is none.
        """
        if self.layers is None:
            return tuple(range(n_layers))
        inside = all(0 <= layer < n_layers for layer in self.layers)
        if not inside or not self.layers or len(set(self.layers)) < len(self.layers):
            raise InputError(
                expected=f"different layers from 0 to {n_layers - 1}",
                found=f"{list(self.layers)}",
                where=f"layers of the `{self.kind}` modules",
                next_step=f"The model has {n_layers} layers; leave `layers` out for all of them.",
            )
        return self.layers

    def check_slots(self, n_languages: int) -> None:
        """Refuse slots that miss a language or leave a slice unused.

        Args:
            n_languages: of the model.

        Raises:
            InputError: see above.
        """
        complete = set(self.slots) == set(range(len(set(self.slots))))
        if len(self.slots) != n_languages or not complete:
            raise InputError(
                expected=f"a slot for each of {n_languages} languages, numbered without gaps",
                found=f"{list(self.slots)}",
                where=f"slots of the `{self.kind}` modules",
                next_step="For one module per language use "
                f"{list(range(n_languages))}, for one that all share {[0] * n_languages}.",
            )
