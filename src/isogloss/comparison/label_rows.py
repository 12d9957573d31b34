"""Rows of labels that one run has and another has not, where no row means: not predicted."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from isogloss.comparison.scored import COUNTS

_EXAMPLE: Final = ["task", "language", "example"]
_METRIC: Final = "entity_f1"
_GOLD: Final = COUNTS[2]


def with_absent_labels(sides: Sequence[pd.DataFrame]) -> tuple[list[pd.DataFrame], list[str]]:
    """Add the rows of labels that a run has none of, of examples that every run has.

    A label that only one side predicts in a sentence may have a row on that side alone. Left out,
    its errors would be forgiven. The row that is added says: nothing predicted, and as many gold
    entities as the row of another run says. Other metrics than entity F1 are left as they are, for
    there a row that is absent says nothing.

    Args:
        sides: frames of `Scored`.

    Returns:
        The frames with the rows, and a notice for each side that got some.
    """
    if not any((side["label"] != "").any() for side in sides):
        return list(sides), []
    told = _told(sides)
    known = told.groupby(["of", "label"], as_index=False)[_GOLD].max()
    made_from = told.drop_duplicates(["of", "run"])[["of", "run", "side", "row"]]
    grid = known.merge(made_from, on="of")
    key = ["of", "label", "run"]
    absent = grid[~pd.MultiIndex.from_frame(grid[key]).isin(pd.MultiIndex.from_frame(told[key]))]
    found, said = [], []
    for place, (side, name) in enumerate(zip(sides, ("BASE", "NEW"), strict=True)):
        added = _rows(side, absent[absent["side"] == place])
        found.append(side if added.empty else pd.concat([_wider(side, added), added]))
        if len(added):
            share = added["language"].value_counts()
            where = ", ".join(f"{code} {n:,}" for code, n in share[share > 0].head(5).items())
            said.append(
                f"{len(added):,} labels of examples have no row in {name}, and one elsewhere: "
                f"{where}; counted as not predicted."
            )
    return [one.reset_index(drop=True) for one in found], said


def _told(sides: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return the rows of examples that all runs have, with numbers of example (`of`) and run."""
    parts = []
    for place, side in enumerate(sides):
        counted = (side["metric"] == _METRIC).to_numpy()
        part = side.loc[counted, [*_EXAMPLE, "label", "seed"]].astype("str")
        gold = side.loc[counted, _GOLD]
        parts.append(part.assign(**{_GOLD: gold, "side": place, "row": np.flatnonzero(counted)}))
    told = pd.concat(parts, ignore_index=True)
    told["run"] = told.groupby(["side", "seed"]).ngroup()
    told["of"] = told.groupby(_EXAMPLE).ngroup()
    return told[told.groupby("of")["run"].transform("nunique") == told["run"].nunique()]


def _rows(side: pd.DataFrame, absent: pd.DataFrame) -> pd.DataFrame:
    """Return the rows to add, made from another row of the same example and run."""
    rows = side.iloc[absent["row"].to_numpy()]
    names = side["label"].cat.categories.union(pd.Index(absent["label"].unique()))
    labels = pd.Categorical(absent["label"], categories=names)
    counts = {COUNTS[0]: 0.0, COUNTS[1]: 0.0, _GOLD: absent[_GOLD].to_numpy()}
    return rows.assign(label=labels, **counts)


def _wider(side: pd.DataFrame, added: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with the labels of the rows to add among its categories."""
    return side.assign(label=side["label"].cat.set_categories(added["label"].cat.categories))
