"""Models that somebody has finished: which kind a folder holds, and reading it."""

from pathlib import Path
from typing import Any, Final, Literal

import torch
from safetensors import SafetensorError
from transformers import AutoModelForCausalLM, PretrainedConfig, PreTrainedModel
from transformers.models.auto.modeling_auto import (
    MODEL_FOR_CAUSAL_LM_MAPPING_NAMES,
    MODEL_FOR_MASKED_LM_MAPPING_NAMES,
)

from isogloss.core import InputError, read_json
from isogloss.models.checkpoint_checks import refuse_not_finite
from isogloss.models.creation import open_config
from isogloss.models.quiet import quiet
from isogloss.models.saving import CARD_FILE

Kind = Literal["causal", "masked"]
_CONTEXTS: Final = ("max_position_embeddings", "n_positions", "max_seq_len", "seq_length")


def finished_kind(folder: Path) -> Kind:
    """Return whether a folder holds a causal or a masked language model.

    Args:
        folder: of Hugging Face.

    Raises:
        InputError: it is no folder of a model, holds another kind, or has language-specific modules
            beside its weights.
    """
    config = _config(folder)
    _refuse_modules(folder)
    named = [str(one) for one in config.architectures or ()]
    causal, masked = (
        config.model_type in names or any(one in names.values() for one in named)
        for names in (MODEL_FOR_CAUSAL_LM_MAPPING_NAMES, MODEL_FOR_MASKED_LM_MAPPING_NAMES)
    )
    if named and named[0] in MODEL_FOR_MASKED_LM_MAPPING_NAMES.values():
        return "masked"
    if named and named[0] in MODEL_FOR_CAUSAL_LM_MAPPING_NAMES.values():
        return "causal"
    if not named and causal != masked and not config.is_encoder_decoder:
        return "causal" if causal else "masked"
    raise InputError(
        expected="a causal or a masked language model, by `architectures` of config.json",
        found=named[0] if named else f"`{config.model_type}` without `architectures`",
        where=str(folder),
        next_step="Models with the head of a task and encoder-decoders are compared by their "
        "per-example scores: `isogloss compare --scores`.",
    )


def _refuse_modules(folder: Path) -> None:
    """Refuse a model of ours whose modules are not in the weights that Hugging Face reads."""
    path = folder / CARD_FILE
    if path.is_file() and read_json(path, what="a card", next_step="Save it again.").get("modules"):
        raise InputError(
            expected="a model whose weights are all in model.safetensors",
            found="one with language-specific modules beside them",
            where=str(folder),
            next_step="Write it as one model for each language: `isogloss export`.",
        )


def _config(folder: Path) -> PretrainedConfig:
    if not folder.is_dir():
        raise InputError(
            expected="the folder of a Hugging Face model",
            found="no such folder" if not folder.exists() else "a file",
            where=str(folder),
            next_step="Download it into a folder first; names on the hub are not taken here.",
        )
    return open_config(folder, local=True)


def longest_context(folder: Path) -> int | None:
    """Return how many positions a model has; None where its config names no limit."""
    config = _config(folder)
    found = (getattr(config, name, None) for name in _CONTEXTS)
    return next((int(one) for one in found if isinstance(one, int) and one > 0), None)


def read_causal(folder: Path, dtype: torch.dtype) -> PreTrainedModel:
    """Read a causal language model.

    Args:
        folder: of Hugging Face, with weights in safetensors. Code that comes with it never runs.
        dtype: of its weights.

    Returns:
        The model, on the CPU, for evaluation.

    Raises:
        InputError: weights are missing, pickled, not finite or of other shapes.
    """
    _config(folder)
    step = "Save the model again with `save_pretrained`, which writes safetensors."
    if not list(folder.glob("model*.safetensors")):
        raise _unread("weights in safetensors", "none", folder, step)
    try:
        with quiet():
            loaded: Any = AutoModelForCausalLM.from_pretrained(
                folder,
                local_files_only=True,
                use_safetensors=True,
                dtype=dtype,
                attn_implementation="sdpa",
                output_loading_info=True,
            )
        model, info = loaded
    except (OSError, SafetensorError, RuntimeError, ValueError) as error:
        found = str(error).strip().partition("\n")[0]
        raise _unread("whole weights of a causal language model", found, folder, step) from error
    if info["missing_keys"]:
        found = f"no {', '.join(sorted(info['missing_keys'])[:3])}"
        raise _unread("all weights of a causal language model", found, folder, step)
    refuse_not_finite(model, str(folder))
    model.eval()
    return model


def _unread(expected: str, found: str, folder: Path, next_step: str) -> InputError:
    return InputError(expected=expected, found=found, where=str(folder), next_step=next_step)
