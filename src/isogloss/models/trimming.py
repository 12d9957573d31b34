"""A model with fewer tokens: the embeddings and the prediction head without those left out."""

import copy
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, cast

import torch
from torch import nn
from transformers import (
    AutoModelForMaskedLM,
    PretrainedConfig,
    PreTrainedModel,
    PreTrainedTokenizerFast,
)

from isogloss.core import InputError, digests_of
from isogloss.data import Text, Tokenizer, load_tokenizer, trim_tokenizer
from isogloss.models.attachments import ATTACHMENTS
from isogloss.models.bodies import lacks_head
from isogloss.models.checkpoint_checks import body_folder
from isogloss.models.creation import (
    check_vocabulary,
    read_backbone,
    read_config,
    refuse_other_tokenizer,
)
from isogloss.models.exports import new_folder
from isogloss.models.quiet import quiet
from isogloss.models.saving import CARD_FILE

TRIMMED_FILE: Final = "trimmed.json"
_FORMAT: Final = 1
_TOKENIZER_BEFORE: Final = "tokenizer-before.json"


@dataclass(frozen=True)
class Size:
    """How large a model is.

    Attributes:
        tokens: of its vocabulary.
        parameters: weights, those of a shared head once.
        megabytes: of the weights in the file, in units of 10^6 bytes.
    """

    tokens: int
    parameters: int
    megabytes: float


@dataclass(frozen=True)
class Trimmed:
    """What was trimmed.

    Attributes:
        folder: that was written.
        before: the size of the model that it comes from.
        after: its size.
        text_tokens: tokens of the text that it was trimmed to.
        unknown: of these, the unknown token's, before as after.
    """

    folder: Path
    before: Size
    after: Size
    text_tokens: int
    unknown: int


@dataclass(frozen=True)
class Trimming:
    """What a model was trimmed from.

    Attributes:
        tokenizer: of the whole model.
        kept: its ids that are left.
    """

    tokenizer: Tokenizer
    kept: tuple[int, ...]


def read_trimming(folder: str | Path) -> Trimming | None:
    """Return what the model of a folder was trimmed from; None where it was not.

    Args:
        folder: of a model; a preset or a hub name was not trimmed by us.

    Raises:
        InputError: the record is damaged.
    """
    path = Path(folder) / TRIMMED_FILE
    if not path.is_file():
        return None
    try:
        kept = tuple(int(one) for one in json.loads(path.read_text(encoding="utf-8"))["kept"])
        file = str(Path(folder) / _TOKENIZER_BEFORE)
        names = load_tokenizer(folder).hugging_face.special_tokens_map
        before = PreTrainedTokenizerFast(tokenizer_file=file, **names)
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise InputError(
            expected=f"{TRIMMED_FILE} and {_TOKENIZER_BEFORE} as `isogloss trim` writes them",
            found=str(error).strip().partition("\n")[0],
            where=str(path),
            next_step="Copy the model again, or trim the whole model again.",
        ) from error
    return Trimming(Tokenizer(before, str(folder)), kept)


def trim_model(
    source: str | Path, texts: Callable[[], Iterable[Text]], folder: Path | str
) -> Trimmed:
    """Write a copy of a model without the tokens that a text does not need.

    The text is cut into the same tokens as before, and what the model computes of them keeps its
    bits: the rows of the tokens that stay are copied, in their order, and nothing else changes.
    Of a checkpoint without a masked-LM head (an encoder alone, that of a task or of
    sentence-transformers) the encoder alone is written: no head is made up.

    Args:
        source: a Hugging Face or sentence-transformers folder with its tokenizer, or a hub name.
        texts: gives the text anew each time it is called: it is read twice, and never held.
        folder: new or empty; it gets weights, config, tokenizer and `trimmed.json`, which says
            what it comes from and which tokens were kept.

    Returns:
        What was trimmed.

    Raises:
        InputError: no such model, an architecture that is not supported, no `tokenizer.json`, a
            tokenizer that cannot be trimmed or is another model's, language-specific modules, no
            text, or a folder that holds something.
    """
    local = Path(source).is_dir()
    source = body_folder(source) if local else source
    if local:
        _refuse_unfit_folder(Path(source))
    config = read_config(source, local=local)
    tokenizer = load_tokenizer(source)
    check_vocabulary(config, tokenizer, str(source))
    refuse_other_tokenizer(Path(source), tokenizer)
    with new_folder(Path(folder)) as new:
        found = trim_tokenizer(
            tokenizer, texts, where=str(source), always=_rows_before_text(config)
        )
        # Hugging Face draws what it does not find from the global generator.
        with torch.random.fork_rng(devices=[]):
            backbone = read_backbone(source, local=local, may_lack_head=True)
            dtype = _dtype(config)
            smaller = _trimmed_backbone(backbone, found.kept, found.tokenizer)
        if lacks_head(source):
            backbone, smaller = _encoder(backbone), _encoder(smaller)
        nn.Module.to(smaller, dtype)
        with quiet():
            smaller.save_pretrained(new)
        found.tokenizer.save(new)
        before, after = _size(backbone, tokenizer, dtype), _size(smaller, found.tokenizer, dtype)
        done = Trimmed(Path(folder), before, after, found.n_tokens, found.n_unknown)
        _write_record(new, source, done, tokenizer, found.kept)
    return done


def _trimmed_backbone(
    backbone: PreTrainedModel, kept: Sequence[int], tokenizer: Tokenizer
) -> PreTrainedModel:
    """Return a model whose tensors are the same, but for the axis of tokens where they have one."""
    config = _smaller_config(backbone.config, kept, tokenizer)
    with quiet():
        smaller = AutoModelForMaskedLM.from_config(config)
    shapes = {name: value.shape for name, value in smaller.state_dict().items()}
    rows = torch.tensor(kept)
    weights = {
        name: value if value.shape == shapes[name] else value[rows]
        for name, value in backbone.state_dict().items()
    }
    smaller.load_state_dict(weights)
    return smaller.eval()


def _encoder(masked_lm: PreTrainedModel) -> PreTrainedModel:
    """Return the encoder of a masked-LM model."""
    path = ATTACHMENTS[masked_lm.config.model_type].body
    return cast(PreTrainedModel, masked_lm.get_submodule(path))


def _smaller_config(
    config: PretrainedConfig, kept: Sequence[int], tokenizer: Tokenizer
) -> PretrainedConfig:
    """Return the config with the number of tokens that stay and their new ids."""
    new_ids = {old: new for new, old in enumerate(kept)}
    smaller = copy.deepcopy(config)
    smaller.vocab_size = len(kept)
    for name, value in config.to_dict().items():
        if name.endswith("_token_id") and isinstance(value, int):
            # An id that stands for none of its tokens is a default of the architecture.
            own = getattr(tokenizer.hugging_face, name, None)
            setattr(smaller, name, new_ids.get(value, own))
    return smaller


def _rows_before_text(config: PretrainedConfig) -> range:
    """Return ids that keep their number: positions are counted from that of padding."""
    after = ATTACHMENTS[config.model_type].positions_after_padding
    return range(config.pad_token_id + 1) if after else range(0)


def _refuse_unfit_folder(folder: Path) -> None:
    """Refuse what would be lost, or cut otherwise, before anything is read."""
    card = folder / CARD_FILE
    if card.is_file() and json.loads(card.read_text(encoding="utf-8")).get("modules"):
        raise InputError(
            expected="a plain model",
            found="language-specific modules of isogloss beside it",
            where=str(folder),
            next_step="Write the model without them first: `isogloss export --to hf`.",
        )
    if (folder / "config.json").is_file() and not (folder / "tokenizer.json").is_file():
        raise InputError(
            expected="the tokenizer.json of a fast tokenizer beside the model",
            found="none",
            where=str(folder),
            next_step="Write it once with transformers: AutoTokenizer.from_pretrained("
            f'"{folder}").save_pretrained("{folder}").',
        )


def _dtype(config: PretrainedConfig) -> torch.dtype:
    """Return in what the weights were saved."""
    return config.dtype if isinstance(config.dtype, torch.dtype) else torch.float32


def _size(model: PreTrainedModel, tokenizer: Tokenizer, dtype: torch.dtype) -> Size:
    n = sum(parameter.numel() for parameter in model.parameters())
    return Size(tokenizer.vocabulary_size, n, n * dtype.itemsize / 1e6)


def _write_record(
    folder: Path, source: str | Path, done: Trimmed, before: Tokenizer, kept: Sequence[int]
) -> None:
    """Note what the model comes from, and its tokenizer, to which a study's text can be held."""
    record: dict[str, Any] = {
        "format": _FORMAT,
        "from": str(source),
        "weights": digests_of(Path(source), Path(source).glob("*.safetensors")),
        "tokenizer_fingerprint": before.fingerprint,
        "before": asdict(done.before),
        "after": asdict(done.after),
        "text_tokens": done.text_tokens,
        "unknown": done.unknown,
        "kept": list(kept),
    }
    (folder / TRIMMED_FILE).write_text(json.dumps(record) + "\n", encoding="utf-8")
    backend = before.hugging_face.backend_tokenizer
    backend.save(str(folder / _TOKENIZER_BEFORE), pretty=False)
