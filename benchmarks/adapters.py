"""What routing costs: language adapters in a mixed batch, against one shared adapter and X-MOD.

    python benchmarks/adapters.py [--quick] [--precision fp32|bf16] [--out FILE]

One step is the encoder forward and backward (no vocabulary projection and no optimizer, which
would hide the difference). All variants of a table have the same backbone shapes, batch and
bottleneck, take turns in one process on one thread, and are compared by CPU seconds within a turn:
ratios then hold on a machine that does other work. `shared` is the reference of every ratio.
"""

import argparse
import json
import platform
import statistics
import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import torch
import transformers
from torch import Tensor
from transformers import (
    AutoModelForMaskedLM,
    ModernBertConfig,
    PretrainedConfig,
    XLMRobertaConfig,
    XmodConfig,
    XmodModel,
)

from isogloss.core import Language, write_atomically
from isogloss.models import ModuleSpec, MultilingualModel

N_LANGUAGES, BOTTLENECK, VOCABULARY = 8, 48, 4000
LANGUAGES = [Language.parse(f"qa{letter}") for letter in "abcdefgh"]
SIZES = {
    "vocab_size": VOCABULARY,
    "hidden_size": 192,
    "num_hidden_layers": 4,
    "num_attention_heads": 4,
    "max_position_embeddings": 514,
    "pad_token_id": 1,
    "bos_token_id": 0,
    "eos_token_id": 2,
}
BERT_SIZES = {
    **SIZES,
    "intermediate_size": 768,
    "hidden_dropout_prob": 0.0,
    "attention_probs_dropout_prob": 0.0,
}
Step = Callable[[Tensor], Tensor]


def model(
    config: PretrainedConfig, places: str | None, *, shared: bool = False
) -> MultilingualModel:
    specs = []
    if places:
        make = ModuleSpec.for_all if shared else ModuleSpec.per_language
        specs = [make("adapter", N_LANGUAGES, bottleneck=BOTTLENECK, places=places)]
    backbone = AutoModelForMaskedLM.from_config(config, attn_implementation="sdpa")
    return MultilingualModel(
        backbone, languages=LANGUAGES, modules=specs, seed=0, tokenizer_fingerprint=""
    ).train()


def batches(rows: int) -> dict[str, Tensor]:
    """Return the language of each row: equal shares, unequal shares, rows in no order."""
    equal = torch.arange(N_LANGUAGES).repeat_interleave(rows // N_LANGUAGES)
    weights = torch.arange(1, N_LANGUAGES + 1).float()
    counts = (weights / weights.sum() * rows).floor().clamp(min=1).long()
    counts[-1] += rows - counts.sum()
    shuffled = equal[torch.randperm(rows, generator=torch.Generator().manual_seed(0))]
    return {
        "equal shares": equal,
        "unequal shares": torch.arange(N_LANGUAGES).repeat_interleave(counts),
        "shuffled rows": shuffled,
    }


def variants(architecture: str, rows: int) -> dict[str, Step]:
    """Return name -> forward pass; `input_ids` in, hidden vectors out."""
    xlm_r = architecture == "xlm-roberta"
    places = "feed_forward" if xlm_r else "both"  # X-MOD has one adapter a layer.
    config = (
        XLMRobertaConfig(**BERT_SIZES)
        if xlm_r
        else ModernBertConfig(
            **SIZES,
            intermediate_size=384,
            layer_types=["full_attention"] * 4,
            cls_token_id=0,
            sep_token_id=2,
        )
    )
    language = batches(rows)
    bare, shared, specific = (
        model(config, None),
        model(config, places, shared=True),
        model(config, places),
    )
    steps: dict[str, Step] = {
        "bare Hugging Face encoder": lambda ids: bare.backbone.base_model(ids).last_hidden_state,
        "no adapter": lambda ids: bare.encode(ids, None, None),
        "shared": lambda ids: shared.encode(ids, None, language["equal shares"]),
    }
    for name, indices in language.items():
        steps[f"8 languages, {name}"] = lambda ids, indices=indices: specific.encode(
            ids, None, indices
        )
    if xlm_r:
        xmod = XmodModel(
            XmodConfig(
                **BERT_SIZES,
                adapter_reduction_factor=SIZES["hidden_size"] // BOTTLENECK,
                adapter_layer_norm=False,
                adapter_reuse_layer_norm=False,
                ln_before_adapter=False,
                languages=[language.code for language in LANGUAGES],
            ),
            add_pooling_layer=False,
        ).train()
        steps["X-MOD of transformers, equal shares"] = lambda ids: (
            xmod(ids, lang_ids=language["equal shares"]).last_hidden_state
        )
    return steps


def measure(steps: dict[str, Step], ids: Tensor, rounds: int, precision: str) -> list[dict]:
    """Time all variants in turn; return name, seconds and ratio to `shared`, medians."""
    seconds: dict[str, list[float]] = {name: [] for name in steps}
    failed: dict[str, str] = {}
    for turn in range(rounds + 2):  # the first two warm up
        for name, step in steps.items():
            if name in failed:
                continue
            autocast = (
                torch.autocast("cpu", torch.bfloat16) if precision == "bf16" else nullcontext()
            )
            start = time.process_time()
            try:
                with autocast:
                    hidden = step(ids)
                hidden.float().square().mean().backward()
            except RuntimeError as error:
                failed[name] = str(error).partition("\n")[0]
                continue
            if turn >= 2:
                seconds[name].append(time.process_time() - start)
    rows = []
    for name, times in seconds.items():
        row = {"variant": name, "failed": failed.get(name)}
        if times:
            ratios = sorted(a / b for a, b in zip(times, seconds["shared"], strict=True))
            row |= {
                "seconds": statistics.median(times),
                "ratio_to_shared": statistics.median(ratios),
                "ratio_quartiles": [ratios[len(ratios) // 4], ratios[3 * len(ratios) // 4]],
            }
        rows.append(row)
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="5 turns instead of 20")
    parser.add_argument("--precision", choices=["fp32", "bf16"], default="fp32")
    parser.add_argument("--rows", type=int, default=32)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results/adapters.json")
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    ids = torch.randint(4, VOCABULARY, (options.rows, 128))
    tables = {}
    for architecture in ("modernbert", "xlm-roberta"):
        steps = variants(architecture, options.rows)
        rows = measure(steps, ids, 5 if options.quick else 20, options.precision)
        tables[architecture] = rows
        print(f"\n{architecture}, {options.rows} x 128, {options.precision}")
        for row in rows:
            outcome = f"fails: {row['failed']}"
            if not row["failed"]:
                low, high = row["ratio_quartiles"]
                milliseconds, ratio = row["seconds"] * 1e3, row["ratio_to_shared"]
                outcome = f"{milliseconds:8.1f} ms {ratio:6.3f} x [{low:.3f}, {high:.3f}]"
            print(f"  {row['variant']:<38}{outcome}")
    found = json.loads(options.out.read_text()) if options.out.exists() else {}
    found[options.precision] = {
        "rows": options.rows,
        "quick": options.quick,
        "torch": torch.__version__,
        "transformers": transformers.__version__,
        "machine": platform.processor() or platform.machine(),
        "tables": tables,
    }
    write_atomically(options.out, json.dumps(found, indent=2) + "\n")


if __name__ == "__main__":
    main()
