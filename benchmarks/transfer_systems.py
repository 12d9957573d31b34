"""What learning from translations costs: an update in units U of plain fine-tuning, and its memory.

    python benchmarks/transfer_systems.py [--quick] [--out FILE]

U is the forward, backward and optimizer step of plain fine-tuning on a batch of as many rows of the
same length. All ways have the same model and batch, take turns in one process on one thread, and
are compared by CPU seconds: ratios then hold on a machine that does other work. `U_stated` is what
`isogloss plan` counts, without the training of an earlier stage. Memory is the growth of the peak
resident size over the model at rest, at the longest rows, each way in a process of its own. Texts
are random pieces: nothing is learned, everything is computed. The lengths show whether the
attention of one text on another grows as it should.
"""

import argparse
import dataclasses
import json
import multiprocessing
import platform
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from isogloss.core import Language, write_atomically
from isogloss.data import EncodedExample
from isogloss.models import SequenceClassifier, create_model
from isogloss.study.run.work import peak_memory_mb, reset_peak_memory
from isogloss.training import (
    BuildContext,
    MixedTaskSampling,
    OptimizerStep,
    PairedObjective,
    PlainEngine,
    SequenceClassificationObjective,
    Training,
    TrainingPlan,
    WeightedSum,
)
from isogloss.treatments import build_treatment

PRESET, ROWS, CLASSES, VOCABULARY = "small", 16, 3, 2000
PLAIN = "plain fine-tuning"
WAYS: dict[str, tuple[str, dict[str, Any]]] = {
    PLAIN: ("translate_train", {}),
    "X-Mixup": ("x_mixup", {}),
    "X-Mixup, no mixing": ("x_mixup", {"mixes": False}),
    "FILTER, phase 1": ("filter", {"phases": 1}),
    "FILTER, phase 1, all layers fused": ("filter", {"phases": 1, "before": 0, "fused": 4}),
    "FILTER, phase 2": ("filter", {"phases": 2}),
    "xTune, stage 1": ("xtune", {"stages": 1}),
    "xTune, stage 2": ("xtune", {"stages": 2}),
}


@dataclass(frozen=True)
class Pieces:
    """A vocabulary with the face of a tokenizer."""

    vocabulary_size: int = VOCABULARY
    pad_id: int = 0
    mask_id: int = 1
    cls_id: int = 2
    sep_id: int = 3
    special_ids: tuple[int, ...] = (0, 1, 2, 3, 4)
    fingerprint: str = "random"


def examples(length: int) -> tuple[EncodedExample, ...]:
    """Return random texts with other versions beside them, all of one length."""
    rng = np.random.default_rng(0)

    def text(label: int) -> EncodedExample:
        inner = rng.integers(5, VOCABULARY, length - 2).tolist()
        return EncodedExample((2, *inner, 3), label, language=0)

    names = ("source", "back", *(f"altered{copy}" for copy in range(4)))
    found = []
    for number in range(4 * ROWS):
        label = number % CLASSES
        beside = {name: text(label) for name in names}
        found.append(dataclasses.replace(text(label), beside=beside, language=None))
    return tuple(found)


def training(way: str, length: int) -> Training:
    """Return one way of training, brought to life; an earlier stage's model is a fresh one."""
    languages = (Language.parse("en"), Language.parse("sw"))
    plain = TrainingPlan(
        languages=languages,
        updates=1000,
        rows=ROWS,
        length=length,
        seed=0,
        sampler=MixedTaskSampling(0.0),
        modules=(),
        objective=SequenceClassificationObjective(),
        combine=WeightedSum(),
        step=OptimizerStep(),
        precision="fp32",
    )
    name, options = WAYS[way]
    plan = build_treatment(name, options).apply(plain)
    tokenizer: Any = Pieces()

    def classifier() -> SequenceClassifier:
        model = create_model(PRESET, tokenizer=tokenizer, languages=languages, seed=0)
        return SequenceClassifier(model, CLASSES)

    made = classifier()
    assert isinstance(plan.objective, PairedObjective)
    plan.objective.equip(made)
    needs_teacher = plan.objective.earlier is not None
    teacher = classifier().eval().requires_grad_(requires_grad=False) if needs_teacher else None
    material = dict.fromkeys(languages, examples(length))
    context = BuildContext(languages, ROWS, length, 0, tokenizer, material, teacher)
    return Training(plan, made, context, PlainEngine("fp32"))


def stated(way: str, length: int) -> float:
    """Return the passes that a plan counts for an update, without those of an earlier stage."""
    objective: Any = training(way, length).plan.objective
    return objective.passes - (objective.earlier.passes if objective.earlier else 0.0)


def seconds(length: int, turns: int) -> dict[str, float]:
    """Return the least CPU seconds of an update over the turns."""
    ways = {name: training(name, length) for name in WAYS}
    least = dict.fromkeys(ways, float("inf"))
    for turn in range(turns):
        for name, one in ways.items():
            batch = one.sampler.batch(turn)
            began = time.process_time()
            one.step.update(turn, batch)
            least[name] = min(least[name], time.process_time() - began)
    return least


def peak_mb(way: str, length: int, queue: Any) -> None:
    """Put the growth of the peak resident size over three updates into the queue."""
    torch.set_num_threads(1)
    one = training(way, length)
    one.step.update(0, one.sampler.batch(0))  # the optimizer's moments are there for good
    reset_peak_memory()
    at_rest = peak_memory_mb()
    for update in range(1, 4):
        one.step.update(update, one.sampler.batch(update))
    queue.put(peak_memory_mb() - at_rest)


def memory(way: str, length: int) -> float:
    """Return MB of one way, measured in a process of its own."""
    context = multiprocessing.get_context("spawn")
    queue = context.Queue()
    process = context.Process(target=peak_mb, args=(way, length, queue))
    process.start()
    found = float(queue.get(timeout=120))
    process.join()
    return found


def table(length: int, turns: int, *, with_memory: bool) -> list[dict[str, Any]]:
    """Return one row a way of training."""
    least = seconds(length, turns)
    rows = []
    for way in WAYS:
        row = {
            "length": length,
            "way": way,
            "U": round(least[way] / least[PLAIN], 2),
            "U_stated": round(stated(way, length), 2),
            "ms": round(1000 * least[way], 1),
        }
        if with_memory:
            row["memory_mb"] = round(memory(way, length), 1)
        print(row, flush=True)
        rows.append(row)
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="one length, three turns")
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).parent / "results" / "transfer_systems.json"
    )
    options = parser.parse_args()
    torch.set_num_threads(1)
    lengths, turns = ((32,), 3) if options.quick else ((32, 128), 6)
    result = {
        "command": "python benchmarks/transfer_systems.py" + (" --quick" * options.quick),
        "machine": platform.machine(),
        "torch": torch.__version__,
        "model": PRESET,
        "rows": ROWS,
        "turns": turns,
        "table": [
            row
            for length in lengths
            for row in table(length, turns, with_memory=length == max(lengths))
        ],
    }
    write_atomically(options.out, json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
