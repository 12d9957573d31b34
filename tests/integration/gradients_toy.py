"""Train with gradient surgery and sketch gradients, as one of several processes.

Usage: python tests/integration/gradients_toy.py FOLDER
"""

import sys
from pathlib import Path

import torch
from safetensors.torch import save_file

import toys
from isogloss.gradients import GradientEngine, SketchSum
from isogloss.training import TrainingPlan, create_engine
from isogloss.treatments import build_treatment

# The rules with a second backward and with a single one; with a state, and with another forward.
TREATMENTS = {
    "pcgrad": {"scope": "model"},
    "gradvac": {"beta": 0.5},
    "gradnorm": {"initial_batches": 1},
    "famo": {},
}


def plan(name: str) -> TrainingPlan:
    """Return a plan of three updates with a number of rows that is not even."""
    plain = toys.plan(toys.HOSTILE, rows=7)
    return build_treatment(name, TREATMENTS[name]).apply(plain)


def sketched() -> dict[str, torch.Tensor]:
    """Return the summed sketches of a batch, each process with its share of the rows."""
    machine = create_engine("fp32")
    one = toys.training(toys.plan(toys.HOSTILE, rows=7), engine=machine)
    targets = one.objective.prepare(one.sampler.batch(0), 0)
    local = targets.shard(machine.rank, machine.world_size)
    engine = GradientEngine(one.model, sketch=1024)
    total = SketchSum(engine.units, 3)
    with engine.watch(local.batch.language, local.row):
        losses = one.objective.losses(one.model, local)
    losses.mean.nansum().backward()
    found = engine.take()
    total.add(found.languages, dict(found.sketches))
    total.sum_across_processes(machine.sum_across_processes)
    return {"sketches": total.total}


def main() -> None:
    """Do all of it, and write what came out."""
    folder = Path(sys.argv[1])
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    results = sketched()
    machine = create_engine("fp32")
    for name in TREATMENTS:
        one = toys.training(plan(name), engine=machine)
        one.run(folder / name, toys.OFTEN)
        results |= {f"{name}/{key}": value for key, value in toys.weights(one.model).items()}
    if machine.rank == 0:
        save_file(results, folder / "results.safetensors")
    machine.wait_for_everyone()
    if torch.distributed.is_initialized():
        torch.distributed.destroy_process_group()


if __name__ == "__main__":
    main()
