"""Examples a second and memory: our fine-tuning against Hugging Face's `Trainer`.

    python benchmarks/finetuning.py --model DIR --data DIR [--language en] [--quick]

Both fine-tune the same encoder on the same 800 examples in 50 updates of 16, on one thread: named
entities, then sentence pairs (`--quick`: 12 updates). Dropout, rate, warm-up, decay and clipping
are the same. Each contender does so in a forked process of its own that begins with what all have
loaded; its CPU seconds are those from the first update's end to the last one's, its memory is the
largest resident set while it trains, less what it began with.

- `isogloss`: `Training.run` as a study runs it: examples of like length together, the last layer at
  labelled positions, embeddings of the tokens that occur, bf16 where the processor has it.
- `whole table`: the same with the whole table of embeddings.
- `Trainer`: its best options: `group_by_length`, bf16, fused AdamW, the collator that pads to the
  longest row; with each of the two kinds of attention that it has, of which the faster counts.
"""

import argparse
import json
import os
import platform
import tempfile
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import transformers
from transformers import (
    AutoModelForSequenceClassification,
    AutoModelForTokenClassification,
    DataCollatorForTokenClassification,
    DataCollatorWithPadding,
    Trainer,
    TrainerCallback,
    TrainingArguments,
)

from isogloss.core import Language, write_atomically
from isogloss.data import EncodedExample, Tokenizer, load_tokenizer, open_source, task_card
from isogloss.models import create_model, occurring_rows
from isogloss.study.run.work import peak_memory_mb, reset_peak_memory
from isogloss.tasks import task_form
from isogloss.training import (
    AdamWSettings,
    BuildContext,
    LoopSettings,
    MixedTaskSampling,
    OptimizerStep,
    Training,
    TrainingPlan,
    WeightedSum,
    create_engine,
)

ROWS, LENGTH, RATE, WARM_UP = 16, 128, 5e-5, 0.1
TASKS = ("ner", "nli")


@dataclass(frozen=True)
class Bench:
    """What all contenders train on."""

    model: str
    task: str
    language: Language
    tokenizer: Tokenizer
    labels: list[str]
    examples: tuple[EncodedExample, ...]

    @property
    def updates(self) -> int:
        """Updates of one pass."""
        return len(self.examples) // ROWS


def load(model: str, data: str, task: str, language: Language, n_examples: int) -> Bench:
    tokenizer, form = load_tokenizer(model), task_form(task)
    kind = task_card(task).kind_of("train")
    read = form.read(open_source(Path(data)), kind, language, "train")[:n_examples]
    labels = sorted({label for one in read for label in form.labels(one)})
    examples = form.encode(read, labels, tokenizer, LENGTH).examples
    return Bench(model, task, language, tokenizer, labels, examples)


class Clock:
    """CPU seconds from the end of the first update to that of the last."""

    def __init__(self) -> None:
        self.times: list[float] = []

    def start(self, folder: Path, update: int) -> None:
        """Do nothing; the first update ends later."""

    def observe(self, update: int) -> None:
        """Note the end of an update."""
        self.times.append(time.process_time())

    @property
    def seconds(self) -> float:
        """Of one update."""
        return (self.times[-1] - self.times[0]) / (len(self.times) - 1)


def isogloss(bench: Bench, *, whole: bool = False) -> float:
    """Return CPU seconds of an update."""
    languages = (bench.language,)
    model = create_model(bench.model, tokenizer=bench.tokenizer, languages=languages, seed=0)
    form = task_form(bench.task)
    classifier = form.head(model, bench.labels, 0)
    plan = TrainingPlan(
        languages=languages,
        updates=bench.updates,
        rows=ROWS,
        length=LENGTH,
        seed=0,
        sampler=MixedTaskSampling(0.0),
        modules=(),
        objective=form.objective(),
        combine=WeightedSum(),
        step=OptimizerStep(AdamWSettings(learning_rate=RATE, beta2=0.999), "linear", WARM_UP),
    )
    material = {bench.language: bench.examples}
    context = BuildContext(languages, ROWS, LENGTH, 0, bench.tokenizer, material)
    tokens = {bench.tokenizer.pad_id, *(token for one in bench.examples for token in one.ids)}
    clock = Clock()
    engine = create_engine("auto", model.hidden_size)
    reset_peak_memory()
    with (
        nullcontext() if whole else occurring_rows(model, tokens),
        tempfile.TemporaryDirectory() as folder,
    ):
        training = Training(plan, classifier, context, engine, observers=[clock])
        training.run(Path(folder), LoopSettings(checkpoint_seconds=1e9))
    return clock.seconds


class ClockCallback(TrainerCallback):
    """The clock, as the Trainer calls it."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock

    def on_step_end(self, *_: object, **__: object) -> None:
        """Note the end of an update."""
        self.clock.observe(0)


def trainer(bench: Bench, *, attention: str) -> float:
    """Return CPU seconds of an update."""
    by_word = bench.task == "ner"
    kind = AutoModelForTokenClassification if by_word else AutoModelForSequenceClassification
    model = kind.from_pretrained(
        bench.model,
        num_labels=len(bench.labels),
        attn_implementation=attention,
        dtype=torch.float32,
    )
    collator = DataCollatorForTokenClassification if by_word else DataCollatorWithPadding
    rows = [
        {
            "input_ids": list(one.ids),
            "attention_mask": [1] * len(one.ids),
            ("labels" if by_word else "label"): one.labels
            if isinstance(one.labels, int)
            else list(one.labels),
        }
        for one in bench.examples
    ]
    clock = Clock()
    with tempfile.TemporaryDirectory() as folder:
        arguments = TrainingArguments(
            folder,
            use_cpu=True,
            bf16=create_engine("auto", 384).precision == "bf16",
            optim="adamw_torch_fused",
            train_sampling_strategy="group_by_length",
            per_device_train_batch_size=ROWS,
            num_train_epochs=1,
            learning_rate=RATE,
            warmup_steps=round(WARM_UP * bench.updates),
            weight_decay=0.01,
            lr_scheduler_type="linear",
            max_grad_norm=1.0,
            save_strategy="no",
            logging_strategy="no",
            report_to="none",
            disable_tqdm=True,
        )
        one = Trainer(
            model,
            arguments,
            train_dataset=rows,  # type: ignore[arg-type]
            data_collator=collator(bench.tokenizer.hugging_face),
            callbacks=[ClockCallback(clock)],
        )
        reset_peak_memory()
        one.train()
    return clock.seconds


CONTENDERS: dict[str, Callable[[Bench], float]] = {
    "isogloss": isogloss,
    "whole table": lambda bench: isogloss(bench, whole=True),
    "Trainer, sdpa": lambda bench: trainer(bench, attention="sdpa"),
    "Trainer, eager": lambda bench: trainer(bench, attention="eager"),
}


def apart(way: Callable[[Bench], float], bench: Bench) -> dict[str, float]:
    """Run a contender in a forked process; return its examples a CPU second and its memory."""
    reader, writer = os.pipe()
    if (child := os.fork()) == 0:
        reset_peak_memory()
        before = peak_memory_mb()
        seconds = way(bench)
        found = {"seconds": seconds, "memory_mb": peak_memory_mb() - before}
        os.write(writer, json.dumps(found).encode())
        os._exit(0)
    os.waitpid(child, 0)
    os.close(writer)
    with os.fdopen(reader) as file:
        found = json.loads(file.read())
    return {"examples_per_second": ROWS / found["seconds"], "memory_mb": found["memory_mb"]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--model", required=True, help="folder of an encoder with its tokenizer")
    parser.add_argument("--data", required=True, help="folder or mapping with `ner` and `nli`")
    parser.add_argument("--language", default="en")
    parser.add_argument("--tasks", nargs="+", choices=TASKS, default=list(TASKS))
    parser.add_argument("--only", nargs="+", choices=list(CONTENDERS), default=list(CONTENDERS))
    parser.add_argument("--quick", action="store_true", help="12 updates")
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).parent / "results/finetuning.json"
    )
    options = parser.parse_args()
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    tables: dict[str, dict[str, Any]] = {}
    language, n_examples = Language.parse(options.language), ROWS * (12 if options.quick else 50)
    for task in options.tasks:
        bench = load(options.model, options.data, task, language, n_examples)
        tables[task] = {name: apart(CONTENDERS[name], bench) for name in options.only}
        print(f"\n{task}: {bench.updates} updates of {ROWS} examples")
        for name, row in tables[task].items():
            speed, memory = row["examples_per_second"], row["memory_mb"]
            print(f"  {name:<16}{speed:7.1f} examples a second {memory:8.0f} MB", flush=True)
    about = {
        "torch": torch.__version__,
        "transformers": transformers.__version__,
        "machine": platform.processor() or platform.machine(),
        "precision": create_engine("auto", 384).precision,
        "tokens": load_tokenizer(options.model).vocabulary_size,
        "rows": ROWS,
        "updates": n_examples // ROWS,
    }
    write_atomically(options.out, json.dumps({**about, "tables": tables}, indent=2) + "\n")


if __name__ == "__main__":
    main()
