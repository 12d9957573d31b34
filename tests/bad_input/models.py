"""Mistakes with models to start from."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

from safetensors.torch import load_file, save_file

from bad_input.mistake import RUN, Mistake, both, file, gone, study


def _model(*changes: Callable[[Path], None]) -> Callable[[Path], None]:
    """Return what takes the model of the finished study with its tokenizer, and spoils it."""

    def make(folder: Path) -> None:
        joint = next((folder / "out" / "runs").glob("pretrain-qaa+qab-*"))
        shutil.copytree(joint / "model", folder / "mine")
        shutil.copytree(folder / "out/prepared/tokenizer", folder / "mine", dirs_exist_ok=True)
        both(study(model="mine", tokenizer=None), *changes)(folder)

    return make


def _config(**values: object) -> Callable[[Path], None]:
    def make(folder: Path) -> None:
        path = folder / "mine" / "config.json"
        path.write_text(json.dumps({**json.loads(path.read_text()), **values}))

    return make


def _cut(folder: Path) -> None:
    path = folder / "mine" / "model.safetensors"
    path.write_bytes(path.read_bytes()[:1000])


def _nan(folder: Path) -> None:
    path = folder / "mine" / "model.safetensors"
    weights = load_file(path)
    next(iter(weights.values())).view(-1)[0] = float("nan")
    save_file(weights, path, metadata={"format": "pt"})


def other_pieces(folder: Path) -> None:
    """Exchange two pieces of the tokenizer, whose number stays."""
    path = folder / "mine" / "tokenizer.json"
    content = json.loads(path.read_text())
    pieces = content["model"]["vocab"]
    first, second = [piece for piece in pieces if piece not in ("<pad>", "<unk>")][-2:]
    pieces[first], pieces[second] = pieces[second], pieces[first]
    path.write_text(json.dumps(content))


def _without_a_layer(folder: Path) -> None:
    path = folder / "mine" / "model.safetensors"
    weights = {key: value for key, value in load_file(path).items() if ".layers.1." not in key}
    save_file(weights, path, metadata={"format": "pt"})


_DESTROYED = {
    "start": {"nats": {"qaa-Latn": 3.0}, "retrieval": {"qaa-Latn~qab-Latn": 0.76}},
    "end": {"nats": {"qaa-Latn": 6.0}, "retrieval": {"qaa-Latn~qab-Latn": 0.01}},
    "destroyed": True,
}
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
        _NEW,
        "Expected a fast tokenizer with cls, sep, pad and mask tokens … Found … Where: mine. Give "
        "the folder of such a tokenizer, …",
        _model(gone("mine/tokenizer.json", "mine/tokenizer_config.json")),
        done=True,
    ),
    Mistake(
        "a model without weights",
        _NEW,
        "Expected weights in safetensors. Found none. Where: mine. Copy model.safetensors too, or "
        "save the model again with `save_pretrained`, which writes it.",
        _model(gone("mine/model.safetensors")),
        done=True,
    ),
    Mistake(
        "weights in a pickle",
        _NEW,
        "Expected weights in safetensors. Found pytorch_model.bin, a pickle, which can run any "
        "code when read. Where: mine. If you trust where it comes from, convert it once with "
        'transformers: AutoModelForMaskedLM.from_pretrained("mine", use_safetensors=False)'
        '.save_pretrained("mine").',
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
        "Expected an encoder of the architecture bert, deberta-v2, distilbert, eurobert, "
        "modernbert, xlm-roberta, xlm-roberta-xl. Found `electra`, another architecture. Where: "
        "mine. Take a model of one of these architectures, or add one: a file of paths, see "
        "docs/architecture.md.",
        _model(_config(model_type="electra")),
        done=True,
    ),
    Mistake(
        "a decoder",
        _NEW,
        "Expected an encoder of the architecture bert, deberta-v2, distilbert, eurobert, "
        "modernbert, xlm-roberta, xlm-roberta-xl. Found `gpt2`, a decoder. Where: mine. Take a "
        "model of one of these architectures, … Of decoders isogloss "
        "measures gradient conflict alone: ConflictMonitor in a training of your own, …",
        _model(_config(model_type="gpt2")),
        done=True,
    ),
    Mistake(
        "a model whose width is no number",
        _NEW,
        "Expected a whole `config.json` of a Hugging Face model: 1 to 100,000. Found "
        "`hidden_size`: wide. Where: mine/config.json. Copy config.json again from where the model "
        "comes from.",
        _model(_config(hidden_size="wide")),
        done=True,
    ),
    Mistake(
        "a model of minus one layers",
        _NEW,
        "Expected a whole `config.json` of a Hugging Face model: 1 to 1,000. Found "
        "`num_hidden_layers`: -1. Where: mine/config.json. Copy config.json again from where …",
        _model(_config(num_hidden_layers=-1)),
        done=True,
    ),
    Mistake(
        "the config of a wider model",
        _NEW,
        "Expected … of shape … as config.json says. Found shape … Where: "
        "mine/model.safetensors. Use the config.json that was saved with these weights.",
        _model(_config(hidden_size=128)),
        done=True,
    ),
    Mistake(
        "a config that is a list",
        _NEW,
        "Expected a whole `config.json` of a Hugging Face model. Found a list. Where: "
        "mine/config.json. Copy config.json again from where the model comes from.",
        _model(file("mine/config.json", "[]")),
        done=True,
    ),
    Mistake(
        "weights that hold NaN",
        _NEW,
        "Expected weights that are numbers. Found NaN or infinity in … Where: mine. The checkpoint "
        "is damaged, or its training diverged: take an earlier one.",
        _model(_nan),
        done=True,
    ),
    Mistake(
        "a tokenizer that does not fit the model",
        _NEW,
        "Expected a tokenizer of 1000 tokens, as the model has. Found 400 tokens. Where: mine. Use "
        "the tokenizer that was saved with the model.",
        _model(_config(vocab_size=1000)),
        done=True,
    ),
    Mistake(
        "the tokenizer of another model of the same size",
        _NEW,
        "Expected the tokenizer of this model, with the fingerprint … Found another of as many "
        "tokens: … Where: mine. Use the tokenizer that the model was trained with: …",
        _model(other_pieces),
        done=True,
    ),
    Mistake(
        "an encoder of which a layer is missing",
        _NEW,
        "Expected all weights of the encoder. Found no … Where: mine. Copy the model again: it is "
        "not whole.",
        _model(_without_a_layer),
        done=True,
    ),
    Mistake(
        "a list of modules without an encoder",
        RUN,
        "Expected a list of modules as sentence-transformers writes it, with a Transformer. Found "
        "… Where: mine/modules.json. Give the folder in which the encoder's config.json lies.",
        both(study(model="mine", tokenizer=None), file("mine/modules.json", "[]")),
    ),
    Mistake(
        "a model that its training destroyed",
        RUN,
        "Expected a checkpoint that its training has not destroyed. Found dev loss 3.00 -> 6.00 "
        "nats, retrieval of translations 0.76 -> 0.01. Where: mine/model. Start from the "
        "checkpoint of before, and train at a lower learning rate.",
        both(
            study(model="mine/model", tokenizer=None),
            file("mine/model/config.json", '{"model_type": "modernbert"}'),
            file("mine/result.json", json.dumps({"guard": _DESTROYED})),
        ),
    ),
    Mistake(
        "the head of a preset trained alone",
        RUN,
        "Expected `pretraining.head_updates` of a checkpoint only. Found it with `model: micro`, "
        "whose encoder is as new as its head. Where: study.yaml. Remove the key.",
        study(pretraining={"updates": 2, "head_updates": 5}),
    ),
    Mistake(
        "rows longer than the model's positions",
        _NEW,
        "Expected sequences of at most 512 tokens, as `micro` reads. Found 513. Where: "
        "pretraining.length. Lower it, or take a model with more positions.",
        study(tasks=[], pretraining={"updates": 1, "rows": 1, "length": 513}),
        rewrites=r"new/.*",
    ),
]
