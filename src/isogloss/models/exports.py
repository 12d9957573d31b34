"""Write a model of ours as a folder of `transformers`, with its tokenizer."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from transformers import PreTrainedModel

from isogloss.core import InputError, flush_folder, folder_beside, look_up
from isogloss.models.multilingual import MultilingualModel
from isogloss.models.quiet import quiet
from isogloss.models.xmod import language_code, to_xmod


class SavedVocabulary(Protocol):
    """A tokenizer that can be written beside a model; `isogloss.data.Tokenizer` is one."""

    @property
    def fingerprint(self) -> str: ...  # noqa: D102
    def save(self, folder: Path | str) -> None: ...  # noqa: D102


@dataclass(frozen=True)
class Exported:
    """What was written.

    Attributes:
        folder: that `AutoModelForMaskedLM.from_pretrained` opens.
        architecture: `model_type` of its config.
        languages: the model's languages, in the order of their index -> names of their modules in
            the export; empty where it has none.
        tokenizer: whether the tokenizer lies in it too.
        notes: what its user should know.
    """

    folder: Path
    architecture: str
    languages: dict[str, str]
    tokenizer: bool
    notes: tuple[str, ...]


def export_model(
    model: MultilingualModel,
    folder: Path | str,
    *,
    to: str,
    tokenizer: SavedVocabulary | None = None,
    without_modules: bool = False,
) -> Exported:
    """Write a model as a folder that needs no isogloss, whole or not at all.

    Args:
        model: ours.
        folder: new or empty.
        to: `hf`, the backbone as an ordinary model of its architecture; or `xmod`, XLM-R or BERT
            with adapters at `residual` as X-MOD, with equal outputs.
        tokenizer: written beside it; None = none is written.
        without_modules: with `hf`, leave the language-specific modules out.

    Returns:
        What was written.

    Raises:
        InputError: the format cannot hold the model, modules would be lost unasked, the tokenizer
            is another model's, or the folder holds something or cannot be written.
    """
    folder = Path(folder)
    convert = look_up(FORMATS, to, "format of the export")
    if tokenizer is not None and tokenizer.fingerprint != model.tokenizer_fingerprint:
        raise InputError(
            expected="the tokenizer that the model was trained with",
            found="another one",
            where="tokenizer of the export",
            next_step="Put the tokenizer of its study beside the model, or none.",
        )
    plain, languages, notes = convert(model, without_modules)
    with new_folder(folder) as new:
        with quiet():
            plain.save_pretrained(new)
        if tokenizer is not None:
            tokenizer.save(new)
    return Exported(folder, plain.config.model_type, languages, tokenizer is not None, notes)


_Converted = tuple[PreTrainedModel, dict[str, str], tuple[str, ...]]


def _plain(model: MultilingualModel, without_modules: bool) -> _Converted:
    backbone, notes = to_plain(model, without_modules=without_modules)
    return backbone, {}, notes


def _xmod(model: MultilingualModel, without_modules: bool) -> _Converted:
    if without_modules:
        raise InputError(
            expected="X-MOD with the adapters, of which it is made",
            found="the wish to leave them out",
            where="export to X-MOD without modules",
            next_step="Leave that option away, or export to plain Hugging Face.",
        )
    xmod, notes = to_xmod(model)
    return xmod, {str(one): language_code(one) for one in model.languages}, notes


FORMATS: Final[Mapping[str, Callable[[MultilingualModel, bool], _Converted]]] = {
    "hf": _plain,
    "xmod": _xmod,
}


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """Yield a folder to fill, which becomes `folder` when all went well and vanishes otherwise.

    Args:
        folder: new or empty; missing parent folders are made.

    Yields:
        A folder beside it.

    Raises:
        InputError: the folder holds something, or cannot be written.
    """
    if folder.is_dir() and any(folder.iterdir()):
        raise InputError(
            expected="a new folder or an empty one",
            found=f"{min(path.name for path in folder.iterdir())} in it",
            where=str(folder),
            next_step="Give another folder, or remove this one first; nothing was written.",
        )
    with folder_beside(folder) as new:
        yield new
        flush_folder(new)
        new.chmod(0o755)
        new.rename(folder)  # over an empty folder, too


def to_plain(
    model: MultilingualModel, *, without_modules: bool
) -> tuple[PreTrainedModel, tuple[str, ...]]:
    """Return the backbone, if nothing is lost by that or the loss is wanted.

    Args:
        model: ours.
        without_modules: leave the language-specific modules out.

    Returns:
        The backbone itself, no copy; and what its user should know.

    Raises:
        InputError: there are language-specific modules, and they were not to be left out.
    """
    kinds = ", ".join(f"`{spec.kind}`" for spec in model.specs)
    if not kinds:
        return model.backbone, ()
    if not without_modules:
        raise InputError(
            expected="a model without language-specific modules: a plain model has no place for "
            "them, and its outputs would be no language's",
            found=f"modules of kind {kinds} for {', '.join(map(str, model.languages))}",
            where="export to plain Hugging Face",
            next_step="Adapters at `residual` go to X-MOD with `--to xmod`. `--without-modules` "
            "exports the shared weights alone.",
        )
    return model.backbone, (
        f"The modules of kind {kinds} are left out. What is exported are the shared weights alone, "
        "whose outputs are not the trained model's for any language; where modules stood for parts "
        "of the backbone, those parts are as they were before training.",
    )
