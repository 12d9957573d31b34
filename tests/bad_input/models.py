"""Mistakes with models to start from."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

from bad_input.mistake import RUN, Mistake, both, file, gone, study


def _model(*changes: Callable[[Path], None]) -> Callable[[Path], None]:
    """Return what takes the model of the finished study with its tokenizer, and spoils it."""

    def make(folder: Path) -> None:
        joint = next((folder / "out" / "runs").glob("pretrain-qaa+qab-*"))
        shutil.copytree(joint / "model", folder / "mine")
        shutil.copytree(folder / "out/prepared/tokenizer", folder / "mine", dirs_exist_ok=True)
        both(study(model="mine"), *changes)(folder)

    return make


def _config(**values: object) -> Callable[[Path], None]:
    def make(folder: Path) -> None:
        path = folder / "mine" / "config.json"
        path.write_text(json.dumps({**json.loads(path.read_text()), **values}))

    return make


def _cut(folder: Path) -> None:
    path = folder / "mine" / "model.safetensors"
    path.write_bytes(path.read_bytes()[:1000])


_NEW = "run study.yaml --data data --out new --launcher inline"

MISTAKES = [
    Mistake(
        "an unknown model",
        RUN,
        "Expected a preset, existing folder or hub name (owner/name): one of … Found `tinny`. "
        "Where: study.yaml: model. Did you mean `tiny`?",
        study(model="tinny"),
    ),
    Mistake(
        "a model folder that is not there",
        RUN,
        "Expected a preset, existing folder or hub name (owner/name): one of … Found "
        "`./models/of/mine`. Where: study.yaml: model. …",
        study(model="./models/of/mine"),
    ),
    Mistake(
        "a model folder without a tokenizer",
        RUN,
        "Expected a fast tokenizer with cls, sep, pad and mask tokens, … Found … Where: mine. Give "
        "the folder of such a tokenizer, …",
        both(study(model="mine"), file("mine/config.json", "{}")),
    ),
    Mistake(
        "a model without weights",
        _NEW,
        "Expected weights in safetensors. Found none. Where: mine. Save the model again with "
        "`save_pretrained`, which writes model.safetensors.",
        _model(gone("mine/model.safetensors")),
        done=True,
    ),
    Mistake(
        "weights in a pickle",
        _NEW,
        "Expected weights in safetensors. Found pytorch_model.bin, a pickle, which can run any "
        "code when read. Where: mine. Save the model again with `save_pretrained`, …",
        _model(gone("mine/model.safetensors"), file("mine/pytorch_model.bin", b"\x80\x04.")),
        done=True,
    ),
    Mistake(
        "weights that were cut short",
        _NEW,
        "Expected whole weights in safetensors, of the shapes that the config says. Found … Where: "
        "mine. Copy the model again, or use one that has them.",
        _model(_cut),
        done=True,
    ),
    Mistake(
        "an architecture that is not supported",
        _NEW,
        "Expected a architecture: one of … Found `gpt2`. Where: architecture. …",
        _model(_config(model_type="gpt2")),
        done=True,
    ),
    Mistake(
        "a tokenizer that does not fit the model",
        _NEW,
        "Expected a tokenizer of 1000 pieces, as the model has. Found 400 pieces. Where: mine. Use "
        "the tokenizer that was saved with the model.",
        _model(_config(vocab_size=1000)),
        done=True,
    ),
    Mistake(
        "rows longer than the model's positions",
        _NEW,
        "Expected rows of at most 512 tokens, which is what `micro` reads. Found 513. Where: "
        "pretraining.length. Lower it, or take a model with more positions.",
        study(tasks=[], pretraining={"updates": 1, "rows": 1, "length": 513}),
        rewrites=r"new/.*",
    ),
]
