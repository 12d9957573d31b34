"""Tokens a second: our masked-LM training against Hugging Face's `Trainer` and a bare loop.

    python benchmarks/training.py [--quick] [--precision fp32|bf16|auto|both] [--model small]

All contenders train the same model from the same weights on the same windows, with fused AdamW,
cosine schedule and clipping, 30 % of the pieces masked, on one thread. They take turns of four
updates and are compared by CPU seconds within a round, so that ratios hold on a machine that does
other work. Each trains on and on in a process of its own that sleeps while others have their turn:
only steady state is measured.

- `isogloss`: `Training.run` as a user gets it, metrics written every four updates (a study writes
  every 20 to 50). No checkpoint falls due, as the Trainer saves none.
- `Trainer`: its own collator and data loader; reports, logs and checkpoints are off.
- `Trainer, sparse_prediction`: with ModernBERT's own option to project masked positions only.
- `bare loop`: what PyTorch does for whoever projects masked positions only: no framework, no log,
  nothing prepared but the batch.

`--precision both` compares `isogloss` with itself: fp32 against bf16 autocast, emulated where the
processor has no bf16 instructions. What the processor has is noted beside the figure.
"""

import argparse
import copy
import itertools
import json
import logging
import multiprocessing
import platform
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import torch
import transformers
from torch import nn
from torch.nn.functional import cross_entropy
from transformers import (
    AutoModelForMaskedLM,
    DataCollatorForLanguageModeling,
    Trainer,
    TrainerCallback,
)
from transformers import TrainingArguments as Arguments

from isogloss.core import Language, write_atomically
from isogloss.data import (
    EncodedCorpus,
    TextSampler,
    Tokenizer,
    encode_corpus,
    load_tokenizer,
    train_tokenizer,
)
from isogloss.models import MultilingualModel, create_model
from isogloss.training import (
    BuildContext,
    LoopSettings,
    MaskedLMObjective,
    OptimizerStep,
    PlainEngine,
    TextSampling,
    Training,
    TrainingPlan,
    WeightedSum,
    resolve_precision,
)

LANGUAGES = (Language.parse("qaa"), Language.parse("qab"))
ROWS, LENGTH, RATE, TURN = 16, 128, 0.3, 4
WITHOUT_END = 1_000_000
LEARNING_RATE, BETAS, DECAY, CLIP, WARM_UP = 2e-3, (0.9, 0.98), 0.01, 1.0, 0.1

Pause = Callable[[], None]


@dataclass(frozen=True)
class Material:
    """What all contenders of a table share."""

    folder: Path
    tokenizer: Tokenizer
    corpora: Mapping[Language, EncodedCorpus]
    model: MultilingualModel

    def copy(self) -> MultilingualModel:
        """Return a model with the weights that everyone begins with."""
        return copy.deepcopy(self.model)

    def plain(self) -> Any:
        """Return the same model as Hugging Face makes it, with nothing of ours in it."""
        backbone = self.model.backbone
        plain = AutoModelForMaskedLM.from_config(backbone.config, attn_implementation="sdpa")
        plain.load_state_dict(backbone.state_dict())
        return plain


def make_material(folder: Path, vocabulary: int, preset: str) -> Material:
    """Write two languages of invented words whose vocabulary fills up."""
    rng = random.Random(0)
    letters = "abcdefghijklmnopqrstuvwxyz"
    words = ["".join(rng.choices(letters, k=rng.randint(2, 9))) for _ in range(8000)]
    frequency = [1 / (rank + 3) for rank in range(len(words))]
    lines = [" ".join(rng.choices(words, frequency, k=20)) for _ in range(15_000)]
    samples = dict.fromkeys(LANGUAGES, lines)
    train_tokenizer(samples, folder / "tokenizer", vocabulary_size=vocabulary)
    tokenizer = load_tokenizer(folder / "tokenizer")
    assert tokenizer.vocabulary_size == vocabulary
    return Material(
        folder,
        tokenizer,
        {one: encode_corpus(lines, tokenizer, folder / f"{one}.tokens") for one in LANGUAGES},
        create_model(preset, tokenizer=tokenizer, languages=LANGUAGES, modules=(), seed=0),
    )


class EndOfTurn:
    """Our log and the Trainer's callback in one: whoever calls it waits for the next turn."""

    def __init__(self, pause: Pause) -> None:
        self._pause = pause

    def write(self, row: dict[str, Any]) -> None:
        """Be a `MetricLog` of ours, which is told every `TURN` updates."""
        self._pause()

    def callback(self) -> TrainerCallback:
        """Return a callback for the Trainer, which is told at every update."""
        pause = self._pause

        class Callback(TrainerCallback):
            def on_step_end(self, args: Any, state: Any, control: Any, **rest: Any) -> None:
                if state.global_step % TURN == 0:
                    pause()

        return Callback()


def isogloss(material: Material, precision: str, pause: Pause) -> None:
    """Train with the loop of this library."""
    plan = TrainingPlan(
        languages=LANGUAGES,
        updates=WITHOUT_END,
        rows=ROWS,
        length=LENGTH,
        seed=0,
        sampler=TextSampling(0.0),
        modules=(),
        objective=MaskedLMObjective(RATE),
        combine=WeightedSum(),
        step=OptimizerStep(),
        precision=precision,
    )
    context = BuildContext(LANGUAGES, ROWS, LENGTH, 0, material.tokenizer, material.corpora)
    training = Training(
        plan,
        material.copy(),
        context,
        PlainEngine(precision),
        extra_logs=[EndOfTurn(pause)],
    )
    settings = LoopSettings(log_every=TURN, checkpoint_seconds=float("inf"))
    training.run(material.folder / f"isogloss-{precision}", settings)


def trainer(material: Material, precision: str, pause: Pause, *, sparse: bool = False) -> None:
    """Train with Hugging Face's Trainer, on the windows as a list in memory."""
    sampler = TextSampler(material.corpora, ROWS, LENGTH, exponent=0.0)
    batches = [sampler.batch(update).input_ids for update in range(100)]
    windows = [{"input_ids": row.tolist()} for row in torch.cat(batches)]
    backbone = material.plain()
    backbone.sparse_prediction = sparse
    tokenizer = material.tokenizer.hugging_face
    arguments = Arguments(
        output_dir=str(material.folder / "trainer"),
        per_device_train_batch_size=ROWS,
        max_steps=WITHOUT_END,
        optim="adamw_torch_fused",
        learning_rate=LEARNING_RATE,
        adam_beta1=BETAS[0],
        adam_beta2=BETAS[1],
        weight_decay=DECAY,
        max_grad_norm=CLIP,
        lr_scheduler_type="cosine",
        warmup_steps=int(WARM_UP * WITHOUT_END),
        bf16=precision == "bf16",
        use_cpu=True,
        report_to="none",
        logging_strategy="no",
        save_strategy="no",
        disable_tqdm=True,
    )
    Trainer(
        model=backbone,
        args=arguments,
        data_collator=DataCollatorForLanguageModeling(tokenizer, mlm_probability=RATE),
        train_dataset=windows,  # pyright: ignore[reportArgumentType]
        callbacks=[EndOfTurn(pause).callback()],
    ).train()


def bare_loop(material: Material, precision: str, pause: Pause) -> None:
    """Train with nothing but PyTorch; the prediction head runs at masked positions only."""
    model = material.plain().train()
    parameters = list(model.parameters())
    groups = [
        {"params": [p for p in parameters if p.ndim > 1], "weight_decay": DECAY},
        {"params": [p for p in parameters if p.ndim <= 1], "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(groups, lr=LEARNING_RATE, betas=BETAS, fused=True)
    sampler = TextSampler(material.corpora, ROWS, LENGTH, exponent=0.0)
    batches = [sampler.batch(update).input_ids for update in range(100)]
    for update in itertools.count():
        ids = batches[update % len(batches)]
        chosen = torch.rand(ids.shape) < RATE
        corrupted = ids.masked_fill(chosen, material.tokenizer.mask_id)
        places = chosen.flatten().nonzero().squeeze(1)
        with torch.autocast("cpu", torch.bfloat16) if precision == "bf16" else nullcontext():
            hidden = model.model(input_ids=corrupted).last_hidden_state
            hidden = hidden.flatten(0, 1).index_select(0, places)
            logits = model.decoder(model.head(hidden))
            loss = cross_entropy(logits.float(), ids.flatten()[places])
        loss.backward()
        nn.utils.clip_grad_norm_(parameters, CLIP)
        for group in optimizer.param_groups:
            group["lr"] = LEARNING_RATE * (update + 1) / (WARM_UP * WITHOUT_END)
        optimizer.step()
        optimizer.zero_grad()
        if (update + 1) % TURN == 0:
            pause()


class Contender:
    """A training in a process of its own that goes on for one turn at a time.

    Not a thread: memory is given back to the system in another way off the main thread, and a loop
    that takes much of it anew at each update then looks up to 3 % slower than it is.

    Args:
        train: trains for ever, and calls what it is given at the end of each turn.
    """

    def __init__(self, train: Callable[[Pause], None]) -> None:
        context = multiprocessing.get_context("fork")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_live, args=(train, theirs), daemon=True)
        self._process.start()
        theirs.close()

    def turn(self) -> float:
        """Train for one turn; return its CPU seconds."""
        self._pipe.send("go")
        return self._pipe.recv()

    def end(self) -> None:
        """Stop for good."""
        self._process.terminate()
        self._process.join()


def _live(train: Callable[[Pause], None], pipe: Connection) -> None:
    """Train, sleeping between turns."""
    pipe.recv()
    start = time.process_time()

    def pause() -> None:
        nonlocal start
        pipe.send(time.process_time() - start)
        pipe.recv()
        start = time.process_time()

    train(pause)


def measure(contenders: Mapping[str, Contender], rounds: int) -> list[dict[str, Any]]:
    """Let all take turns; return tokens per CPU second, and how many times `isogloss` has that."""
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for contender in [*contenders.values()] * 2:
        contender.turn()  # The first turn builds the training, both warm up.
    for number in range(rounds):
        order = list(contenders) if number % 2 == 0 else list(contenders)[::-1]
        for name in order:
            seconds[name].append(contenders[name].turn())
    reference = seconds["isogloss"]
    for contender in contenders.values():
        contender.end()
    rows = []
    for name, times in seconds.items():
        ratios = sorted(theirs / ours for theirs, ours in zip(times, reference, strict=True))
        rows.append(
            {
                "contender": name,
                "tokens_per_cpu_second": ROWS * LENGTH * TURN / statistics.median(times),
                "isogloss_is_times_as_fast": statistics.median(ratios),
                "quartiles": [ratios[len(ratios) // 4], ratios[3 * len(ratios) // 4]],
            }
        )
    return rows


def table(vocabulary: int, preset: str, precision: str, rounds: int) -> list[dict[str, Any]]:
    """Measure all contenders at one vocabulary and precision."""
    with tempfile.TemporaryDirectory() as folder:
        material = make_material(Path(folder), vocabulary, preset)
        trainings: dict[str, Callable[[Pause], None]] = {
            "isogloss": lambda pause: isogloss(material, precision, pause),
            "Trainer": lambda pause: trainer(material, precision, pause),
            "Trainer, sparse_prediction": lambda pause: trainer(
                material, precision, pause, sparse=True
            ),
            "bare loop": lambda pause: bare_loop(material, precision, pause),
        }
        if precision == "both":
            trainings = {
                "isogloss": lambda pause: isogloss(material, "fp32", pause),
                "isogloss, bf16 autocast": lambda pause: isogloss(material, "bf16", pause),
            }
        return measure({name: Contender(train) for name, train in trainings.items()}, rounds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="3 rounds instead of 6")
    parser.add_argument("--precision", choices=["fp32", "bf16", "auto", "both"], default="auto")
    parser.add_argument("--model", default="small", help="a preset (default: small)")
    parser.add_argument("--vocabulary", nargs="+", type=int, default=[4000, 2000], metavar="N")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results/training.json")
    options = parser.parse_args()
    torch.set_num_threads(1)
    logging.getLogger("transformers").setLevel(logging.ERROR)
    both = options.precision == "both"
    precision = "both" if both else resolve_precision(options.precision)
    rounds = 3 if options.quick else 6
    for vocabulary in options.vocabulary:
        rows = table(vocabulary, options.model, precision, rounds)
        print(f"\n{options.model}, vocabulary {vocabulary}, {ROWS} x {LENGTH}, {precision}")
        for row in rows:
            low, high = row["quartiles"]
            speed, ratio = row["tokens_per_cpu_second"], row["isogloss_is_times_as_fast"]
            print(f"  {row['contender']:<28}{speed:8.0f} tokens/s", end="")
            print(f"{ratio:8.3f} x [{low:.3f}, {high:.3f}]", flush=True)
        keep(options.out, f"{options.model}, vocabulary {vocabulary}, {precision}", rows, rounds)


def vector_instructions() -> list[str]:
    """Return the flags of this processor's vector units; those for bf16 have it in their names."""
    cpuinfo = Path("/proc/cpuinfo")
    words = cpuinfo.read_text().split() if cpuinfo.exists() else []
    return sorted({word for word in words if word.startswith(("avx", "amx"))})


def keep(path: Path, name: str, rows: list[dict[str, Any]], rounds: int) -> None:
    """Put one table into the file of results, beside those of other sizes."""
    found = json.loads(path.read_text()) if path.exists() else {}
    found[name] = {
        "rows": ROWS,
        "length": LENGTH,
        "rounds": rounds,
        "updates_a_turn": TURN,
        "threads": 1,
        "torch": torch.__version__,
        "transformers": transformers.__version__,
        "machine": platform.processor() or platform.machine(),
        "vector_instructions": vector_instructions(),
        "precision_auto": resolve_precision("auto"),
        "contenders": rows,
    }
    write_atomically(path, json.dumps(found, indent=2) + "\n")


if __name__ == "__main__":
    main()
