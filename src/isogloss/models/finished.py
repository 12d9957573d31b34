"""Models that somebody has finished: which kind a folder holds, and reading it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, cast

import torch
from safetensors import SafetensorError
from torch import Tensor, nn
from transformers import (
    AutoModelForCausalLM,
    AutoModelForQuestionAnswering,
    AutoModelForSequenceClassification,
    AutoModelForTokenClassification,
    PretrainedConfig,
    PreTrainedModel,
)
from transformers.models.auto.modeling_auto import (
    MODEL_FOR_CAUSAL_LM_MAPPING_NAMES,
    MODEL_FOR_MASKED_LM_MAPPING_NAMES,
    MODEL_FOR_QUESTION_ANSWERING_MAPPING_NAMES,
    MODEL_FOR_SEQUENCE_CLASSIFICATION_MAPPING_NAMES,
    MODEL_FOR_TOKEN_CLASSIFICATION_MAPPING_NAMES,
)

from isogloss.core import InputError, read_json
from isogloss.data import Routing, Tokenizer
from isogloss.models.checkpoint_checks import refuse_not_finite
from isogloss.models.creation import open_config
from isogloss.models.quiet import quiet
from isogloss.models.saving import CARD_FILE

Kind = Literal["causal", "masked"]
_READER: Final[Mapping[str, type]] = {
    "token_classification": AutoModelForTokenClassification,
    "sequence_classification": AutoModelForSequenceClassification,
    "extractive_qa": AutoModelForQuestionAnswering,
}
_ARCHITECTURES: Final[Mapping[str, Mapping[str, str]]] = {
    "token_classification": MODEL_FOR_TOKEN_CLASSIFICATION_MAPPING_NAMES,
    "sequence_classification": MODEL_FOR_SEQUENCE_CLASSIFICATION_MAPPING_NAMES,
    "extractive_qa": MODEL_FOR_QUESTION_ANSWERING_MAPPING_NAMES,
}
# Positions that some architectures keep for padding, before the first of the text.
_RESERVED: Final = 2
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
        next_step="Models with the head of a task are compared on labelled data (--tasks), "
        "encoder-decoders by their per-example scores: `isogloss compare --scores`.",
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
    return _read(folder, AutoModelForCausalLM, "a causal language model", dtype)


@dataclass(frozen=True)
class FinishedHead:
    """The head of a task, as its config says.

    Attributes:
        folder: of the model.
        form: key of `isogloss.tasks.FORMS`.
        labels: in the order of its classes; none where answers are places.
    """

    folder: Path
    form: str
    labels: tuple[str, ...]

    @classmethod
    def of(cls, folder: Path) -> "FinishedHead | None":
        """Return the head that a model has for a task; None for every other model.

        Args:
            folder: of Hugging Face.

        Raises:
            InputError: it is no folder of a model, has language-specific modules beside its
                weights, or its classes have no names of their own.
        """
        config = _config(folder)
        _refuse_modules(folder)
        named = str((config.architectures or ("",))[0])
        form = next((key for key, own in _ARCHITECTURES.items() if named in own.values()), None)
        if form is None:
            return None
        return cls(folder, form, () if form == "extractive_qa" else _labels(config, folder))

    def longest(self, tokenizer: Tokenizer) -> int:
        """Return how many positions of a row of ours the model has room for."""
        context = longest_context(self.folder) or tokenizer.hugging_face.model_max_length
        separators, _ = _pair_form(tokenizer, str(self.folder))
        return context - _RESERVED - (separators - 1)

    def read(self, tokenizer: Tokenizer) -> "FinishedClassifier":
        """Return the model; arguments and errors of `FinishedClassifier`."""
        return FinishedClassifier(self.folder, self.form, tokenizer)


def _labels(config: PretrainedConfig, folder: Path) -> tuple[str, ...]:
    """Return the labels of a head by `id2label`.

    Raises:
        InputError: they are not one name for each class, or the head gives one number.
    """
    names = cast("Mapping[Any, Any]", config.id2label or {})
    found = tuple(str(names[key]) for key in sorted(names, key=int))
    if len(found) < 2 or len(set(found)) < len(found):
        raise InputError(
            expected="two classes or more with a name each, by `id2label` of config.json",
            found=", ".join(found[:5]) or "none",
            where=str(folder),
            next_step="Name the classes there in the order in which the head was trained.",
        )
    return found


class FinishedClassifier(nn.Module):
    """A Hugging Face model with the head of a task, asked as our classifiers are.

    Our rows are `cls text sep`, or `cls text sep pair sep`. Where the model's own tokenizer writes
    pairs with two separators between them, or numbers the two texts, the rows are brought into
    that form here, and logits of positions back.

    Args:
        folder: of the model, with weights in safetensors. Code that comes with it never runs.
        form: key of `isogloss.tasks.FORMS`.
        tokenizer: of the same folder.

    Raises:
        InputError: weights of the encoder or the head are missing, or pairs have another form.
    """

    def __init__(self, folder: Path, form: str, tokenizer: Tokenizer) -> None:
        super().__init__()
        what = f"a model with the head of {form.replace('_', ' ')}"
        self.model = _read(folder, _READER[form], what, torch.float32)
        self.form = form
        self.sep_id = tokenizer.sep_id
        self.separators, self.numbers_texts = _pair_form(tokenizer, str(folder))

    def forward(
        self, input_ids: Tensor, attention_mask: Tensor | None, language: Tensor | Routing | None
    ) -> Tensor:
        """Return logits [rows, labels], or [rows, length, labels]; of answers, first and last."""
        ids, mask, kept, second = self._as_saved(input_ids, attention_mask)
        more = {"token_type_ids": second.long()} if self.numbers_texts else {}
        found = self.model(input_ids=ids, attention_mask=mask, **more)
        if self.form == "extractive_qa":
            logits = torch.stack([found.start_logits, found.end_logits], dim=-1)
        else:
            logits = found.logits
        if logits.dim() == 2:
            return logits
        return logits.gather(1, kept[..., None].expand(-1, -1, logits.shape[-1]))

    def _as_saved(
        self, ids: Tensor, mask: Tensor | None
    ) -> tuple[Tensor, Tensor | None, Tensor, Tensor]:
        """Return ids and mask in the model's form, where ours lie in it, and which are the pair."""
        length, extra = ids.shape[1], self.separators - 1
        is_sep = (ids == self.sep_id) & (True if mask is None else mask.bool())
        paired = is_sep.sum(1) > 1
        # Of a text alone nothing is moved: its only separator ends it.
        first = torch.where(paired, is_sep.int().argmax(1), length)[:, None]
        ours = torch.arange(length, device=ids.device).expand_as(ids)
        kept = torch.where(ours <= first, ours, ours + extra)
        if not extra or not bool(paired.any()):
            return ids, mask, ours, ours > first
        theirs = torch.arange(length + extra, device=ids.device).expand(len(ids), -1)
        source = torch.where(theirs <= first, theirs, (theirs - extra).maximum(first))
        source = source.clamp(max=length - 1)
        known = torch.ones_like(ids) if mask is None else mask
        wide = known.gather(1, source) * (paired[:, None] | (theirs < length))
        return ids.gather(1, source), wide, kept, theirs > first + extra


def _pair_form(tokenizer: Tokenizer, where: str) -> tuple[int, bool]:
    """Return how many separators stand between two texts, and whether the second has a number.

    Raises:
        InputError: the tokenizer writes pairs in a way that our rows cannot be brought into.
    """
    found = tokenizer.hugging_face.backend_tokenizer.encode("a", "a")
    if not any(found.special_tokens_mask):  # one that adds nothing: rows are as we make them
        return 1, False
    texts = [place for place, special in enumerate(found.special_tokens_mask) if not special]
    between = [at for at in range(texts[0], texts[-1]) if found.special_tokens_mask[at]]
    wanted = [tokenizer.cls_id, *[tokenizer.sep_id] * (len(between) + 1)]
    special = [
        one for one, is_it in zip(found.ids, found.special_tokens_mask, strict=True) if is_it
    ]
    if special != wanted or not between:
        raise InputError(
            expected="a tokenizer that writes a pair as: cls, text, separators, text, separator",
            found=" ".join(found.tokens),
            where=where,
            next_step="Evaluate it with your own script and give per-example scores (--scores).",
        )
    numbers = "token_type_ids" in tokenizer.hugging_face.model_input_names
    return len(between), numbers and found.type_ids[texts[-1]] == 1


def _read(folder: Path, reader: type, what: str, dtype: torch.dtype) -> PreTrainedModel:
    """Read a whole model of some kind."""
    _config(folder)
    step = "Save the model again with `save_pretrained`, which writes safetensors."
    if not list(folder.glob("model*.safetensors")):
        raise _unread("weights in safetensors", "none", folder, step)
    try:
        with quiet():
            # Hugging Face types its classes for reading as one of many.
            loaded = cast("Any", reader).from_pretrained(
                folder,
                local_files_only=True,
                use_safetensors=True,
                dtype=dtype,
                output_loading_info=True,
            )
        model, info = loaded
    except (OSError, SafetensorError, RuntimeError, ValueError) as error:
        found = str(error).strip().partition("\n")[0]
        raise _unread(f"whole weights of {what}", found, folder, step) from error
    if info["missing_keys"]:
        found = f"no {', '.join(sorted(info['missing_keys'])[:3])}"
        raise _unread(f"all weights of {what}", found, folder, step)
    refuse_not_finite(model, str(folder))
    model.eval()
    return model


def _unread(expected: str, found: str, folder: Path, next_step: str) -> InputError:
    return InputError(expected=expected, found=found, where=str(folder), next_step=next_step)
