"""A study of a hundred mixtures still makes one small page: what is printed when not all can be."""

from collections.abc import Sequence
from typing import Final

import pandas as pd

_CLEAR: Final = ("HURT", "HELPED", "BETTER", "WORSE")


def most_telling(
    table: pd.DataFrame, limit: int, *, effect: str, block: Sequence[str]
) -> pd.DataFrame:
    """Keep at most `limit` rows: whole blocks, those with a verdict and a large effect first.

    Args:
        table: with columns `metric` and `verdict`.
        limit: most rows.
        effect: column whose size counts, compared within its metric.
        block: columns that name rows which belong together.

    Returns:
        The rows that stay, in their old order.
    """
    if len(table) <= limit:
        return table
    size = table[effect].abs()
    largest = size.groupby(table["metric"]).transform("max")
    weight = (size / largest).fillna(0.0) + table["verdict"].isin(_CLEAR)
    rank = weight.groupby([table[column] for column in block], sort=False).transform("max")
    kept = rank.sort_values(ascending=False, kind="stable").index[:limit]
    return table.loc[kept.sort_values()]


def left_out(table: pd.DataFrame, printed: pd.DataFrame) -> str:
    """Say how much is not printed; "" when nothing is left out."""
    if len(printed) == len(table):
        return ""
    return (
        f"The page prints {len(printed):,} of {len(table):,} rows: those with a verdict and the "
        "largest effects. The CSV file has all."
    )
