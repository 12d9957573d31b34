"""An X-MOD folder of `transformers` as a model of ours."""

from pathlib import Path
from typing import Any, cast

import torch
from torch import nn
from transformers import AutoModelForMaskedLM, PreTrainedModel, XLMRobertaConfig, XmodConfig

from isogloss.core import InputError
from isogloss.models.creation import Vocabulary, check_vocabulary, open_config, read_backbone
from isogloss.models.kinds.adapter import Adapters
from isogloss.models.module_spec import ModuleSpec
from isogloss.models.multilingual import MultilingualModel
from isogloss.models.xmod.codes import language_of
from isogloss.models.xmod.layout import SHARED_FIELDS, TENSORS, layer_norm_of, parameter_name


def import_xmod(folder: Path | str, *, tokenizer: Vocabulary, seed: int = 0) -> MultilingualModel:
    """Read a post-norm X-MOD: an XLM-R with adapters at `residual`, with equal outputs.

    Args:
        folder: with `config.json` and safetensors weights of an X-MOD masked-LM model.
        tokenizer: its tokens are what the embeddings stand for.
        seed: of languages that are added later.

    Returns:
        The model, on the CPU and in fp32. Its languages stand in the order of X-MOD's adapters:
        `language` is X-MOD's `lang_ids`.

    Raises:
        InputError: the folder is not X-MOD, is pre-norm, gives the adapters a layer norm of their
            own or is a decoder; an adapter is named after no language; the weights are missing,
            pickled or damaged; the tokenizer does not fit.
    """
    config = _read_config(Path(folder))
    check_vocabulary(config, tokenizer, str(folder))
    codes = list(config.languages)
    languages = [language_of(code, where=f"{folder}, languages of its config") for code in codes]
    spec = ModuleSpec.per_language(
        "adapter",
        len(languages),
        bottleneck=config.hidden_size // config.adapter_reduction_factor,
        places="residual",
        layer_norm=layer_norm_of(config),
    )
    # Hugging Face draws initial values from the global generator before it reads the weights.
    with torch.random.fork_rng(devices=[]):
        xmod = read_backbone(folder, local=True)
        model = MultilingualModel(
            _xlm_roberta(xmod),
            languages=languages,
            modules=[spec],
            seed=seed,
            tokenizer_fingerprint=tokenizer.fingerprint,
        )
    _copy_adapters(xmod, model, codes)
    return model


def _read_config(folder: Path) -> XmodConfig:
    """Return the config of an X-MOD that we can hold."""
    config = open_config(folder, local=True)
    if not isinstance(config, XmodConfig):
        raise _unlike(folder, "an X-MOD model", f"`{config.model_type}`")
    if config.pre_norm:
        raise _unlike(folder, "a post-norm X-MOD, as XLM-R is", "pre_norm: true")
    if config.adapter_layer_norm:
        expected = "adapters that reuse the layer's own layer norm, or none"
        raise _unlike(folder, expected, "adapter_layer_norm: true")
    if config.is_decoder:
        raise _unlike(folder, "an encoder", "is_decoder: true")
    if not 1 <= config.adapter_reduction_factor <= config.hidden_size:
        expected = f"an adapter_reduction_factor from 1 to {config.hidden_size}, the hidden size"
        raise _unlike(folder, expected, str(config.adapter_reduction_factor))
    return config


def _unlike(folder: Path, expected: str, found: str) -> InputError:
    return InputError(
        expected=expected,
        found=found,
        where=str(folder / "config.json"),
        next_step="Import another X-MOD folder, for example one that `isogloss export --to xmod` "
        "wrote; other folders are opened with `create_model`.",
    )


def _xlm_roberta(xmod: PreTrainedModel) -> PreTrainedModel:
    """Return the X-MOD without its adapters: an XLM-R with the same weights."""
    fields: dict[str, Any] = {name: getattr(xmod.config, name) for name in SHARED_FIELDS}
    backbone = AutoModelForMaskedLM.from_config(
        XLMRobertaConfig(**fields), attn_implementation="sdpa"
    )
    state = xmod.state_dict()
    backbone.load_state_dict({name: state[name] for name in backbone.state_dict()})
    return backbone.eval()


def _copy_adapters(xmod: nn.Module, model: MultilingualModel, codes: list[str]) -> None:
    """Put the adapter of each language into its slot."""
    state = xmod.state_dict()
    with torch.no_grad():
        for _, layer, module in model.attached_modules():
            places = cast(Adapters, module).places
            for slot, code in enumerate(codes):
                for name in TENSORS:
                    slab = places["residual"].get_parameter(name)
                    slab[slot].copy_(state[parameter_name(layer, code, name)])
