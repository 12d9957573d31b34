"""The monitor as a callback; the whole example of the book runs in tests/integration."""

from pathlib import Path

import pytest
import torch
from datasets import Dataset
from transformers import BertConfig, BertForSequenceClassification, Trainer, TrainingArguments

import toys
from isogloss.core import InputError
from isogloss.diagnosis import ConflictCallback, ConflictMonitor


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


def test_a_watched_trainer_keeps_every_bit_and_counts_updates(
    tmp_path: Path,
) -> None:
    plain, watched = trainer(tmp_path, keep=False), trainer(tmp_path, keep=True)
    assert plain.model is not None
    assert watched.model is not None
    monitor = ConflictMonitor(watched.model, ["en", "sw"], every=3)
    watched.add_callback(ConflictCallback(monitor))
    for one in (plain, watched):
        torch.manual_seed(1)
        one.train()
    assert toys.same_bits(toys.weights(plain.model), toys.weights(watched.model))
    assert [row["update"] for row in monitor.rows] == [0, 3]
    assert watched.state.global_step == 4
    assert monitor.summary().unseen == ()


def test_a_batch_without_the_column_says_how_to_keep_it(tmp_path: Path) -> None:
    one = trainer(tmp_path, keep=False)
    assert one.model is not None
    one.add_callback(ConflictCallback(ConflictMonitor(one.model, ["en", "sw"])))
    with pytest.raises(InputError, match="remove_unused_columns=False"):
        one.train()


def test_evaluation_takes_the_column_out_and_looks_at_nothing(tmp_path: Path) -> None:
    one = trainer(tmp_path, keep=True)
    assert one.model is not None
    monitor = ConflictMonitor(one.model, ["en", "sw"], every=1)
    callback = ConflictCallback(monitor)
    one.add_callback(callback)
    found = one.evaluate(one.train_dataset)
    assert found["eval_loss"] > 0
    assert monitor.rows == []
    callback.remove()
    one.model(input_ids=torch.ones(1, 2, dtype=torch.long))  # no column is asked for any more


def test_a_forward_pass_that_fails_ends_the_look(tmp_path: Path) -> None:
    one = trainer(tmp_path, keep=True)
    assert one.model is not None
    monitor = ConflictMonitor(one.model, ["en", "sw"], every=1)
    one.add_callback(ConflictCallback(monitor))
    one.model.train()
    language = torch.tensor([0, 0, 1, 1])
    ids = torch.ones(4, 3, dtype=torch.long)
    with pytest.raises(IndexError):
        one.model(input_ids=1000 * ids, language=language)
    found = one.model(input_ids=ids, labels=torch.tensor([0, 1, 0, 1]), language=language)
    found.loss.backward()
    monitor.step()
    assert [row["languages"] for row in monitor.rows] == [["eng-Latn", "swa-Latn"]]
