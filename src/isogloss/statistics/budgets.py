"""A comparison at unequal budgets measures the budgets."""

from collections.abc import Mapping

from isogloss.core import InputError


def refuse_unequal_budgets(
    budgets_a: Mapping[str, float], budgets_b: Mapping[str, float], *, tolerance: float = 0.01
) -> None:
    """Raise if the two sides of a comparison spent different budgets on a language.

    Args:
        budgets_a: language -> updates or tokens spent on it by one side.
        budgets_b: the same for the other side.
        tolerance: largest allowed difference, as a share of the larger budget.

    Raises:
        InputError: a language is on one side only, or its budgets differ by more than `tolerance`.

    Example:
        >>> refuse_unequal_budgets({"swa-Latn": 1000}, {"swa-Latn": 1005})
    """
    for language in sorted(budgets_a.keys() | budgets_b.keys()):
        first, second = budgets_a.get(language, 0.0), budgets_b.get(language, 0.0)
        if abs(first - second) > tolerance * max(abs(first), abs(second)):
            raise InputError(
                expected=f"budgets that differ by at most {tolerance:.1%} on each language",
                found=f"{first:g} and {second:g}",
                where=f"language {language}",
                next_step="Train both sides with the same budget on this language, "
                "or compare runs that were matched.",
            )
