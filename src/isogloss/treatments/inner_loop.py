"""How long the inner loop of a step with slow weights is, where nobody says so."""

from typing import Final

from isogloss.training import TrainingPlan

# With a rate of 0.1 the slow weights come 1 - 0.9^40 = 98.5 % of the way. A fixed number of inner
# steps, 1000 say, would leave a short training near its first weights.
OUTER_UPDATES: Final = 40


def inner_steps(wanted: int | None, plan: TrainingPlan) -> int:
    """Return the inner steps of an outer update.

    Args:
        wanted: the number, or None for a fortieth of the training, and at least one step for each
            language.
        plan: whose updates are divided.
    """
    if wanted is not None:
        return wanted
    return max(-(-plan.updates // OUTER_UPDATES), len(plan.languages))
