"""Whether a checkpoint has a masked-LM head, from the names of its weights."""

import json
from pathlib import Path
from typing import Final

from huggingface_hub import get_safetensors_metadata, try_to_load_from_cache
from huggingface_hub.errors import HfHubHTTPError, NotASafetensorsRepoError

from isogloss.core import InputError
from isogloss.models.attachments import ATTACHMENTS
from isogloss.models.checkpoint_checks import body_folder, skeleton, weight_names
from isogloss.models.creation import model_config
from isogloss.models.presets import PRESETS

_FILE: Final = "model.safetensors"


def lacks_head(source: str | Path) -> bool:
    """Return whether a masked-LM head has to be made for a model; its weights are not read.

    Args:
        source: as in `create_model`; of a hub name that is not in the cache, the names of its
            weights are fetched.

    Returns:
        True for an encoder alone, and for the encoder of a task; False for a preset, whose head is
        as new as its encoder.

    Raises:
        InputError: no such model, an architecture that is not supported, or no weights in
            safetensors.
    """
    if str(source) in PRESETS:
        return False
    config = model_config(source)
    folder = body_folder(source)
    names = weight_names(folder) if folder.is_dir() else _names_on_hub(str(source))
    body = ATTACHMENTS[config.model_type].body
    aliases: dict[int, set[str]] = {}
    for name, weight in skeleton(config, str(source)).named_parameters(remove_duplicate=False):
        aliases.setdefault(id(weight), set()).add(name)
    # What a decoder shares with the embeddings is in the file under one of its names.
    others = [own for own in aliases.values() if not any(_is_in(name, body) for name in own)]
    return any(names.isdisjoint(own) for own in others)


def _is_in(name: str, path: str) -> bool:
    return name.startswith(f"{path}.")


def _names_on_hub(name: str) -> frozenset[str]:
    """Return the names of the weights of a hub model, from the cache where they are there."""
    cached = try_to_load_from_cache(name, _FILE)
    if isinstance(cached, str):
        return weight_names(Path(cached).parent)
    index = try_to_load_from_cache(name, f"{_FILE}.index.json")
    if isinstance(index, str):
        return frozenset(json.loads(Path(index).read_text(encoding="utf-8"))["weight_map"])
    try:
        return frozenset(get_safetensors_metadata(name).weight_map)
    except (HfHubHTTPError, NotASafetensorsRepoError, OSError) as error:
        raise InputError(
            expected="weights in safetensors",
            found=str(error).strip().partition("\n")[0],
            where=name,
            next_step="Take a model that has them, or convert a copy: docs/checkpoints.md says "
            "how.",
        ) from error
