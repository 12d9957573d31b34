"""Gradients of several losses as pure functions: no model, no trainer, no study in here.

Hypergradients: how the loss after a look-ahead of the shared weights depends on the
language-specific ones, exactly (`exact`), by two more gradients (`finite_difference`), or without
the cross-lingual part (`first_order`).
"""

from isogloss.gradients.hypergradients import (
    HYPERGRADIENTS,
    Hypergradient,
    LookAhead,
    Parameters,
    ValidationLoss,
    exact,
    finite_difference,
    first_order,
)

__all__ = [
    "HYPERGRADIENTS",
    "Hypergradient",
    "LookAhead",
    "Parameters",
    "ValidationLoss",
    "exact",
    "finite_difference",
    "first_order",
]
