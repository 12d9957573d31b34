"""Read a model that `MultilingualModel.save` wrote."""

import json
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file

from isogloss.core import InputError, Language
from isogloss.models.creation import read_backbone, read_config
from isogloss.models.module_spec import ModuleSpec
from isogloss.models.multilingual import MultilingualModel
from isogloss.models.saving import CARD_FILE, FORMAT, SLABS_FILE


def load_model(folder: Path | str) -> MultilingualModel:
    """Read a model with the bits that were saved.

    Args:
        folder: written by `MultilingualModel.save`.

    Returns:
        The model, on the CPU.

    Raises:
        InputError: the folder is not one of ours, is damaged, or is of a newer format.
    """
    folder = Path(folder)
    card = _read_card(folder)
    read_config(folder, local=True)
    with torch.random.fork_rng(devices=[]):
        backbone = read_backbone(folder, local=True)
    try:
        model = MultilingualModel(
            backbone,
            languages=[Language.parse(text) for text in card["languages"]],
            modules=[ModuleSpec(**spec) for spec in card["modules"]],
            seed=card["seed"],
            tokenizer_fingerprint=card["tokenizer_fingerprint"],
        )
    except (KeyError, TypeError) as error:
        raise _damaged(folder / CARD_FILE, f"{type(error).__name__}: {error}") from error
    _load_slabs(model, folder / SLABS_FILE)
    return model


def _read_card(folder: Path) -> dict[str, Any]:
    """Return the content of the card."""
    path = folder / CARD_FILE
    if not path.is_file():
        raise InputError(
            expected=f"a model folder with {CARD_FILE}",
            found="none",
            where=str(folder),
            next_step="A plain Hugging Face folder is opened with `create_model`.",
        )
    try:
        card = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise _damaged(path, str(error)) from error
    if not isinstance(card, dict) or card.get("format") != FORMAT:
        found = card.get("format") if isinstance(card, dict) else type(card).__name__
        raise _damaged(path, f"format {found}, and this version reads format {FORMAT}")
    return card


def _load_slabs(model: MultilingualModel, path: Path) -> None:
    """Put the saved slabs into the modules."""
    try:
        slabs = load_file(path)
        model.language_modules.load_state_dict(slabs)
    except (OSError, SafetensorError, RuntimeError) as error:
        raise _damaged(path, str(error).strip().partition("\n")[0]) from error


def _damaged(path: Path, found: str) -> InputError:
    return InputError(
        expected="a whole file as isogloss writes it",
        found=found,
        where=str(path),
        next_step="Train or copy the model again, or use the version that wrote it.",
    )
