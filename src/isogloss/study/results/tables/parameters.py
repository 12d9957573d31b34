"""Parameters: how many numbers each language uses, shared and its own."""

from typing import Any, Final

import pandas as pd

from isogloss.study.results.outcomes import Outcomes

PARAMETER_COLUMNS: Final = ("treatment", "mixture", "language", "shared", "language_specific")


def parameters(outcomes: Outcomes) -> pd.DataFrame:
    """Return one row a treatment, mixture and language; seeds and budget matches do not differ.

    Args:
        outcomes: finished runs; runs from before models were counted have no row.

    Returns:
        The columns `PARAMETER_COLUMNS`; `mixture` is what one model learned.
    """
    rows: dict[tuple[str, str, str], dict[str, Any]] = {}
    for role in outcomes.roles:
        if role.stage != "pretrain":
            continue
        for row in outcomes.trained(role).result.get("parameters", ()):
            key = (role.treatment, role.learned_name, row["language"])
            rows.setdefault(key, dict(zip(PARAMETER_COLUMNS[:3], key, strict=True)) | row)
    return pd.DataFrame(list(rows.values()), columns=list(PARAMETER_COLUMNS))
