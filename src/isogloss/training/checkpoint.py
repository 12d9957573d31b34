"""Checkpoints: one safetensors file, renamed into place, from which a run goes on bit by bit."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from isogloss.core import InputError, replacing

_NAME = "last.safetensors"


@dataclass(frozen=True)
class Checkpoint:
    """Everything that the next update depends on.

    Attributes:
        update: the next update to do.
        wall_s: seconds of training so far.
        model: weights by name.
        step: the state of the step, and of the combination rule, by name.
        fingerprint: content hash of the plan that made it.
    """

    update: int
    wall_s: float
    model: dict[str, Tensor]
    step: dict[str, Tensor]
    fingerprint: str


def save_checkpoint(folder: Path, checkpoint: Checkpoint) -> None:
    """Write the checkpoint whole or not at all; the former one stays until then.

    Raises:
        InputError: the disk is full or the folder cannot be written.
    """
    target = folder / _NAME
    tensors = {f"model:{k}": _plain(v) for k, v in checkpoint.model.items()}
    tensors |= {f"step:{k}": _plain(v) for k, v in checkpoint.step.items()}
    about = {
        "update": checkpoint.update,
        "wall_s": checkpoint.wall_s,
        "fingerprint": checkpoint.fingerprint,
    }
    sealed = {**about, "digest": _digest(about, tensors)}
    with replacing(target) as partial:
        save_file(tensors, partial, metadata={"isogloss": json.dumps(sealed)})


def load_checkpoint(folder: Path, fingerprint: str) -> Checkpoint | None:
    """Return the checkpoint of `folder`, or None when there is none yet.

    Args:
        folder: of the run.
        fingerprint: of the plan that is about to go on.

    Raises:
        InputError: the file is not what was written, or belongs to another plan.
    """
    path = folder / _NAME
    if not path.is_file():
        return None
    try:
        with safe_open(path, framework="pt") as file:
            about = json.loads((file.metadata() or {})["isogloss"])
            digest = about.pop("digest")
            tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118
    except (SafetensorError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise _refused(path, f"a damaged file ({error})") from error
    if digest != _digest(about, tensors):
        raise _refused(path, "a damaged file (it is not what was written)")
    if about["fingerprint"] != fingerprint:
        raise _refused(path, "the checkpoint of another plan")
    return Checkpoint(
        about["update"],
        about["wall_s"],
        _part(tensors, "model:"),
        _part(tensors, "step:"),
        fingerprint,
    )


def _plain(value: Tensor) -> Tensor:
    """Return a tensor as a file holds it."""
    return value.detach().cpu().contiguous()


def _digest(about: Mapping[str, Any], tensors: Mapping[str, Tensor]) -> str:
    """Return the SHA-256 of all that a checkpoint holds: a changed weight loads like any other."""
    found = hashlib.sha256(json.dumps(about, sort_keys=True).encode())
    for name, value in sorted(tensors.items()):
        found.update(f"{name} {value.dtype} {tuple(value.shape)}".encode())
        found.update(value.reshape(-1).view(torch.uint8).numpy().data)
    return found.hexdigest()


def _refused(path: Path, found: str) -> InputError:
    """Say that a checkpoint cannot be used."""
    return InputError(
        expected="a checkpoint of this run",
        found=found,
        where=str(path),
        next_step="Delete that file: the run starts again, finished runs are kept.",
    )


def _part(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    """Return the tensors under a prefix, without it."""
    return {key[len(prefix) :]: value for key, value in tensors.items() if key.startswith(prefix)}


def trainable_state(model: nn.Module) -> dict[str, Tensor]:
    """Return weights and buffers, each storage once (tied weights are named once)."""
    return {
        **{name: parameter.data for name, parameter in model.named_parameters()},
        **{
            name: buffer
            for name, buffer in model.named_buffers()
            if name in model.state_dict(keep_vars=True)
        },
    }


@torch.no_grad()
def restore_model(model: nn.Module, state: dict[str, Tensor]) -> None:
    """Copy saved weights into the model."""
    own = trainable_state(model)
    for name, value in state.items():
        own[name].copy_(value)
