"""What a verdict is worth where the truth is known."""

from collections.abc import Mapping
from typing import Final

TRUTH_OUTCOMES: Final[Mapping[str, str]] = {
    "found": "the planted effect was found",
    "no_false_alarm": "nothing was planted, and no effect was claimed",
    "open": "an effect was planted, and the study did not decide",
    "false_alarm": "nothing was planted, and an effect was claimed",
    "opposite": "the opposite of what was planted was claimed",
    "not_planted": "nobody knows beforehand what to expect",
}

_CLAIMS: Final[Mapping[str, str]] = {"HURT": "hurt", "HELPED": "help"}


def truth_outcome(planted: str, verdict: str) -> str:
    """Return what a verdict is worth against the planted effect.

    Args:
        planted: "hurt", "help", "none" or "unknown".
        verdict: a word of the verdicts; "" where nothing was compared.

    Returns:
        A key of `TRUTH_OUTCOMES`.

    Example:
        >>> truth_outcome("hurt", "HURT"), truth_outcome("none", "UNDERPOWERED")
        ('found', 'no_false_alarm')
    """
    claimed = _CLAIMS.get(verdict, "")
    if planted == "unknown":
        return "not_planted"
    if planted == "none":
        return "false_alarm" if claimed else "no_false_alarm"
    if not claimed:
        return "open"
    return "found" if claimed == planted else "opposite"
