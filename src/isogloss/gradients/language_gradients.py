"""What one watched pass tells about the gradients of the languages."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import torch
from torch import Tensor

from isogloss.core import Float
from isogloss.gradients.coverage import Coverage
from isogloss.gradients.measures import joined, noise_corrected


@dataclass(frozen=True, eq=False)
class LanguageGradients:
    """Gramians of the languages' gradients, by module, by layer and of the whole model.

    Attributes:
        languages: indices of the languages that are present, the axes of every Gramian.
        by_unit: Gramian of each module (or layer, as the engine was asked), float64 on the CPU,
            shape [present, present]; over halves [2 present, 2 present] where `shares` is given.
        sketches: sign sketches of each unit, shape [present, k]; none unless asked for.
        layers: unit -> the layer that it lies in.
        coverage: what was seen and what was not.
        shares: share of its language's targets that each half holds; None without halves.
    """

    languages: tuple[int, ...]
    by_unit: Mapping[str, Tensor]
    layers: Mapping[str, str]
    coverage: Coverage
    sketches: Mapping[str, Tensor] = field(default_factory=dict)
    shares: tuple[float, ...] | None = None

    def by_module(self, *, corrected: bool = False) -> dict[str, Float[Tensor, "present present"]]:
        """Return the Gramian [present, present] of each unit.

        Args:
            corrected: with unbiased lengths; needs halves. See `noise_corrected`.
        """
        return {unit: self._plain(gramian, corrected) for unit, gramian in self.by_unit.items()}

    def by_layer(self, *, corrected: bool = False) -> dict[str, Float[Tensor, "present present"]]:
        """Return the Gramian [present, present] of each layer."""
        found: dict[str, Tensor] = {}
        for unit, gramian in self.by_module(corrected=corrected).items():
            layer = self.layers[unit]
            found[layer] = found[layer] + gramian if layer in found else gramian
        return found

    def gramian(self, *, corrected: bool = False) -> Float[Tensor, "present present"]:
        """Return the Gramian [present, present] of all that was seen."""
        return self._plain(self.over_halves(), corrected)

    def over_halves(self) -> Float[Tensor, "groups groups"]:
        """Return the whole model's Gramian over halves where there are any, else the plain one."""
        size = len(self.languages) * (1 if self.shares is None else 2)
        found = torch.zeros(size, size, dtype=torch.float64)
        for gramian in self.by_unit.values():
            found += gramian
        return found

    def _plain(
        self, gramian: Float[Tensor, "groups groups"], corrected: bool
    ) -> Float[Tensor, "present present"]:
        if self.shares is None:
            assert not corrected, "noise can be corrected only where halves were watched"
            return gramian
        return noise_corrected(gramian, self.shares) if corrected else joined(gramian)
