"""The gradient-conflict monitor in a `transformers` Trainer; a tiny model, nothing is downloaded.

Prints one row per look (the cosine of the two languages' gradients, and as the control that of two
halves of the English rows) and the summary of the run.
`isogloss monitor DIR` prints the same summary from the folder and draws it.
"""

import tempfile

import torch
from datasets import Dataset
from transformers import BertConfig, BertForSequenceClassification, Trainer, TrainingArguments

from isogloss.diagnosis import ConflictCallback, ConflictMonitor

torch.manual_seed(0)
folder = tempfile.mkdtemp()
sizes = {"hidden_size": 32, "intermediate_size": 64, "num_attention_heads": 2}
config = BertConfig(vocab_size=64, num_hidden_layers=2, max_position_embeddings=16, **sizes)
model = BertForSequenceClassification(config)

# The same sentences in both languages; the second has the labels the other way round.
label = torch.randint(2, (128,))
tokens = torch.randint(4, 34, (128, 10)) + 30 * label[:, None]
data = Dataset.from_dict(
    {
        "input_ids": torch.cat([tokens, tokens]).tolist(),
        "labels": torch.cat([label, 1 - label]).tolist(),
        "language": [0] * 128 + [1] * 128,  # index of each row's language
    }
)
arguments = TrainingArguments(
    output_dir=folder,
    per_device_train_batch_size=32,
    max_steps=40,
    learning_rate=1e-3,
    remove_unused_columns=False,  # keeps the column `language`
    use_cpu=True,
    report_to=[],
    save_strategy="no",
    disable_tqdm=True,
)
monitor = ConflictMonitor(model, ["en", "sw"], folder=folder, every=5)
trainer = Trainer(model, arguments, train_dataset=data, callbacks=[ConflictCallback(monitor)])
trainer.train()

for row in monitor.rows:
    cosine, control = row["cosine"]["eng-Latn|swa-Latn"], row["control"]["eng-Latn"]
    print(f"update {row['update']}: cosine {cosine:+.2f}, control of English {control:+.2f}")
print(monitor.summary())
print("for `isogloss monitor`:", folder)
