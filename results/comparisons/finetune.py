"""Fine-tune a model folder by a plain loop: the before and after of results/comparisons.

    python results/comparisons/finetune.py lm FOLDER --data DATA --languages sw --out NEW
    python results/comparisons/finetune.py ner FOLDER --data DATA --languages en --out NEW

`lm`: next tokens of a causal model, rows of `--length` tokens of the training text. `ner`: tags of
words; a folder without a head gets one, beginning from `--seed`. The encoder alone lies in
`NEW/encoder`, for what is asked of it without a head. Prints one JSON line: what was done.
"""

import argparse
import json
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from transformers import (
    AutoConfig,
    AutoModelForCausalLM,
    AutoModelForTokenClassification,
    AutoTokenizer,
)

from isogloss.core import Language
from isogloss.data import TaggedSentence, open_source

# A tokenizer of Hugging Face, which types its calls as one of many.
Encode = Any
TAGS = ("O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC")


def text_batches(args: argparse.Namespace, tokenizer: Encode) -> Iterator[dict[str, Tensor]]:
    """Yield rows of the text, one after the other from a place drawn by the seed."""
    source = open_source(args.data)
    lines = [line for code in args.languages for line in source.text(Language.parse(code), "train")]
    random.Random(args.seed).shuffle(lines)
    rows = (args.updates + 1) * args.batch
    ids: list[int] = []
    for line in lines:
        ids += [*tokenizer(line)["input_ids"], tokenizer.eos_token_id]
        if len(ids) >= rows * args.length:
            break
    cut = torch.tensor(ids[: len(ids) // args.length * args.length]).view(-1, args.length)
    for start in range(0, len(cut) - args.batch + 1, args.batch):
        yield {
            "input_ids": cut[start : start + args.batch],
            "labels": cut[start : start + args.batch],
        }


def tag_batches(
    args: argparse.Namespace, tokenizer: Encode, labels: dict[str, int]
) -> Iterator[dict[str, Tensor]]:
    """Yield batches of tagged sentences, languages alike often."""
    source = open_source(args.data)
    draw = random.Random(args.seed)
    data = [source.tagged("ner", Language.parse(code), "train") for code in args.languages]
    while True:
        chosen = [draw.choice(data[draw.randrange(len(data))]) for _ in range(args.batch)]
        yield tagged(chosen, tokenizer, labels, args.length)


def tagged(
    chosen: list[TaggedSentence], tokenizer: Encode, labels: dict[str, int], length: int
) -> dict[str, Tensor]:
    """Return a batch with the tag of a word on its first sub-word."""
    words = [list(one.tokens) for one in chosen]
    given = {"is_split_into_words": True, "padding": True, "truncation": True}
    batch = tokenizer(words, return_tensors="pt", max_length=length, **given)
    targets = torch.full_like(batch["input_ids"], -100)
    for row, one in enumerate(chosen):
        before = None
        for place, word in enumerate(batch.word_ids(row)):
            if word is not None and word != before:
                targets[row, place] = labels[one.tags[word]]
            before = word
    return {**batch, "labels": targets}


def main() -> None:
    """Train, save, and say what was done."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=("lm", "ner"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--languages", nargs="+", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--updates", type=int, default=200)
    parser.add_argument("--rate", type=float, default=5e-5)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--length", type=int, default=128)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    tokenizer = AutoTokenizer.from_pretrained(args.folder)
    if args.kind == "lm":
        model = AutoModelForCausalLM.from_pretrained(args.folder, dtype=torch.float32)
        batches = text_batches(args, tokenizer)
    else:
        config = AutoConfig.from_pretrained(args.folder)
        if "O" not in config.label2id:
            config.id2label = dict(enumerate(TAGS))
            config.label2id = {tag: at for at, tag in enumerate(TAGS)}
        model = AutoModelForTokenClassification.from_pretrained(args.folder, config=config)
        batches = tag_batches(args, tokenizer, model.config.label2id)
    model.train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=args.rate, fused=True)
    began, losses = time.process_time(), []
    for _, batch in zip(range(args.updates), batches, strict=False):
        with torch.autocast("cpu", torch.bfloat16):
            loss = model(**batch).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        losses.append(float(loss.detach()))
    model.eval().save_pretrained(args.out)
    tokenizer.save_pretrained(args.out)
    if args.kind == "ner":
        model.base_model.save_pretrained(args.out / "encoder")
        tokenizer.save_pretrained(args.out / "encoder")
    few = max(len(losses) // 10, 1)
    told = {key: str(one) if isinstance(one, Path) else one for key, one in vars(args).items()}
    told |= {"updates": len(losses), "cpu_seconds": round(time.process_time() - began, 1)}
    told |= {"loss_first": round(sum(losses[:few]) / few, 3)}
    told |= {"loss_last": round(sum(losses[-few:]) / few, 3)}
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
