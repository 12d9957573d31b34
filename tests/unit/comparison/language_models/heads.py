"""Small models with the head of a task and their tokenizers, in folders."""

from collections.abc import Sequence
from pathlib import Path

import torch
from tokenizers import Tokenizer as Backend
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace
from tokenizers.processors import TemplateProcessing
from transformers import (
    BertConfig,
    BertForMaskedLM,
    BertForQuestionAnswering,
    BertForSequenceClassification,
    BertForTokenClassification,
    PreTrainedTokenizerFast,
)

HEADS = {
    "masked": BertForMaskedLM,
    "tokens": BertForTokenClassification,
    "texts": BertForSequenceClassification,
    "answers": BertForQuestionAnswering,
}
WORDS = ("ab", "cd", "ef", "gh", "ij", "kl")
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


def write_tokenizer(folder: Path, *, pair: str, numbers: bool = False, n_more: int = 0) -> None:
    """Write a tokenizer of words; `pair` is its form of two texts, with `$A` and `$B`."""
    words = [*SPECIAL, *(f"x{i}" for i in range(n_more)), *WORDS]
    pieces = {word: at for at, word in enumerate(words)}
    backend = Backend(WordLevel(pieces, unk_token="[UNK]"))
    backend.pre_tokenizer = Whitespace()
    special = [(word, pieces[word]) for word in ("[CLS]", "[SEP]")]
    backend.post_processor = TemplateProcessing("[CLS] $A [SEP]", pair, special)
    names = ["input_ids", *(["token_type_ids"] if numbers else []), "attention_mask"]
    PreTrainedTokenizerFast(
        tokenizer_object=backend,
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        pad_token="[PAD]",
        mask_token="[MASK]",
        model_input_names=names,
    ).save_pretrained(folder)


def write_head(
    folder: Path,
    head: str,
    seed: int = 0,
    *,
    labels: Sequence[str] = (),
    pair: str = "[CLS] $A [SEP] $B:1 [SEP]:1",
    n_more: int = 0,
) -> Path:
    """Write a model of one layer with some head, and its tokenizer."""
    torch.manual_seed(seed)
    config = BertConfig(
        vocab_size=len(SPECIAL) + n_more + len(WORDS),
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=8,
        max_position_embeddings=32,
        initializer_range=0.5,
        pad_token_id=0,
    )
    if labels:
        config.id2label = dict(enumerate(labels))
        config.label2id = {label: at for at, label in enumerate(labels)}
    HEADS[head](config).save_pretrained(folder)
    write_tokenizer(folder, pair=pair, numbers=":1" in pair, n_more=n_more)
    return folder
