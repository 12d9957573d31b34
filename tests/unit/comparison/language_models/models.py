"""Small language models with their tokenizers, and text, in folders."""

from pathlib import Path

import torch
from transformers import GPT2Config, GPT2LMHeadModel

from unit.data.tokenizers.test_plain import byte_tokenizer

LINES = {
    "en": [f"ab line {i} of ab" for i in range(40)],
    "hi": [f"हिन्दी {i} ab" for i in range(40)],
}


def write_text(folder: Path) -> Path:
    """Write 40 lines of two languages."""
    folder.mkdir()
    for code, lines in LINES.items():
        (folder / f"{code}.test.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def write_model(folder: Path, seed: int, scale: float = 1.0, **special: str) -> Path:
    """Write a causal model of two layers."""
    torch.manual_seed(seed)
    config = GPT2Config(vocab_size=264, n_embd=16, n_layer=1, n_head=2, n_positions=32)
    model = GPT2LMHeadModel(config)
    with torch.no_grad():
        for one in model.parameters():
            one.mul_(scale)
    model.save_pretrained(folder)
    byte_tokenizer(folder, eos_token="</s>", **special)
    return folder
