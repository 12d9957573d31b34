"""Train a toy to the end, as a process of its own: tests kill it, or start two of it.

Usage: python tests/integration/train_toy.py FOLDER UPDATES
"""

import sys
from pathlib import Path

import torch
from safetensors.torch import save_file

import toys
from isogloss.models import ModuleSpec
from isogloss.training import LoopSettings, TrainingPlan, create_engine


def plan(updates: int) -> TrainingPlan:
    """Return a plan with language-specific modules and a number of rows that is not even."""
    adapters = ModuleSpec.per_language("adapter", len(toys.PAIR), bottleneck=4)
    return toys.plan(updates=updates, rows=5, modules=(adapters,))


def main() -> None:
    """Train, and write the weights last."""
    folder, updates = Path(sys.argv[1]), int(sys.argv[2])
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    one = toys.training(plan(updates), engine=create_engine("fp32"))
    one.run(folder, LoopSettings(log_every=1, checkpoint_seconds=0.0))
    if one.engine.rank == 0:
        world_size = str(one.engine.world_size)
        final = folder / "final.safetensors"
        save_file(toys.weights(one.model), final, metadata={"world_size": world_size})
    one.engine.wait_for_everyone()
    if torch.distributed.is_initialized():
        torch.distributed.destroy_process_group()


if __name__ == "__main__":
    main()
