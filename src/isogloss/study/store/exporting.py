"""Hand a model on: find it and its tokenizer, and write both for people without isogloss."""

from pathlib import Path
from typing import Final

from isogloss.core import InputError
from isogloss.data import Tokenizer, load_tokenizer
from isogloss.models import Exported, export_model, load_model
from isogloss.study.store.run_folder import RunFolder

_CARD: Final = "isogloss.json"
_TOKENIZER: Final = "tokenizer.json"
# What people give instead of a run: a file that tells, what it is, and what to do.
_INSTEAD: Final = (
    (
        "runs/*/model",
        "a study, which has many models",
        "Give one of its pretraining runs, for example {run}.",
    ),
    (
        "head.safetensors",
        "a fine-tuning run, of which the head and the scores are kept, not the encoder",
        "Give the run that its spec.yaml names under `starts_from`.",
    ),
    (
        "predictions.parquet",
        "a run with the scores of a pretrained model, not the model",
        "Give the run that its spec.yaml names under `starts_from`.",
    ),
    (
        "config.json",
        "a Hugging Face model that isogloss did not save",
        "It needs no export: `transformers` opens it as it is.",
    ),
    (
        "status",
        "a run that has not saved its model yet",
        "Give the study's command again; what is left of it is done.",
    ),
)


def export_run(source: Path, out: Path, *, to: str, without_modules: bool = False) -> Exported:
    """Write the model of a run as a folder that needs no isogloss.

    Args:
        source: folder of a pretraining run, or of a model of ours.
        out: new or empty folder; written whole or not at all.
        to: `hf` or `xmod`, see `isogloss.models.export_model`.
        without_modules: with `hf`, leave the language-specific modules out.

    Returns:
        What was written, with the tokenizer of the model where one is found.

    Raises:
        InputError: there is no model of ours in `source`, or it cannot be exported so.
    """
    folder = _model_folder(source)
    RunFolder(folder.parent).refuse_damaged(model=True)
    model, tokenizer = load_model(folder), _tokenizer(folder)
    return export_model(model, out, to=to, tokenizer=tokenizer, without_modules=without_modules)


def _model_folder(source: Path) -> Path:
    """Return the folder with the model, or say what the given one is instead."""
    for folder in (source, RunFolder(source).model):
        if (folder / _CARD).is_file():
            return folder
    found, next_step = _instead(source)
    raise InputError(
        expected="the folder of a pretraining run, or of a model that isogloss saved",
        found=found,
        where=str(source),
        next_step=next_step,
    )


def _instead(source: Path) -> tuple[str, str]:
    """Return what a folder without a model of ours is, and what to give in its place."""
    for pattern, found, next_step in _INSTEAD:
        if signs := sorted(source.glob(pattern)):
            return found, next_step.format(run=signs[0].parent)
    found = "no model" if source.is_dir() else "no such folder"
    return found, "Give OUT/runs/RUN of a study; `isogloss plan` lists its runs."


def _tokenizer(folder: Path) -> Tokenizer | None:
    """Return the tokenizer beside the model, else that of the study whose run it belongs to."""
    places = [folder]
    if folder.name == "model" and folder.absolute().parents[1].name == "runs":
        places.append(folder.absolute().parents[2] / "prepared" / "tokenizer")
    for place in places:
        if (place / _TOKENIZER).is_file():
            return load_tokenizer(place)
    return None
