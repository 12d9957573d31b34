"""What meta-learning costs: a meta step in units U of plain joint training, and its memory.

    python benchmarks/meta_step.py [--quick] [--out FILE]

U is the forward, backward and optimizer step of the same batch by `language_adapters`. All ways of
a table have the same model, batch and adapters, take turns in one process on one thread, and are
compared by CPU seconds: ratios then hold on a machine that does other work. A validation batch is
as large as a training batch. Memory is the growth of the peak resident size over the model at rest,
each way in a process of its own. Text is random pieces: nothing is learned, everything is computed.
"""

import argparse
import json
import multiprocessing
import platform
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from isogloss.core import Language, write_atomically
from isogloss.models import create_model
from isogloss.study.run.work import peak_memory_mb, reset_peak_memory
from isogloss.training import (
    BuildContext,
    MaskedLMObjective,
    OptimizerStep,
    PlainEngine,
    TextSampling,
    Training,
    TrainingPlan,
    WeightedSum,
)
from isogloss.treatments import build_treatment

PRESET, ROWS, LENGTH, BOTTLENECK = "mini", 16, 64, 32
PLAIN = "plain step"
WAYS: dict[str, tuple[str, dict[str, Any]]] = {
    PLAIN: ("language_adapters", {}),
    "Algorithm 1, exact": ("meta_adapters", {"form": "language"}),
    "Algorithm 1, finite difference": (
        "meta_adapters",
        {"form": "language", "hypergradient": "finite_difference"},
    ),
    "mixed, exact": ("meta_adapters", {"form": "mixed"}),
    "mixed, finite difference": (
        "meta_adapters",
        {"form": "mixed", "hypergradient": "finite_difference"},
    ),
    "mixed, first order": ("meta_adapters", {"form": "mixed", "hypergradient": "first_order"}),
}


@dataclass(frozen=True)
class Pieces:
    """A vocabulary with the face of a tokenizer."""

    vocabulary_size: int = 2000
    pad_id: int = 0
    mask_id: int = 1
    cls_id: int = 2
    sep_id: int = 3
    special_ids: tuple[int, ...] = (0, 1, 2, 3, 4)
    fingerprint: str = "random"


@dataclass(frozen=True)
class RandomText:
    """Text with the face of a corpus."""

    tokens: NDArray[np.int64]

    @property
    def n_tokens(self) -> int:
        """Return the number of pieces."""
        return len(self.tokens)

    def windows(self, length: int) -> int:
        """Return how many rows there are."""
        return self.n_tokens // (length - 1)

    def rows(self, indices: NDArray[np.int64], length: int) -> NDArray[np.int64]:
        """Return windows as rows."""
        starts = np.asarray(indices) * (length - 1)
        text = self.tokens[starts[:, None] + np.arange(length - 1)]
        return np.concatenate([np.full((len(starts), 1), 2), text], axis=1)


def training(way: str, n_languages: int) -> Training:
    """Return one way of training, brought to life."""
    languages = tuple(Language.parse(f"qa{letter}") for letter in "abcdefgh"[:n_languages])
    plain = TrainingPlan(
        languages=languages,
        updates=1000,
        rows=ROWS,
        length=LENGTH,
        seed=0,
        sampler=TextSampling(0.0),
        modules=(),
        objective=MaskedLMObjective(),
        combine=WeightedSum(),
        step=OptimizerStep(),
        precision="fp32",
    )
    name, options = WAYS[way]
    plan = build_treatment(name, {"bottleneck": BOTTLENECK, **options}).apply(plain)
    tokenizer: Any = Pieces()
    model = create_model(
        PRESET, tokenizer=tokenizer, languages=languages, modules=plan.modules, seed=0
    )
    rng = np.random.default_rng(0)
    material = {one: RandomText(rng.integers(5, 2000, 200_000)) for one in languages}
    context = BuildContext(languages, ROWS, LENGTH, 0, tokenizer, material)
    return Training(
        plan, model, context, PlainEngine("fp32"), slots=model.language_specific_names()
    )


def seconds(n_languages: int, turns: int) -> dict[str, float]:
    """Return the least CPU seconds of a step over the turns."""
    ways = {name: training(name, n_languages) for name in WAYS}
    least = dict.fromkeys(ways, float("inf"))
    for turn in range(turns):
        for name, one in ways.items():
            batch = one.sampler.batch(turn)
            began = time.process_time()
            one.step.update(turn, batch)
            least[name] = min(least[name], time.process_time() - began)
    return least


def peak_mb(way: str, n_languages: int, queue: Any) -> None:
    """Put the growth of the peak resident size over three steps into the queue."""
    torch.set_num_threads(1)
    one = training(way, n_languages)
    one.step.update(0, one.sampler.batch(0))  # the optimizer's moments are there for good
    reset_peak_memory()
    at_rest = peak_memory_mb()
    for update in range(1, 4):
        one.step.update(update, one.sampler.batch(update))
    queue.put(peak_memory_mb() - at_rest)


def memory(way: str, n_languages: int) -> float:
    """Return MB of one way, measured in a process of its own."""
    context = multiprocessing.get_context("spawn")
    queue = context.Queue()
    process = context.Process(target=peak_mb, args=(way, n_languages, queue))
    process.start()
    found = float(queue.get(timeout=120))
    process.join()
    return found


def table(n_languages: int, turns: int) -> list[dict[str, Any]]:
    """Return one row a way of training."""
    least = seconds(n_languages, turns)
    rows = []
    for way in WAYS:
        row = {
            "languages": n_languages,
            "way": way,
            "U": round(least[way] / least[PLAIN], 2),
            "U_stated": training(way, n_languages).step.passes,
            "ms": round(1000 * least[way], 1),
            "memory_mb": round(memory(way, n_languages), 1),
        }
        print(row, flush=True)
        rows.append(row)
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="two languages, three turns")
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).parent / "results" / "meta_step.json"
    )
    options = parser.parse_args()
    torch.set_num_threads(1)
    sizes, turns = ((2,), 3) if options.quick else ((2, 4, 8), 15)
    result = {
        "command": "python benchmarks/meta_step.py" + (" --quick" if options.quick else ""),
        "machine": platform.machine(),
        "torch": torch.__version__,
        "model": PRESET,
        "rows": ROWS,
        "length": LENGTH,
        "bottleneck": BOTTLENECK,
        "turns": turns,
        "table": [row for size in sizes for row in table(size, turns)],
    }
    write_atomically(options.out, json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
