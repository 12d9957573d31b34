"""Verdicts beside what was planted: only a synthetic test bed has a truth to be held against."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from isogloss.core import TABLES, truth_outcome
from isogloss.data import Truth


def truth(verdicts: pd.DataFrame, planted: Truth) -> pd.DataFrame:
    """Return one row per pair, language and budget match: what was planted, what was found.

    Only masked-LM verdicts on untreated models of two languages have a truth: it says what joint
    training with one other language does to the prediction of a language.

    Args:
        verdicts: as `verdicts` makes them.
        planted: of the test bed that the study ran on.

    Returns:
        The columns of `TABLES["truth"]`; `outcome` is a word of `TRUTH_OUTCOMES`.
    """
    rows = verdicts[
        (verdicts["treatment"] == "untreated")
        & (verdicts["metric"] == "bits_per_byte")
        & (verdicts["setting"] == "within_language")
    ]
    return pd.DataFrame(_rows(rows, planted), columns=list(TABLES["truth"].columns))


def _rows(verdicts: pd.DataFrame, planted: Truth) -> Iterator[dict[str, Any]]:
    """Yield the rows that have a truth."""
    for row in verdicts.to_dict("records"):
        mixture = str(row["mixture"]).split("+")
        target = str(row["language"])
        if len(mixture) != 2:
            continue
        [source] = [one for one in mixture if one != target]
        codes = [one.partition("-")[0] for one in (source, target)]
        if not set(codes) <= set(planted.languages):
            continue
        match = row["match"]
        expected = planted.expected(source=codes[0], target=codes[1], match=match)
        verdict = "" if pd.isna(row["verdict"]) else str(row["verdict"])
        shared = ("mixture", "language", "match", "interference", "ci_low", "ci_high", "p_holm")
        yield {
            **{name: row[name] for name in shared},
            "relation": " and ".join(planted.languages[code].relation for code in codes[::-1]),
            "planted": expected.effect,
            "reason": expected.reason,
            "verdict": verdict,
            "outcome": truth_outcome(expected.effect, verdict),
        }
