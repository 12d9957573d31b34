"""Write a model of ours as a folder of `transformers`, with its tokenizer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from transformers import PreTrainedModel

from isogloss.core import InputError, look_up
from isogloss.models.exports.folder import new_folder
from isogloss.models.exports.plain import to_plain
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
