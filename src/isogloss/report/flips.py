"""Verdicts that depend on how the budget of the monolingual model was matched."""

import pandas as pd

from isogloss.report.wording import MATCHES

_KEYS = ["treatment", "mixture", "task", "metric", "setting", "source_language", "language"]
_OPPOSITE = {"HURT", "HELPED"}


def mark_flips(verdicts: pd.DataFrame) -> pd.DataFrame:
    """Add the column `flip`: "", "differs" or "reverses".

    Args:
        verdicts: `verdicts.csv`.

    Returns:
        A copy. "reverses": HURT under one budget match and HELPED under the other; "differs": a
        verdict under one match that the other does not give.
    """
    marked = verdicts.copy()
    keys = list(zip(*(marked[key] for key in _KEYS), strict=True))
    given: dict[tuple[object, ...], set[str]] = {}
    for key, verdict in zip(keys, marked["verdict"], strict=True):
        given.setdefault(key, set()).add(verdict)
    marked["flip"] = [_kind(given[key]) for key in keys]
    marked.loc[marked["setting"] != "within_language", "flip"] = ""
    return marked


def primary_match(verdicts: pd.DataFrame) -> str:
    """Return the budget match that the answer speaks of: per language where it was run."""
    present = list(dict.fromkeys(verdicts["match"].astype(str)))
    known = [match for match in MATCHES if match in present]
    return (known or present or [""])[0]


def _kind(verdicts: set[str]) -> str:
    """Compare the verdicts of one comparison under all its matches."""
    if verdicts >= _OPPOSITE:
        return "reverses"
    return "differs" if len(verdicts) > 1 and verdicts & _OPPOSITE else ""
