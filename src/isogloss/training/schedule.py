"""Learning-rate schedules as pure functions of the update number."""

import math
from collections.abc import Callable, Mapping
from typing import Final

Schedule = Callable[[float], float]


def _one_cycle(progress: float) -> float:
    """Cosine from 1 to 0.01 after the warm-up (Smith & Topin 2019, second phase)."""
    return 0.01 + 0.99 * (1 + math.cos(math.pi * progress)) / 2


SCHEDULES: Final[Mapping[str, Schedule]] = {
    "constant": lambda progress: 1.0,
    "linear": lambda progress: 1.0 - progress,
    "cosine": _one_cycle,
}


def rate(schedule: Schedule, update: int, updates: int, warm_up: float) -> float:
    """Return the factor on the peak learning rate at an update.

    Args:
        schedule: maps progress after the warm-up, in [0, 1], to a factor.
        update: counted from 0.
        updates: length of the training.
        warm_up: share of the updates over which the factor rises linearly from 0 to 1.

    Example:
        >>> [round(rate(SCHEDULES["linear"], u, 10, 0.2), 2) for u in (0, 1, 2, 9)]
        [0.5, 1.0, 1.0, 0.12]
    """
    n_warm_up = math.ceil(warm_up * updates)
    if update < n_warm_up:
        return (update + 1) / n_warm_up
    return schedule((update - n_warm_up) / max(updates - n_warm_up, 1))
