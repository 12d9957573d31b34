"""What bits per byte cost beside a bare forward loop, in one run: ratio of tokens a second.

    python benchmarks/comparison_models.py                  # a small model of random weights
    python benchmarks/comparison_models.py --model FOLDER   # one of your own, in fp32

The bare loop takes rows of one length, without padding, and throws the logits away.
"""

import argparse
import json
import time
from pathlib import Path

import numpy as np
import torch
from transformers import LlamaConfig, LlamaForCausalLM

from isogloss.evaluation import Windows, causal_bits
from isogloss.models import read_causal


def small(args: argparse.Namespace) -> LlamaForCausalLM:
    """Return a model of random weights."""
    config = LlamaConfig(
        vocab_size=args.vocabulary,
        hidden_size=args.width,
        intermediate_size=3 * args.width,
        num_hidden_layers=args.layers,
        num_attention_heads=args.width // 32,
    )
    return LlamaForCausalLM(config).eval()


def main() -> None:
    """Time both ways in turn and write the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    place = Path(__file__).parent / "results" / "comparison_models.json"
    parser.add_argument("--out", type=Path, default=place)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--width", type=int, default=192)
    parser.add_argument("--layers", type=int, default=4)
    parser.add_argument("--vocabulary", type=int, default=8000)
    parser.add_argument("--lines", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    torch.manual_seed(0)
    model = small(args) if args.model is None else read_causal(args.model, torch.float32)
    vocabulary = model.config.vocab_size
    rng = np.random.default_rng(0)
    lengths = np.clip(rng.lognormal(3.6, 0.6, args.lines), 4, 500).astype(int)
    texts = [rng.integers(1, vocabulary, n).tolist() for n in lengths]
    n_tokens = int(lengths.sum())
    length = int(np.median(lengths))
    rows = torch.from_numpy(rng.integers(1, vocabulary, (n_tokens // length, length)))
    windows = Windows(1024, 512)
    rates: dict[str, list[float]] = {"bare": [], "bits": []}
    for _ in range(args.rounds):
        began = time.process_time()
        with torch.inference_mode():
            for batch in rows.split(windows.tokens // length):
                model(input_ids=batch, use_cache=False)
        rates["bare"].append(rows.numel() / (time.process_time() - began))
        began = time.process_time()
        causal_bits(model, texts, 0, windows)
        rates["bits"].append(n_tokens / (time.process_time() - began))
    best = {name: max(found) for name, found in rates.items()}
    result = {
        "settings": {
            key: value for key, value in vars(args).items() if key not in ("out", "model")
        },
        "weights": sum(one.numel() for one in model.parameters()),
        "tokens_per_cpu_second": {name: round(rate) for name, rate in best.items()},
        "ratio": round(best["bits"] / best["bare"], 3),
    }
    print(json.dumps(result, indent=1))
    args.out.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
