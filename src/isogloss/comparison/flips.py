"""The examples whose score changed: what broke and what was mended."""

from typing import Final

import numpy as np
import pandas as pd

from isogloss.comparison.pairing import Paired
from isogloss.core import COMPARISON_TABLES, METRICS

# Of a language, in each direction: a list that a person can read.
_MOST: Final = 200


def flips(paired: Paired) -> pd.DataFrame:
    """Return the examples whose score changed most, by language.

    Args:
        paired: the examples.

    Returns:
        One row an example, from the most harmed on: at most 200 of a language that broke and 200
        that were mended. Questions and answers stand there where they were kept.
    """
    harm = np.zeros(len(paired.about))
    values = [np.zeros_like(harm), np.zeros_like(harm)]
    for name in paired.about["metric"].cat.categories:
        metric = METRICS[str(name)]
        rows = (paired.about["metric"] == name).to_numpy()
        k = len(metric.counts)
        for side, counts in zip(values, (paired.base, paired.new), strict=True):
            side[rows] = metric.value(counts[:, rows, :k]).mean(axis=0)
        gap = values[1][rows] - values[0][rows]
        harm[rows] = -gap if metric.higher_is_better else gap
    changed = np.flatnonzero(harm)
    changed = changed[np.argsort(-np.abs(harm[changed]), kind="stable")]
    keys = pd.DataFrame(
        {
            "language": paired.about["language"].cat.codes.to_numpy()[changed],
            "worse": harm[changed] > 0,
        }
    )
    kept = changed[(keys.groupby(["language", "worse"]).cumcount() < _MOST).to_numpy()]
    kept = kept[np.argsort(-harm[kept], kind="stable")]
    table = paired.about[["language", "task", "label", "example", "metric"]].iloc[kept]
    table = table.assign(
        base=values[0][kept],
        new=values[1][kept],
        harm=harm[kept],
        direction=np.where(harm[kept] > 0, "broke", "mended"),
    )
    for place, name in enumerate(("base_text", "new_text")):
        texts = paired.texts[place].iloc[kept].to_numpy() if paired.texts else ""
        table[name] = texts
    return table[list(COMPARISON_TABLES["flips"].columns)].reset_index(drop=True)
