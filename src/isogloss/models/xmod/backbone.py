"""The shared weights of a post-norm backbone under the names of X-MOD, which are RoBERTa's."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import torch
from torch import Tensor
from transformers import PreTrainedModel

from isogloss.core import InputError
from isogloss.models.xmod.layout import SHARED_FIELDS

State = dict[str, Tensor]
_POSITIONS: Final = "roberta.embeddings.position_embeddings.weight"
_FROM_BERT: Final = {
    "bert.": "roberta.",
    "cls.predictions.transform.dense.": "lm_head.dense.",
    "cls.predictions.transform.LayerNorm.": "lm_head.layer_norm.",
    "cls.predictions.decoder.": "lm_head.decoder.",
    "cls.predictions.": "lm_head.",
}


def as_roberta(backbone: PreTrainedModel) -> tuple[State, dict[str, Any]]:
    """Return the weights and the fields of the config as RoBERTa has them.

    Args:
        backbone: XLM-R, or BERT, whose positions are counted from 0: its table gets the rows before
            the first position, `pad_token_id + 1` of them, as zeros. Outputs are equal at every
            token that is no padding, if the padding of a row stands at its end.

    Returns:
        Weights by name, and the fields of `SHARED_FIELDS`.

    Raises:
        InputError: another architecture, or a BERT whose prediction head is not with gelu.
    """
    convert = _ARCHITECTURES.get(backbone.config.model_type)
    if convert is None:
        raise InputError(
            expected="a post-norm backbone, XLM-R or BERT",
            found=f"`{backbone.config.model_type}`",
            where="export to X-MOD",
            next_step="X-MOD has no such layers. Export to plain Hugging Face, or train a model of "
            "those architectures (the preset `paper`) with adapters at `residual`.",
        )
    fields = {name: getattr(backbone.config, name) for name in SHARED_FIELDS}
    return convert(backbone.state_dict(), fields)


def _xlm_roberta(state: State, fields: dict[str, Any]) -> tuple[State, dict[str, Any]]:
    return state, fields


def _bert(state: State, fields: dict[str, Any]) -> tuple[State, dict[str, Any]]:
    if fields["hidden_act"] != "gelu":
        raise InputError(
            expected="a BERT with gelu: that is the activation of X-MOD's prediction head",
            found=f"`{fields['hidden_act']}`",
            where="`hidden_act` of the model, export to X-MOD",
            next_step="Export to plain Hugging Face instead.",
        )
    renamed = {_renamed(name): value for name, value in state.items()}
    positions = renamed[_POSITIONS]
    reserved = positions.new_zeros(fields["pad_token_id"] + 1, positions.shape[1])
    renamed[_POSITIONS] = torch.cat([reserved, positions])
    return renamed, {**fields, "max_position_embeddings": len(renamed[_POSITIONS])}


def _renamed(name: str) -> str:
    """Return RoBERTa's name of one of BERT's weights; the first prefix that fits decides."""
    prefix = next(prefix for prefix in _FROM_BERT if name.startswith(prefix))
    return _FROM_BERT[prefix] + name.removeprefix(prefix)


_ARCHITECTURES: Final[
    Mapping[str, Callable[[State, dict[str, Any]], tuple[State, dict[str, Any]]]]
] = {"bert": _bert, "xlm-roberta": _xlm_roberta}
