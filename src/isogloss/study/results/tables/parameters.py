"""Parameters: how many numbers each language uses, shared and its own."""

from typing import Any

import pandas as pd

from isogloss.core import TABLES
from isogloss.study.results.outcomes import Outcomes


def parameters(outcomes: Outcomes) -> pd.DataFrame:
    """Return one row per treatment, mixture and language; seeds and budget matches do not differ.

    Args:
        outcomes: finished runs; runs from before models were counted have no row.

    Returns:
        The columns of `TABLES["parameters"]`; `mixture` is what one model learned.
    """
    rows: dict[tuple[str, str, str], dict[str, Any]] = {}
    for role in outcomes.roles:
        if role.stage != "pretrain":
            continue
        for row in outcomes.trained(role).result.get("parameters", ()):
            key = (role.treatment, role.learned_name, row["language"])
            names = dict(zip(("treatment", "mixture", "language"), key, strict=True))
            rows.setdefault(key, names | row)
    return pd.DataFrame(list(rows.values()), columns=list(TABLES["parameters"].columns))
