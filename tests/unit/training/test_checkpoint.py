import json
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import nn

import toys
from isogloss.core import InputError
from isogloss.training import Checkpoint, load_checkpoint, save_checkpoint
from isogloss.training import checkpoint as module
from isogloss.training.checkpoint import restore_model, trainable_state


def checkpoint(update: int = 7) -> Checkpoint:
    model = {"weight": torch.randn(3, 2), "te:st": torch.randn(4).bfloat16()}
    step = {"weight/exp_avg": torch.randn(2, 3).T, "weight/step": torch.tensor(7.0)}
    return Checkpoint(update, 12.5, model, step, "plan")


def test_what_is_saved_comes_back_bit_by_bit(tmp_path: Path) -> None:
    saved = checkpoint()
    save_checkpoint(tmp_path / "new", saved)
    loaded = load_checkpoint(tmp_path / "new", "plan")
    assert loaded is not None
    assert (loaded.update, loaded.wall_s, loaded.fingerprint) == (7, 12.5, "plan")
    assert toys.same_bits(loaded.model, saved.model)
    assert toys.same_bits(loaded.step, saved.step)
    assert loaded.model["te:st"].dtype == torch.bfloat16
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["last.safetensors"]


def test_the_file_is_plain_safetensors(tmp_path: Path) -> None:
    save_checkpoint(tmp_path, checkpoint())
    with safe_open(tmp_path / "last.safetensors", framework="pt") as file:
        assert json.loads(file.metadata()["isogloss"])["update"] == 7
        assert "model:weight" in file.keys()  # noqa: SIM118


def test_no_checkpoint_yet(tmp_path: Path) -> None:
    assert load_checkpoint(tmp_path / "nowhere", "plan") is None


def test_the_checkpoint_of_another_plan_is_refused(tmp_path: Path) -> None:
    save_checkpoint(tmp_path, checkpoint())
    with pytest.raises(InputError, match="the checkpoint of another plan") as refused:
        load_checkpoint(tmp_path, "other")
    assert refused.value.where == str(tmp_path / "last.safetensors")


@pytest.mark.parametrize("damage", ["cut", "empty", "noise", "foreign", "no json"])
def test_a_damaged_file_is_refused_and_named(tmp_path: Path, damage: str) -> None:
    save_checkpoint(tmp_path, checkpoint())
    path = tmp_path / "last.safetensors"
    whole = path.read_bytes()
    if damage == "foreign":
        save_file({"weight": torch.ones(2)}, path)
    elif damage == "no json":
        save_file({"weight": torch.ones(2)}, path, metadata={"isogloss": "{"})
    else:
        path.write_bytes({"cut": whole[:-9], "empty": b"", "noise": b"\x00\xff" * 40}[damage])
    with pytest.raises(InputError, match="a damaged file") as refused:
        load_checkpoint(tmp_path, "plan")
    assert refused.value.where == str(path)
    assert "Delete that file" in refused.value.next_step


def test_no_flipped_bit_is_loaded(tmp_path: Path) -> None:
    """Of the header, of what is told about the run, and of the numbers alike."""
    save_checkpoint(tmp_path, checkpoint())
    path = tmp_path / "last.safetensors"
    whole = path.read_bytes()
    for place in range(len(whole)):
        path.write_bytes(
            whole[:place] + bytes([whole[place] ^ 1 << place % 8]) + whole[place + 1 :]
        )
        with pytest.raises(InputError) as refused:
            load_checkpoint(tmp_path, "plan")
        assert refused.value.where == str(path)


def test_a_checkpoint_without_its_digest_is_refused(tmp_path: Path) -> None:
    about = {"update": 7, "wall_s": 12.5, "fingerprint": "plan"}
    tensors = {"model:weight": torch.ones(2)}
    save_file(tensors, tmp_path / "last.safetensors", metadata={"isogloss": json.dumps(about)})
    with pytest.raises(InputError, match="a damaged file"):
        load_checkpoint(tmp_path, "plan")


@pytest.mark.parametrize("crash", [KeyboardInterrupt, OSError, module.SafetensorError])
def test_an_interrupted_write_leaves_the_old_checkpoint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, crash: type[BaseException]
) -> None:
    old = checkpoint(7)
    save_checkpoint(tmp_path, old)

    def half(tensors: object, path: Path, metadata: object) -> None:
        path.write_bytes(b"half a file")
        raise crash("No space left on device")

    monkeypatch.setattr(module, "save_file", half)
    with pytest.raises(KeyboardInterrupt if crash is KeyboardInterrupt else InputError):
        save_checkpoint(tmp_path, checkpoint(8))
    loaded = load_checkpoint(tmp_path, "plan")
    assert loaded is not None
    assert loaded.update == 7
    assert toys.same_bits(loaded.model, old.model)
    assert [path.name for path in tmp_path.iterdir()] == ["last.safetensors"], "no litter"


def test_tied_weights_are_saved_once_and_restored_in_both_places() -> None:
    def tied() -> nn.Module:
        model = nn.Sequential(nn.Linear(3, 3), nn.Linear(3, 3), nn.BatchNorm1d(3))
        model[1].weight = model[0].weight
        model.register_buffer("passing", torch.zeros(1), persistent=False)
        return model

    first, second = tied(), tied()
    first[2](torch.randn(5, 3))
    state = trainable_state(first)
    assert "1.weight" not in state
    assert "passing" not in state
    assert "2.running_mean" in state, "buffers that training moves are kept"
    restore_model(second, state)
    assert second[1].weight is second[0].weight
    assert toys.same_bits(trainable_state(second), state)
