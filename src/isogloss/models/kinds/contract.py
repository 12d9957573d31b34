"""What every kind of language-specific module promises."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

from torch import nn
from transformers import PretrainedConfig, PreTrainedModel

from isogloss.models.attachments import Attachment
from isogloss.models.module_spec import ModuleSpec


@dataclass(frozen=True)
class Site:
    """One layer of a backbone, where a module is put.

    Attributes:
        backbone: the masked-LM model.
        index: number of the layer, from 0.
        attachment: the map of the architecture.
        seed: of the model.
        position: number of the spec among the model's, so that equal specs start differently.
    """

    backbone: PreTrainedModel
    index: int
    attachment: Attachment
    seed: int
    position: int

    @property
    def config(self) -> PretrainedConfig:
        """Config of the backbone."""
        return self.backbone.config

    @property
    def layer(self) -> nn.Module:
        """The Hugging Face layer."""
        return self.attachment.layers_of(self.backbone)[self.index]

    @property
    def dropout(self) -> float:
        """Dropout of the residual branch."""
        name = self.attachment.dropout
        return 0.0 if name is None else float(getattr(self.config, name))

    def paths(self, inside: Iterable[str]) -> tuple[str, ...]:
        """Return paths in the layer as paths in the masked-LM model."""
        return tuple(f"{self.attachment.layers}.{self.index}.{path}" for path in inside)


class LanguageModule(nn.Module, ABC):
    """The slabs of one `ModuleSpec` in one layer.

    Every parameter has the leading axis [slots, ...] and nothing else is learned, so that growing,
    saving, counting and freezing work for all kinds alike. The value of a slot at creation depends
    on the site's seed, the kind, the layer and the slot only.

    A kind that ADDS (adapters) hooks the output of a submodule. A kind that REPLACES (feed-forward,
    attention, layer norm) overrides `forward` of the submodules it stands for with a bound method
    of its own, freezes the originals and names them in `replaced`: the backbone keeps its names, so
    the saved root stays a plain Hugging Face folder. Both reach the rows' languages through
    `current_routing()`.

    Args:
        spec: what was asked for.
        site: where.

    Attributes:
        of_checkpoint: options that hold, unless given, where the backbone was trained already.
        slots: slot of each language.
        replaced: paths in the masked-LM model of the submodules that this module stands for. Their
            own parameters are used by nobody.
    """

    of_checkpoint: ClassVar[Mapping[str, str]] = MappingProxyType({})

    @abstractmethod
    def __init__(self, spec: ModuleSpec, site: Site) -> None:
        super().__init__()
        self.replaced: tuple[str, ...] = ()
        # Read at every forward pass; `add_language` replaces it.
        self.slots = spec.slots

    @abstractmethod
    def attach(self, site: Site) -> None:
        """Make the layer at `site` use this module. Called once."""
