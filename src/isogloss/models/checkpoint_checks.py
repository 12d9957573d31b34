"""What is looked at before a model of somebody else's is built: config, architecture, weights."""

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Final, cast

import torch
from safetensors import SafetensorError, safe_open
from torch import nn
from transformers import AutoModelForMaskedLM, PretrainedConfig
from transformers.models.auto.modeling_auto import (
    MODEL_FOR_CAUSAL_LM_MAPPING_NAMES,
    MODEL_FOR_MASKED_LM_MAPPING_NAMES,
)

from isogloss.core import InputError, closest

# Largest numbers that a config can have and a model be built from; no model comes near them.
_LARGEST: Final = {
    "num_hidden_layers": 1_000,
    "num_attention_heads": 1_000,
    "hidden_size": 100_000,
    "intermediate_size": 1_000_000,
    "vocab_size": 10_000_000,
    "max_position_embeddings": 10_000_000,
}
# What building a model from values that nobody checked raises.
_UNUSABLE: Final = (
    *(ValueError, TypeError, KeyError, AttributeError),
    *(ArithmeticError, RuntimeError),
)


def body_folder(source: str | Path) -> Path:
    """Return the folder of a model's encoder: of a sentence-transformers folder, its first module.

    Args:
        source: a folder; a hub name, or a name in `PRESETS`, comes back as it is.

    Raises:
        InputError: a list of modules without such a module.

    Example:
        >>> str(body_folder("tiny"))
        'tiny'
    """
    folder = Path(source)
    listed = folder / "modules.json"
    if not listed.is_file() or (folder / "config.json").is_file():
        return folder
    try:
        modules = cast("list[dict[str, Any]]", json.loads(listed.read_text(encoding="utf-8")))
        paths = [one["path"] for one in modules if str(one["type"]).endswith(".Transformer")]
        return folder / str(paths[0])
    except (ValueError, TypeError, LookupError) as error:
        raise InputError(
            expected="a list of modules as sentence-transformers writes it, with a Transformer",
            found=str(error) or "none",
            where=str(listed),
            next_step="Give the folder in which the encoder's config.json lies.",
        ) from error


def refuse_broken_json(path: Path) -> None:
    """Refuse a `config.json` that holds no named values, before anything reads more out of it.

    Raises:
        InputError: no JSON, another thing than an object, or a size that no model has.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise _broken(f"no JSON: {error}", str(path)) from error
    if not isinstance(content, dict):
        raise _broken(f"a {type(content).__name__}", str(path))
    if not isinstance(content.get("model_type"), str):
        raise _broken("no name of an architecture under `model_type`", str(path))
    _refuse_sizes(content, str(path))


def refuse_impossible_sizes(config: PretrainedConfig, where: str) -> None:
    """Refuse sizes that no model can have.

    Raises:
        InputError: a size is no whole number, below 1 or beyond any model.
    """
    sizes = {name: getattr(config, name) for name in _LARGEST if hasattr(config, name)}
    _refuse_sizes(sizes, where)


def _refuse_sizes(sizes: Mapping[str, Any], where: str) -> None:
    for name, largest in _LARGEST.items():
        value = sizes.get(name, 1)
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= largest:
            raise _broken(f"`{name}`: {str(value)[:60]}", where, f"1 to {largest:,}")


def refuse_undivided(config: PretrainedConfig, where: str) -> None:
    """Refuse a width that does not go to the heads in equal parts.

    Raises:
        InputError: there is a rest.
    """
    if config.hidden_size % config.num_attention_heads:
        found = f"hidden_size {config.hidden_size} and {config.num_attention_heads} heads"
        raise _broken(found, where, "a width that the heads divide")


def refuse_architecture(config: PretrainedConfig, known: Collection[str], where: str) -> None:
    """Refuse what is no encoder that we can put modules in; decoders are told what there is.

    Raises:
        InputError: the architecture is not among those known.
    """
    name = str(config.model_type)
    if name in known:
        return
    kind = "another architecture"
    next_step = (
        "Take a model of one of these architectures, or add one: a file of paths, see docs/"
        "architecture.md."
    )
    only_causal = (
        name in MODEL_FOR_CAUSAL_LM_MAPPING_NAMES and name not in MODEL_FOR_MASKED_LM_MAPPING_NAMES
    )
    if config.is_encoder_decoder or only_causal:
        kind = "an encoder-decoder" if config.is_encoder_decoder else "a decoder"
        next_step += (
            " Of decoders isogloss measures gradient conflict alone: ConflictMonitor in a training "
            "of your own, see docs/monitor.md."
        )
    elif near := closest(name, list(known)):
        next_step = f"Did you mean `{near}`? {next_step}"
    raise InputError(
        expected=f"an encoder of the architecture {', '.join(sorted(known))}",
        found=f"`{name}`, {kind}",
        where=where,
        next_step=next_step,
    )


def refuse_other_shapes(config: PretrainedConfig, folder: Path) -> None:
    """Refuse a config that does not describe the weights beside it, before memory is taken.

    Raises:
        InputError: a tensor has another shape than the config says.
    """
    expected = skeleton(config, str(folder / "config.json")).state_dict()
    # An encoder alone is saved without the name that it has in a masked-LM model.
    expected |= {name.partition(".")[2]: value for name, value in expected.items()}
    for path in _files(folder):
        for name, shape in _shapes(path).items():
            if name in expected and list(expected[name].shape) != shape:
                raise InputError(
                    expected=f"`{name}` of shape {list(expected[name].shape)}, as config.json says",
                    found=f"shape {shape}",
                    where=str(path),
                    next_step="Use the config.json that was saved with these weights.",
                )


def skeleton(config: PretrainedConfig, where: str) -> nn.Module:
    """Return the masked-LM model of a config without memory for its weights.

    Raises:
        InputError: the config describes no model.
    """
    try:
        with torch.device("meta"):
            return AutoModelForMaskedLM.from_config(config)
    except _UNUSABLE as error:
        raise _broken(str(error).strip().partition("\n")[0], where) from error


def weight_names(folder: Path) -> frozenset[str]:
    """Return the names of a folder's weights; what is damaged is refused when it is read.

    Raises:
        InputError: there are none in safetensors.
    """
    refuse_no_safetensors(folder)
    return frozenset(name for path in _files(folder) for name in _shapes(path))


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("model*.safetensors"))


def refuse_no_safetensors(folder: Path) -> None:
    """Refuse a folder without weights that we read.

    Raises:
        InputError: there are none, or only pickled ones.
    """
    if _files(folder):
        return
    pickled = sorted(path.name for path in folder.glob("*.bin"))
    raise InputError(
        expected="weights in safetensors",
        found=f"{pickled[0]}, a pickle, which can run any code when read" if pickled else "none",
        where=str(folder),
        next_step=_conversion(folder)
        if pickled
        else "Copy model.safetensors too, or save the model again with `save_pretrained`, which "
        "writes it.",
    )


def _conversion(folder: Path) -> str:
    """Say how a pickle becomes safetensors, without inventing a head that is not in it."""
    try:
        names = json.loads((folder / "config.json").read_text(encoding="utf-8"))["architectures"]
    except (OSError, ValueError, LookupError, TypeError):
        names = None
    has_head = "ForMaskedLM" in str(names)
    loader = "AutoModelForMaskedLM" if has_head else "AutoModel"
    return (
        "If you trust where it comes from, convert it once with transformers: "
        f'{loader}.from_pretrained("{folder}", use_safetensors=False)'
        f'.save_pretrained("{folder}").'
    )


def _shapes(path: Path) -> dict[str, list[int]]:
    """Return the shapes in a file by name; of a damaged file none, which is refused when read."""
    try:
        with safe_open(path, framework="pt") as file:
            return {name: list(file.get_slice(name).get_shape()) for name in file.keys()}  # noqa: SIM118
    except (SafetensorError, OSError):
        return {}


def refuse_not_finite(model: nn.Module, where: str) -> None:
    """Refuse weights that hold NaN or an infinity: no setting of a training can mend them.

    Raises:
        InputError: there are some; the first tensor is named.
    """
    broken = {
        name: int((~value.isfinite()).sum())
        for name, value in model.named_parameters()
        if not bool(value.isfinite().all())
    }
    if broken:
        name, n = next(iter(broken.items()))
        more = f", and {len(broken) - 1} more tensors" if len(broken) > 1 else ""
        raise InputError(
            expected="weights that are numbers",
            found=f"NaN or infinity in `{name}` ({n:,} of its numbers){more}",
            where=where,
            next_step="The checkpoint is damaged, or its training diverged: take an earlier one.",
        )


def _broken(found: str, where: str, expected: str = "") -> InputError:
    return InputError(
        expected=f"a whole `config.json` of a Hugging Face model{f': {expected}' * bool(expected)}",
        found=found,
        where=where,
        next_step="Copy config.json again from where the model comes from.",
    )
