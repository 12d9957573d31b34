"""Mistakes with a vocabulary that is to be trimmed."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

from bad_input.mistake import RUN, Mistake, both, file, gone, study
from bad_input.models import other_pieces


def joint_body(folder: Path) -> None:
    """Take the joint model of the finished study with its tokenizer."""
    joint = next((folder / "out" / "runs").glob("pretrain-qaa+qab-*"))
    shutil.copytree(joint / "model", folder / "mine")
    shutil.copytree(folder / "out/prepared/tokenizer", folder / "mine", dirs_exist_ok=True)


def _with_modules(folder: Path) -> None:
    card = folder / "mine" / "isogloss.json"
    content = json.loads(card.read_text())
    card.write_text(json.dumps(content | {"modules": [{"kind": "adapter", "slots": [0, 1]}]}))


def _of_words(folder: Path) -> None:
    path = folder / "mine" / "tokenizer.json"
    content = json.loads(path.read_text())
    vocabulary = content["model"]["vocab"]
    content["model"] = {"type": "WordLevel", "vocab": vocabulary, "unk_token": "<unk>"}
    path.write_text(json.dumps(content))
    gone("mine/isogloss.json")(folder)  # it holds the fingerprint of the tokenizer before


def _of_other_text(folder: Path) -> None:
    """Write what says that the model has only the first half of its former tokens."""
    whole = (folder / "mine/tokenizer.json").read_text()
    (folder / "mine/tokenizer-before.json").write_text(whole)
    (folder / "mine/trimmed.json").write_text(json.dumps({"kept": list(range(200))}))


def _mistake(
    what: str, says: str, *makes: Callable[[Path], None], command: str = "--text data --out new"
) -> Mistake:
    return Mistake(what, f"trim mine {command}", says, both(joint_body, *makes), done=True)


MISTAKES = [
    _mistake(
        "a model without a fast tokenizer",
        "Expected the tokenizer.json of a fast tokenizer beside the model. Found none. Where: "
        "mine. Write it once with transformers: AutoTokenizer.from_pretrained(…",
        gone("mine/tokenizer.json"),
    ),
    _mistake(
        "trimming a model without weights",
        "Expected weights in safetensors. Found none. Where: mine. Copy model.safetensors too, or "
        "save the model again with `save_pretrained`, which writes it.",
        gone("mine/model.safetensors"),
    ),
    _mistake(
        "trimming a model whose weights are a pickle",
        "Expected weights in safetensors. Found pytorch_model.bin, a pickle, which can run any "
        "code when read. Where: mine. If you trust where it comes from, convert it once …",
        gone("mine/model.safetensors"),
        file("mine/pytorch_model.bin", b"\x80\x04."),
    ),
    _mistake(
        "trimming a model with the tokenizer of another one",
        "Expected the tokenizer of this model, with the fingerprint … Found another of as many "
        "tokens: … Where: mine. Use the tokenizer that the model was trained with: …",
        other_pieces,
    ),
    _mistake(
        "a vocabulary of whole words",
        "Expected a tokenizer of one of the kinds BPE, Unigram, WordPiece. Found WordLevel. Where: "
        "mine. Only such vocabularies can be trimmed; use the model as it is.",
        _of_words,
    ),
    _mistake(
        "trimming a model with language-specific modules",
        "Expected a plain model. Found language-specific modules of isogloss beside it. Where: "
        "mine. Write the model without them first: `isogloss export --to hf`.",
        _with_modules,
    ),
    _mistake(
        "trimming into a folder that holds something",
        "Expected a new folder or an empty one. Found … in it. Where: mine. Give another folder, "
        "or remove this one first; nothing was written.",
        command="--text data --out mine",
    ),
    _mistake(
        "trimming to a language without data",
        "Expected data of swa-Latn. Found data of qaa-Latn, qab-Latn. Where: data. Add the files, "
        "or leave the language out.",
        command="--text data --languages qaa,sw --out new",
    ),
    _mistake(
        "trimming to an empty file",
        "Expected at least one line of text. Found none. Where: empty.txt. Fill the file, …",
        file("empty.txt", ""),
        command="--text empty.txt --out new",
    ),
    Mistake(
        "a model that was trimmed to other text than the study's",
        "run study.yaml --data data --out new --launcher inline",
        "Expected a model whose vocabulary covers the text of qaa-Latn. Found one that was trimmed "
        "to other text: … of the tokens of qaa-Latn are not in it. Where: mine. Trim the whole "
        "model again, with this text too (`isogloss trim --text`), or let the study do it: `model` "
        "the whole model, and `trim: true`.",
        both(joint_body, study(model="mine", tokenizer=None), _of_other_text),
        done=True,
    ),
    Mistake(
        "`trim` with a preset",
        RUN,
        "Expected `trim` with a checkpoint only: a folder or a hub name as `model`. Found it with "
        "the preset `micro`, whose vocabulary is made for the study's text. Where: study.yaml. "
        "Remove the key, or set `tokenizer.vocabulary_size`.",
        study(trim=True),
    ),
]
