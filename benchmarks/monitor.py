"""What looking at the languages' gradients costs a training.

    python benchmarks/monitor.py [--quick] [--out FILE]

`probe`: a study's run, which looks every 40 updates at a batch of its own. `own loop`: the monitor
inside the passes of a loop, every 20 steps. The training with looks and the one without take turns
of as many updates as lie between two looks, in one process on one thread, and are compared by CPU
seconds.
"""

import argparse
import json
import platform
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from training import LANGUAGES, ROWS, WITHOUT_END, Material, make_material

from isogloss.core import write_atomically
from isogloss.diagnosis import ConflictMonitor, ConflictProbe
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

LENGTH = 64
PROBE, OWN_LOOP = 40, 20


def training(material: Material) -> Training:
    """Return a training in fp32 that has not begun."""
    plan = TrainingPlan(
        languages=LANGUAGES,
        updates=WITHOUT_END,
        rows=ROWS,
        length=LENGTH,
        seed=0,
        sampler=TextSampling(0.0),
        modules=(),
        objective=MaskedLMObjective(0.3),
        combine=WeightedSum(),
        step=OptimizerStep(),
        precision="fp32",
    )
    context = BuildContext(LANGUAGES, ROWS, LENGTH, 0, material.tokenizer, material.corpora)
    return Training(plan, material.copy(), context, PlainEngine("fp32"))


def probed(material: Material, folder: Path) -> Callable[[int], None]:
    """Return one update of a study's run with its probe."""
    one = training(material)
    model: Any = one.model
    probe = ConflictProbe(model, one.context, one.plan.objective, one.engine, PROBE)
    probe.start(folder, 0)

    def update(number: int) -> None:
        one.step.update(number, one.sampler.batch(number))
        probe.observe(number)

    return update


def plain(material: Material) -> Callable[[int], None]:
    """Return one update of the same run without looks."""
    one = training(material)
    return lambda number: void(one.step.update(number, one.sampler.batch(number)))


def void(_: object) -> None:
    """Drop a result."""


def own_loop(material: Material, every: int | None) -> Callable[[int], None]:
    """Return one update of a loop of somebody's own, watched or not."""
    one = training(material)
    model: Any = one.model
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    monitor = None if every is None else ConflictMonitor(model, list(LANGUAGES), every=every)

    def update(number: int) -> None:
        targets = one.objective.prepare(one.sampler.batch(number), number)
        optimizer.zero_grad()
        if monitor is None:
            losses = one.objective.losses(model, targets)
        else:
            with monitor.watch(targets.batch.language, targets.row):
                losses = one.objective.losses(model, targets)
        (losses.total.sum() / losses.count.sum()).backward()
        if monitor is not None:
            monitor.step()
        optimizer.step()

    return update


def ratios(
    with_looks: Callable[[int], None], without: Callable[[int], None], turn: int, rounds: int
) -> list[float]:
    """Return CPU seconds with over without looks, one a round; the first round is warm-up."""
    found = []
    for number in range(rounds + 1):
        seconds = []
        for update in (with_looks, without):
            began = time.process_time()
            for step in range(number * turn, (number + 1) * turn):
                update(step)
            seconds.append(time.process_time() - began)
        found.append(seconds[0] / seconds[1])
    return sorted(found[1:])


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="3 rounds instead of 9")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results/monitor.json")
    options = parser.parse_args()
    torch.set_num_threads(1)
    rounds = 3 if options.quick else 9
    found: dict[str, Any] = {"machine": platform.processor() or platform.machine()}
    for preset in ("mini", "small"):
        with tempfile.TemporaryDirectory() as name:
            material = make_material(Path(name), 2000, preset)
            pairs = {
                f"probe, every {PROBE}": (probed(material, Path(name)), plain(material), PROBE),
                f"own loop, every {OWN_LOOP}": (
                    own_loop(material, OWN_LOOP),
                    own_loop(material, None),
                    OWN_LOOP,
                ),
            }
            for what, (with_looks, without, turn) in pairs.items():
                values = ratios(with_looks, without, turn, rounds)
                quartiles = [values[len(values) // 4], values[3 * len(values) // 4]]
                row = {"ratio": statistics.median(values), "quartiles": quartiles}
                found[f"{preset}, {what}"] = row
                print(f"{preset}, {what}: {row['ratio']:.3f} {quartiles}", flush=True)
    write_atomically(options.out, json.dumps(found, indent=2) + "\n")


if __name__ == "__main__":
    main()
