"""Make a model: from a preset, from a Hugging Face folder, or from a hub name."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, Protocol

import torch
from huggingface_hub.errors import StrictDataclassError
from safetensors import SafetensorError
from transformers import AutoConfig, AutoModelForMaskedLM, PretrainedConfig, PreTrainedModel

from isogloss.core import InputError, Language, look_up
from isogloss.models.attachments import ATTACHMENTS
from isogloss.models.checkpoint_checks import (
    body_folder,
    refuse_architecture,
    refuse_broken_json,
    refuse_impossible_sizes,
    refuse_no_safetensors,
    refuse_not_finite,
    refuse_other_shapes,
    refuse_undivided,
)
from isogloss.models.kinds import KINDS, LanguageModule
from isogloss.models.module_spec import ModuleSpec
from isogloss.models.multilingual import MultilingualModel
from isogloss.models.presets import PRESETS
from isogloss.models.quiet import quiet
from isogloss.models.saving import card_of

# Share of a checkpoint's embeddings that may stand for no piece of its tokenizer.
_SPARE: Final = 0.01
# What `transformers` raises for values in a config that it cannot take.
_UNREADABLE: Final = (ValueError, KeyError, TypeError, AttributeError, StrictDataclassError)


class Vocabulary(Protocol):
    """What a model needs to know of a tokenizer; `isogloss.data.Tokenizer` is one."""

    @property
    def vocabulary_size(self) -> int: ...  # noqa: D102
    @property
    def pad_id(self) -> int: ...  # noqa: D102
    @property
    def cls_id(self) -> int: ...  # noqa: D102
    @property
    def sep_id(self) -> int: ...  # noqa: D102
    @property
    def fingerprint(self) -> str: ...  # noqa: D102


def create_model(
    source: str | Path,
    *,
    tokenizer: Vocabulary,
    languages: Sequence[Language],
    modules: Sequence[ModuleSpec] = (),
    seed: int,
) -> MultilingualModel:
    """Make a model whose initial values depend on `seed` only.

    The global random state is left as it was. The backbone's initial values do not depend on the
    languages or the modules; a slot's do not depend on the other slots.

    Args:
        source: a name in `PRESETS`, a folder with `config.json` and safetensors weights (also one
            of sentence-transformers), or a hub name with one slash such as
            `FacebookAI/xlm-roberta-base`. Only a hub name uses the network. Where a checkpoint has
            no masked-LM head one is made, untrained; see `lacks_head`.
        tokenizer: its tokens are what the embeddings stand for.
        languages: their order gives the indices in batches.
        modules: language-specific modules. Where `source` is a checkpoint, an option that is left
            out is what its kind has for a checkpoint: kinds that replace parts of the backbone
            begin as copies of them.
        seed: of everything random here.

    Returns:
        The model, on the CPU and in fp32, whatever the weights were saved in.

    Raises:
        InputError: unknown preset, unsupported architecture, weights that are missing or pickled,
            a tokenizer that does not fit, or modules that do not fit the model.
    """
    # Hugging Face initialises from the global generator and knows no other.
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        backbone = _backbone(source, tokenizer)
    return MultilingualModel(
        backbone,
        languages=languages,
        modules=modules if str(source) in PRESETS else [_of_checkpoint(spec) for spec in modules],
        seed=seed,
        tokenizer_fingerprint=tokenizer.fingerprint,
    )


def _kind(spec: ModuleSpec) -> type[LanguageModule]:
    return look_up(KINDS, spec.kind, "kind of language-specific modules")


def _of_checkpoint(spec: ModuleSpec) -> ModuleSpec:
    """Settle what the spec leaves open, so that the saved model says how it began."""
    return replace(spec, options={**_kind(spec).of_checkpoint, **spec.options})


def model_config(source: str | Path) -> PretrainedConfig:
    """Return the config of a model, without its weights.

    Args:
        source: as in `create_model`; of a hub name only the config is fetched.

    Raises:
        InputError: no such model, or an architecture without an attachment.
    """
    if str(source) in PRESETS:
        return PRESETS[str(source)].config()
    local = Path(source).is_dir()
    if not local and str(source).strip("/.~").count("/") != 1:
        look_up(PRESETS, str(source), "preset, existing folder or hub name (owner/name)")
    return read_config(body_folder(source) if local else source, local=local)


def _backbone(source: str | Path, tokenizer: Vocabulary) -> PreTrainedModel:
    """Return the masked-LM model that `source` names."""
    config = model_config(source)
    if str(source) in PRESETS:
        config.vocab_size = tokenizer.vocabulary_size
        config.pad_token_id = tokenizer.pad_id
        config.bos_token_id = config.cls_token_id = tokenizer.cls_id
        config.eos_token_id = config.sep_token_id = tokenizer.sep_id
        return AutoModelForMaskedLM.from_config(config)
    check_vocabulary(config, tokenizer, str(source))
    if not Path(source).is_dir():
        return read_backbone(source, local=False, may_lack_head=True)
    folder = body_folder(source)
    refuse_other_tokenizer(folder, tokenizer)
    return read_backbone(folder, local=True, may_lack_head=True)


def read_config(source: str | Path, *, local: bool) -> PretrainedConfig:
    """Read the config of a folder or hub name, if its architecture has an attachment.

    Args:
        source: folder or hub name.
        local: `source` is a folder; the network is not used.

    Returns:
        The config.

    Raises:
        InputError: no readable `config.json`, or an architecture that is not in `ATTACHMENTS`.
    """
    config = open_config(source, local=local)
    refuse_architecture(config, ATTACHMENTS, str(source))
    refuse_undivided(config, str(source))
    return config


def open_config(source: str | Path, *, local: bool) -> PretrainedConfig:
    """Read the config of a folder or hub name, of whatever architecture.

    Args:
        source: folder or hub name.
        local: `source` is a folder; the network is not used.

    Returns:
        The config.

    Raises:
        InputError: no readable `config.json`, or sizes in it that no model has.
    """
    path = Path(source) / "config.json"
    if local and path.is_file():
        refuse_broken_json(path)
    try:
        config = AutoConfig.from_pretrained(source, local_files_only=local)
    except (OSError, *_UNREADABLE) as error:
        raise InputError(
            expected="a folder or hub name with the `config.json` of a Hugging Face model",
            found=str(error).strip().partition("\n")[0],
            where=str(source),
            next_step=f"Use such a folder, or a preset: {', '.join(sorted(PRESETS))}.",
        ) from error
    refuse_impossible_sizes(config, str(source))
    return config


def read_backbone(
    source: str | Path, *, local: bool, may_lack_head: bool = False
) -> PreTrainedModel:
    """Read the masked-LM model of a folder or hub name.

    Args:
        source: folder or hub name.
        local: `source` is a folder; the network is not used.
        may_lack_head: a head that is missing is made, from torch's global random state.

    Returns:
        The model, on the CPU and in fp32.

    Raises:
        InputError: weights that are missing, pickled, or not those of a masked-LM model.
    """
    if local:
        refuse_no_safetensors(Path(source))
        refuse_other_shapes(open_config(source, local=True), Path(source))
    try:
        with quiet():
            backbone, info = AutoModelForMaskedLM.from_pretrained(
                source,
                local_files_only=local,
                use_safetensors=True,
                dtype=torch.float32,
                output_loading_info=True,
            )
    except (OSError, SafetensorError, RuntimeError) as error:
        raise InputError(
            expected="whole weights in safetensors, of the shapes that the config says",
            found=str(error).strip().partition("\n")[0],
            where=str(source),
            next_step="Copy the model again, or use one that has them.",
        ) from error
    body = f"{ATTACHMENTS[backbone.config.model_type].body}." if may_lack_head else ""
    missing = sorted(name for name in info["missing_keys"] if name.startswith(body))
    if missing:
        raise InputError(
            expected="all weights of the encoder"
            if may_lack_head
            else "all weights of a masked-LM model",
            found=f"no {', '.join(missing[:3])}",
            where=str(source),
            next_step="Copy the model again: it is not whole."
            if may_lack_head
            else "Use the masked-LM checkpoint, not one of the encoder alone or of a task.",
        )
    refuse_not_finite(backbone, str(source))
    return backbone


def refuse_other_tokenizer(folder: Path, tokenizer: Vocabulary) -> None:
    """Refuse another tokenizer than the one that a model of ours was trained with.

    Args:
        folder: of a model; of one that is not ours nobody knows.
        tokenizer: to judge.

    Raises:
        InputError: the model's card has another fingerprint.
    """
    known = card_of(folder).get("tokenizer_fingerprint")
    if known is not None and known != tokenizer.fingerprint:
        raise InputError(
            expected=f"the tokenizer of this model, with the fingerprint {str(known)[:12]}",
            found=f"another of as many tokens: {tokenizer.fingerprint[:12]}",
            where=str(folder),
            next_step="Use the tokenizer that the model was trained with: of a study, "
            "OUT/prepared/tokenizer.",
        )


def check_vocabulary(config: PretrainedConfig, tokenizer: Vocabulary, source: str) -> None:
    """Refuse a tokenizer whose tokens are not those of the model's embeddings.

    Args:
        config: of the model.
        tokenizer: to judge.
        source: where the model comes from, for the message.

    Raises:
        InputError: another number of tokens, or another token for padding.
    """
    surplus = config.vocab_size - tokenizer.vocabulary_size
    # Some models round their vocabulary up to a multiple of 64 or 128 for speed; others keep spare
    # rows, up to 0.4 % of them (multilingual-e5: 35 of 250,037, mDeBERTa-v3: 899 of 251,000).
    rounded = config.vocab_size % 64 == 0 and 0 < surplus < 128
    spare = 0 < surplus <= _SPARE * config.vocab_size
    if surplus != 0 and not rounded and not spare:
        raise InputError(
            expected=f"a tokenizer of {config.vocab_size} tokens, as the model has",
            found=f"{tokenizer.vocabulary_size} tokens",
            where=source,
            next_step="Use the tokenizer that was saved with the model.",
        )
    if config.pad_token_id != tokenizer.pad_id:
        raise InputError(
            expected=f"padding with token {config.pad_token_id}, as the model was trained",
            found=f"token {tokenizer.pad_id}",
            where=source,
            next_step="Use the tokenizer that was saved with the model.",
        )
