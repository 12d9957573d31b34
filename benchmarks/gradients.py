"""What it costs to see or change every language's gradient: our hooks against the other ways.

    python benchmarks/gradients.py [--quick] [--out FILE]

One model (ModernBERT 192 x 4 with a tagging head), one batch (32 rows of 64 pieces), for 2, 4, 8
and 16 languages. `joint` is one forward and backward of the mean of the languages' losses: the unit
U of every ratio. All ways take turns in one process on one thread and are compared by CPU seconds
within a turn; every turn begins without gradients.

Memory is the growth of the peak resident memory in a forked process that does one step, with a BERT
of 256 x 4 and a vocabulary of 8,000 (5.3 M parameters, 21 MB a language's gradient) and the same
rows. A loop over sub-batches holds the activations of one language and the gradients of all, our
hooks the activations of all and the gradients of one module: which is less depends on the model.

The ways that give cosines: `exact` and `sketch` (ours, in the ordinary backward), `backward a
language` (LibMTL's way: L backward passes over one graph), `sub-batch a language` (L forwards and
backwards, all gradients kept), TorchJD's `autojac` (one Jacobian; vectorised, and row by row) and
`autogram`. The ways that change the direction: `surgery a module` (PCGrad in the single pass) and
`surgery of the model` (PCGrad, two backward passes).

`--what choice` compares our two ways to the same numbers, one pass over all rows and a pass a
language (`, apart`), with the loop over sub-batches, and notes which of them `runs_apart` takes.
"""

import argparse
import json
import os
import platform
import resource
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import transformers
from torch import Tensor
from torch.nn.functional import cross_entropy
from transformers import AutoModelForMaskedLM, BertConfig, ModernBertConfig, PretrainedConfig

from isogloss.core import Language, write_atomically
from isogloss.gradients import GradientEngine, KeptGradients, OnePass, runs_apart
from isogloss.models import MultilingualModel, TokenClassifier
from isogloss.treatments.gradients.pcgrad import PCGradWeighting

ROWS, LENGTH, VOCABULARY, LABELS = 32, 64, 4000, 9
LANGUAGES = [Language.parse(f"qa{letter}") for letter in "abcdefghijklmnop"]
REFERENCE, LOOP = "joint", "sub-batch a language"


@dataclass(frozen=True)
class Bench:
    """The model and a batch of `n` languages, rows in equal shares."""

    model: TokenClassifier
    ids: Tensor
    labels: Tensor
    n: int

    @property
    def language(self) -> Tensor:
        """Language of each row."""
        return torch.arange(self.n).repeat_interleave(ROWS // self.n)

    def losses(self) -> Tensor:
        """Return the mean loss of each language, shape [n]."""
        logits = self.model(self.ids, None, self.language)
        each = cross_entropy(logits.flatten(0, 1), self.labels.flatten(), reduction="none")
        return each.view(self.n, -1).mean(1)

    def loss_of(self, index: int) -> Tensor:
        """Return the mean loss of one language from its own rows."""
        rows = self.language == index
        logits = self.model(self.ids[rows], None, self.language[rows])
        return cross_entropy(logits.flatten(0, 1), self.labels[rows].flatten())

    def parameters(self) -> list[Tensor]:
        """Return the parameters that the losses depend on (the masked-LM head is not used)."""
        return [
            p
            for name, p in self.model.named_parameters()
            if ".head." not in name and ".cls." not in name and ".decoder." not in name
        ]


Ways = Callable[[Bench], dict[str, Callable[[], Any]]]


def create_large(n: int) -> Bench:
    """Return the model whose memory is looked at."""
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=30522,
        hidden_size=256,
        num_hidden_layers=4,
        num_attention_heads=4,
        intermediate_size=1024,
        max_position_embeddings=128,
    )
    return _bench(config, n)


def create(n: int) -> Bench:
    """Return the model whose time is taken."""
    torch.manual_seed(0)
    config = ModernBertConfig(
        vocab_size=VOCABULARY,
        hidden_size=192,
        num_hidden_layers=4,
        num_attention_heads=4,
        intermediate_size=384,
        max_position_embeddings=128,
        layer_types=["full_attention"] * 4,
        **{f"{kind}_token_id": place for place, kind in enumerate(("pad", "bos", "eos"))},
        cls_token_id=1,
        sep_token_id=2,
    )
    return _bench(config, n)


def _bench(config: PretrainedConfig, n: int) -> Bench:
    backbone = AutoModelForMaskedLM.from_config(config, attn_implementation="sdpa")
    model = MultilingualModel(
        backbone, languages=LANGUAGES, modules=[], seed=0, tokenizer_fingerprint=""
    )
    ids = torch.randint(4, VOCABULARY, (ROWS, LENGTH))
    labels = torch.randint(0, LABELS, (ROWS, LENGTH))
    return Bench(TokenClassifier(model, LABELS).train(), ids, labels, n)


def ours(bench: Bench) -> dict[str, Callable[[], Any]]:
    """Return our ways by name."""
    engine = GradientEngine(bench.model)
    sketching = GradientEngine(bench.model, sketch=1024)
    rule = PCGradWeighting().start(bench.n, seed=0)
    languages = range(bench.n)

    def weigh(unit: str, gramian: Tensor) -> Tensor:
        return torch.from_numpy(rule.weights(unit, gramian.numpy(), languages))

    def watched(by: GradientEngine, **how: Any) -> Any:
        with by.watch(bench.language, **how):
            losses = bench.losses()
        losses.sum().backward()
        return by.take()

    def whole_model() -> None:
        with engine.watch(bench.language):
            losses = bench.losses()
        engine.probe(losses.sum())
        (weigh("model", engine.take().gramian()).float() * losses).sum().backward()

    return {
        "exact": lambda: watched(engine),
        "sketch": lambda: watched(sketching),
        "surgery a module": lambda: watched(engine, surgery=weigh),
        "surgery of the model": whole_model,
    }


def ours_apart(bench: Bench) -> dict[str, Callable[[], Any]]:
    """Return our ways that run each language's rows by themselves."""
    engine = GradientEngine(bench.model)
    rule = PCGradWeighting().start(bench.n, seed=0)

    def weigh(unit: str, gramian: Tensor) -> Tensor:
        return torch.from_numpy(rule.weights(unit, gramian.numpy(), range(bench.n)))

    def kept() -> KeptGradients:
        found = engine.keep()
        for index in range(bench.n):
            found.add(index, bench.loss_of(index))
        return found

    def exact() -> Any:
        found = kept()
        seen = found.take()
        found.direct(torch.ones(bench.n), found.names)
        return seen

    def by_module() -> None:
        found = kept()
        for unit, gramian in found.take(surgery=True).by_module().items():
            found.direct(weigh(unit, gramian), found.names_of(unit))

    def whole_model() -> None:
        found = kept()
        found.direct(weigh("model", found.take().gramian()), found.names)

    return {
        "exact, apart": exact,
        "surgery a module, apart": by_module,
        "surgery of the model, apart": whole_model,
    }


def others(bench: Bench) -> dict[str, Callable[[], Any]]:
    """Return the other ways by name; each comes to the Gramian."""
    from torchjd.autogram import Engine
    from torchjd.autojac import jac

    parameters = bench.parameters()

    def gramian(rows: list[list[Tensor]]) -> Tensor:
        blocks = [torch.stack(same).flatten(1) for same in zip(*rows, strict=True)]
        return torch.stack([block @ block.T for block in blocks]).sum(0)

    def backward_a_language() -> Tensor:
        losses = bench.losses()
        grad = torch.autograd.grad
        return gramian([list(grad(one, parameters, retain_graph=True)) for one in losses])

    def sub_batches() -> Tensor:
        grad = torch.autograd.grad
        return gramian([list(grad(bench.loss_of(i), parameters)) for i in range(bench.n)])

    def jacobian(chunk: int | None) -> Tensor:
        blocks = jac(list(bench.losses()), parameters, parallel_chunk_size=chunk)
        return torch.stack([b.flatten(1) @ b.flatten(1).T for b in blocks]).sum(0)

    def autogram() -> Tensor:
        encoder = bench.model.model.backbone.base_model
        engine = Engine(encoder, bench.model.head, batch_dim=None)
        found = engine.compute_gramian(bench.losses())
        del engine
        return found

    return {
        "backward a language": backward_a_language,
        LOOP: sub_batches,
        "autojac": lambda: jacobian(None),
        "autojac, row by row": lambda: jacobian(1),
        "autogram": autogram,
    }


CHOICES: Mapping[str, OnePass] = {
    "exact": "measure",
    "surgery a module": "module",
    "surgery of the model": "model",
}


def chosen(bench: Bench) -> dict[str, bool]:
    """Return for each of our ways whether the languages run apart."""
    n_parameters = sum(p.numel() for p in bench.model.parameters())
    return {
        name: runs_apart(bench.n, bench.ids.numel(), n_parameters, one_pass=one_pass)
        for name, one_pass in CHOICES.items()
    }


def both_ways(bench: Bench) -> dict[str, Callable[[], Any]]:
    """Return our ways, in one pass and apart, and the loop."""
    one_pass = {name: way for name, way in ours(bench).items() if name in CHOICES}
    loop = {LOOP: others(bench)[LOOP]}
    return {
        REFERENCE: lambda: bench.losses().mean().backward(),
        **one_pass,
        **ours_apart(bench),
        **loop,
    }


def ways(bench: Bench) -> dict[str, Callable[[], Any]]:
    return {REFERENCE: lambda: bench.losses().mean().backward(), **ours(bench), **others(bench)}


def agree(bench: Bench, by_name: dict[str, Callable[[], Any]]) -> float:
    """Return the largest relative difference of our Gramian to that of the sub-batch loop."""
    found, expected = by_name["exact"]().gramian(), by_name[LOOP]().double()
    return float((found - expected).abs().max() / expected.abs().max())


def timed(bench: Bench, by_name: dict[str, Callable[[], Any]], rounds: int) -> dict[str, list]:
    """Return CPU seconds of each way, turn by turn; the first turn warms up."""
    seconds: dict[str, list[float]] = {name: [] for name in by_name}
    for turn in range(rounds + 1):
        for name, way in by_name.items():
            bench.model.zero_grad()
            start = time.process_time()
            way()
            if turn:
                seconds[name].append(time.process_time() - start)
    return seconds


def peak_growth_mb(way: Callable[[], Any]) -> float:
    """Return by how much the peak resident memory grows in a forked process that runs `way`."""
    reader, writer = os.pipe()
    if (child := os.fork()) == 0:
        before = resident_mb()
        way()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        os.write(writer, str(peak - before).encode())
        os._exit(0)
    os.waitpid(child, 0)
    os.close(writer)
    with os.fdopen(reader) as file:
        return float(file.read() or "nan")


def resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


def table(n: int, rounds: int, made: Ways) -> list[dict[str, Any]]:
    """Return a row a way for `n` languages."""
    bench = create(n)
    by_name = made(bench)
    difference = agree(bench, by_name)
    seconds = timed(bench, by_name, rounds)
    rows = []
    for name, times in seconds.items():
        ratios = sorted(a / b for a, b in zip(times, seconds[REFERENCE], strict=True))
        rows.append(
            {
                "way": name,
                "seconds": statistics.median(times),
                "ratio": statistics.median(ratios),
                "quartiles": [ratios[len(ratios) // 4], ratios[3 * len(ratios) // 4]],
            }
        )
    print(f"\n{n} languages; exact against the loop: relative difference {difference:.1e}")
    for row in rows:
        low, high = row["quartiles"]
        times = f"{row['seconds'] * 1e3:8.0f} ms {row['ratio']:6.2f} U [{low:.2f}, {high:.2f}]"
        print(f"  {row['way']:<24}{times}", flush=True)
    return rows


def memory(counts: tuple[int, ...], made: Ways) -> dict[str, dict[str, float]]:
    """Return the growth of each way's peak by number of languages; runs on a fresh heap."""
    found: dict[str, dict[str, float]] = {}
    for n in counts:
        bench = create_large(n)
        for name, way in made(bench).items():
            found.setdefault(name, {})[str(n)] = peak_growth_mb(way)
    print(f"\npeak memory, MB, for {', '.join(map(str, counts))} languages")
    for name, row in found.items():
        print(f"  {name:<24}" + "".join(f"{value:8.0f}" for value in row.values()), flush=True)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="2 and 8 languages, 2 turns")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--what", choices=["all", "memory", "choice"], default="all")
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).parent / "results/gradients.json"
    )
    options = parser.parse_args()
    torch.set_num_threads(1)
    counts, rounds = ((2, 8), 2) if options.quick else ((2, 4, 8, 16), options.rounds)
    found = json.loads(options.out.read_text()) if options.out.exists() else {}
    found |= {
        "rows": ROWS,
        "length": LENGTH,
        "torch": torch.__version__,
        "transformers": transformers.__version__,
        "machine": platform.processor() or platform.machine(),
    }
    if options.what == "choice":
        found["choice"] = {
            "rounds": rounds,
            "memory_mb": memory(counts, both_ways),
            "tables": {str(n): table(n, rounds, both_ways) for n in counts},
            "apart": {str(n): chosen(create(n)) for n in counts},
        }
    else:
        found["memory_mb"] = memory(counts, ways)
    if options.what == "all":
        found |= {"rounds": rounds, "tables": {str(n): table(n, rounds, ways) for n in counts}}
    write_atomically(options.out, json.dumps(found, indent=2) + "\n")


if __name__ == "__main__":
    main()
