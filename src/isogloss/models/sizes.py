"""How large a model is, from its name alone: what a plan of a study needs to know of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from isogloss.models.module_spec import ModuleSpec
from isogloss.models.presets import LONGEST_ROW, PRESETS

_GATED: Final = frozenset({"modernbert", "eurobert"})


@dataclass(frozen=True)
class ModelSize:
    """Widths and numbers of layers.

    Attributes:
        architecture: `config.model_type` of Hugging Face.
        hidden: width.
        layers: of the encoder.
        heads: of each layer's attention.
        intermediate: width of the feed-forward layers.
        longest: tokens of a row at the most.
        vocabulary: tokens of a checkpoint's embeddings; None = those of the study's tokenizer.
    """

    architecture: str
    hidden: int
    layers: int
    heads: int
    intermediate: int
    longest: int
    vocabulary: int | None = None

    @property
    def layer_parameters(self) -> int:
        """Weights of the linear maps of one layer; some feed-forward parts have a gate."""
        maps = 3 if self.architecture in _GATED else 2
        return 4 * self.hidden**2 + maps * self.hidden * self.intermediate


def model_size(source: str | Path) -> ModelSize:
    """Return the size of a model; for a preset neither torch nor transformers is loaded.

    Args:
        source: as in `create_model`; of a hub name only the config is fetched.

    Raises:
        InputError: no such model, or an architecture that is not supported.

    Example:
        >>> model_size("tiny").layer_parameters
        139264
    """
    preset = PRESETS.get(str(source))
    if preset is not None:
        return ModelSize(
            preset.architecture,
            preset.hidden,
            preset.layers,
            preset.heads,
            preset.intermediate,
            LONGEST_ROW,
        )
    from isogloss.models.attachments import ATTACHMENTS
    from isogloss.models.creation import model_config

    config = model_config(source)
    attachment = ATTACHMENTS[config.model_type]
    return ModelSize(
        config.model_type,
        config.hidden_size,
        config.num_hidden_layers,
        config.num_attention_heads,
        getattr(config, attachment.intermediate),
        attachment.longest_input(config),
        config.vocab_size,
    )


def check_layers(source: str | Path, modules: Sequence[ModuleSpec]) -> None:
    """Refuse modules in layers that a model does not have, before anything is made.

    Args:
        source: as in `create_model`.
        modules: language-specific modules.

    Raises:
        InputError: no such model, an architecture that is not supported, or a layer outside it.
    """
    n_layers = model_size(source).layers
    for spec in modules:
        spec.chosen_layers(n_layers)
