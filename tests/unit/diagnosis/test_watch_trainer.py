"""The monitor on a Trainer; the whole example of the book runs in tests/integration."""

from pathlib import Path

import pytest
import torch
from datasets import Dataset
from transformers import BertConfig, BertForSequenceClassification, Trainer, TrainingArguments

import toys
from isogloss.core import InputError
from isogloss.diagnosis import ConflictMonitor, watch_trainer


def trainer(folder: Path, *, keep: bool) -> Trainer:
    """Return a trainer of a toy with dropout, on rows of two languages."""
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=32,
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=8,
    )
    ids = torch.randint(4, 32, (32, 6)).tolist()
    columns = {"input_ids": ids, "labels": [0, 0, 1, 1] * 8, "language": [0, 1] * 16}
    if not keep:
        del columns["language"]
    arguments = TrainingArguments(
        output_dir=str(folder),
        per_device_train_batch_size=8,
        gradient_accumulation_steps=2,
        max_steps=4,
        remove_unused_columns=False,
        use_cpu=True,
        report_to=[],
        save_strategy="no",
        disable_tqdm=True,
    )
    model = BertForSequenceClassification(config)
    return Trainer(model, arguments, train_dataset=Dataset.from_dict(columns))


def test_a_watched_trainer_keeps_every_bit_and_looks_at_micro_batches(tmp_path: Path) -> None:
    plain, watched = trainer(tmp_path, keep=False), trainer(tmp_path, keep=True)
    assert plain.model is not None
    assert watched.model is not None
    monitor = ConflictMonitor(watched.model, ["en", "sw"], every=3)
    watch_trainer(watched, monitor)
    for one in (plain, watched):
        torch.manual_seed(1)
        one.train()
    assert toys.same_bits(toys.weights(plain.model), toys.weights(watched.model))
    assert [row["update"] for row in monitor.rows] == [0, 3, 6]


def test_a_batch_without_the_column_says_how_to_keep_it(tmp_path: Path) -> None:
    one = trainer(tmp_path, keep=False)
    assert one.model is not None
    watch_trainer(one, ConflictMonitor(one.model, ["en", "sw"]))
    with pytest.raises(InputError, match="remove_unused_columns=False"):
        one.train()
