"""Write a model as a plain Hugging Face folder, with what is ours beside it."""

import json
import shutil
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

from safetensors.torch import save_file
from torch import Tensor
from transformers import PreTrainedModel

from isogloss.core import InputError, flush_folder, folder_beside
from isogloss.models.quiet import quiet

SLABS_FILE: Final = "language_modules.safetensors"
CARD_FILE: Final = "isogloss.json"
FORMAT: Final = 1


def save_folder(
    folder: Path, backbone: PreTrainedModel, slabs: Mapping[str, Tensor], card: Mapping[str, Any]
) -> None:
    """Write a model folder that is whole or absent.

    A model of ours that lies there is replaced; other files there, such as the tokenizer's, stay.

    Args:
        folder: target; missing parent folders are made.
        backbone: goes to the root, where `AutoModelForMaskedLM` finds it.
        slabs: language-specific tensors by name.
        card: everything else that `load_model` needs, as JSON.

    Raises:
        InputError: the folder holds a model that isogloss did not write, or cannot be written.
    """
    if (folder / "config.json").exists() and not (folder / CARD_FILE).exists():
        raise InputError(
            expected="a new folder, or one that isogloss wrote",
            found="another model's config.json",
            where=str(folder),
            next_step="Give another folder; this one is left as it was.",
        )
    with folder_beside(folder) as new:
        with quiet():
            backbone.save_pretrained(new)
        save_file({name: slab.contiguous() for name, slab in slabs.items()}, new / SLABS_FILE)
        text = json.dumps({"format": FORMAT, "isogloss": _version(), **card}, indent=2)
        (new / CARD_FILE).write_text(text + "\n", encoding="utf-8")
        _swap(new, folder)


def card_of(folder: Path) -> Mapping[str, Any]:
    """Return what we noted beside a model; nothing beside one that we did not save."""
    try:
        card = json.loads((folder / CARD_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return card if isinstance(card, dict) else {}


def _swap(new: Path, folder: Path) -> None:
    """Rename `new` to `folder`; what else lay in the old folder is kept."""
    if folder.exists():
        for path in folder.iterdir():
            ours = path.name in {"config.json", SLABS_FILE, CARD_FILE}
            if ours or path.match("model*.safetensors*"):
                continue
            if path.is_dir():
                shutil.copytree(path, new / path.name)
            else:
                shutil.copy2(path, new / path.name)
    flush_folder(new)
    new.chmod(0o755)
    if folder.exists():
        # A folder cannot be renamed over a full one: the old one steps aside for that instant.
        with folder_beside(folder) as old:
            folder.rename(old / folder.name)
            new.rename(folder)
    else:
        new.rename(folder)


def _version() -> str:
    """Return the installed version of isogloss."""
    try:
        return version("isogloss")
    except PackageNotFoundError:
        return "unknown"
