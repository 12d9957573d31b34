"""What every kind of language-specific module promises."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

from torch import nn
from transformers import PretrainedConfig

from isogloss.models.attachments import Attachment
from isogloss.models.module_spec import ModuleSpec


@dataclass(frozen=True)
class Site:
    """One layer of a backbone, where a module is put.

    Attributes:
        layer: the Hugging Face layer.
        index: its number from 0.
        attachment: the map of the architecture.
        config: of the backbone.
        seed: of the model.
        position: number of the spec among the model's, so that equal specs start differently.
    """

    layer: nn.Module
    index: int
    attachment: Attachment
    config: PretrainedConfig
    seed: int
    position: int


class LanguageModule(nn.Module, ABC):
    """The slabs of one `ModuleSpec` in one layer.

    Every parameter has the leading axis [slots, ...] and nothing else is learned, so that growing,
    saving, counting and freezing work for all kinds alike. The value of a slot at creation depends
    on the site's seed, the kind, the layer and the slot only.

    A kind that ADDS (adapters) hooks the output of a submodule. A kind that REPLACES (feed-forward,
    attention, layer norm) overrides `forward` of the submodules it stands for with a bound method
    of its own and freezes the originals: the backbone keeps its names, so the saved root stays a
    plain Hugging Face folder. Both reach the rows' languages through `current_routing()`.

    Args:
        spec: what was asked for.
        site: where.
    """

    @abstractmethod
    def __init__(self, spec: ModuleSpec, site: Site) -> None:
        super().__init__()
        # Read at every forward pass; `add_language` replaces it.
        self.slots = spec.slots

    @abstractmethod
    def attach(self, site: Site) -> None:
        """Make the layer at `site` use this module. Called once."""
