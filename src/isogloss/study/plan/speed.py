"""How fast this machine is: a tenth of a second of NumPy instead of a training."""

import os
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np

from isogloss.study.plan.arithmetic import Work

# What an update takes, in units of what is timed here. Fitted to the processor time of 13 updates
# from `micro` to `paper`, of 256 to 4,096 tokens (docs/log.md).
_CALL: Final = 15_000.0  # copies of a small array, for entering a layer, forward and backward
_GIGAFLOP: Final = 0.95  # gigaflops of a matrix product
_ELEMENT: Final = 410.0  # sweeps through a large array, for each number between the products
_REPEATS: Final = 5


@dataclass(frozen=True)
class Speed:
    """What one core of a machine takes, in seconds.

    Attributes:
        call: to enter a layer, forward and backward.
        gigaflop: for 10^9 operations of matrix products.
        element: for 10^6 numbers between the products.
    """

    call: float
    gigaflop: float
    element: float

    def seconds(self, work: Work) -> float:
        """Return the time of some work on one core."""
        return (
            work.calls * self.call + work.gigaflops * self.gigaflop + work.elements * self.element
        )


@cache
def machine_name() -> str:
    """Return what kind of machine this is: processor and number of cores."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:  # no Linux
        lines = []
    models = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return f"{next(models, platform.processor() or platform.machine())}, {os.cpu_count()} cores"


def measure_speed() -> Speed:
    """Measure this machine: processor time, so that what else runs on it counts little."""
    rng = np.random.default_rng(0)
    left, right = (rng.random(shape, dtype=np.float32) for shape in ((512, 128), (128, 512)))
    large, small = rng.random(2_000_000, dtype=np.float32), np.zeros(8)
    product = _fastest(lambda: left @ right, 20)
    sweep = _fastest(lambda: np.multiply(large, np.float32(1.0001), out=large), 4)
    copy = _fastest(small.copy, 10_000)
    n_operations = 2 * left.shape[0] * left.shape[1] * right.shape[1]
    return Speed(
        call=_CALL * copy,
        gigaflop=_GIGAFLOP * product * 1e9 / n_operations,
        element=_ELEMENT * sweep * 1e6 / len(large),
    )


def _fastest(action: Callable[[], object], n: int) -> float:
    """Return the processor time of an action, the best of some repeats of `n` each."""
    taken = []
    for _ in range(_REPEATS):
        began = time.process_time()
        for _ in range(n):
            action()
        taken.append((time.process_time() - began) / n)
    return min(taken)
