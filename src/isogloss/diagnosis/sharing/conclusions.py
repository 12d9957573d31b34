"""What follows from a sharing map: what to know before reading it, and what to try next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from isogloss.diagnosis.sharing.sharing_map import SharingMap

# Below it two seeds of one language disagree too much to compare languages with confidence.
CONTROL: Final = 0.95


def sharing_notes(found: SharingMap) -> list[str]:
    """Return what a reader of the map has to know: controls that fail, gates that found nothing."""
    rows = pd.DataFrame(found.rows())
    notes: list[str] = []
    own = rows[rows["language_a"] == rows["language_b"]]
    control = own.groupby("language_a", sort=False)["pearson"].mean()
    if control.isna().all():
        notes.append("there is no same-language control: it needs two seeds.")
    notes += [
        f"the same-language control of {language} is {value:.2f}, below {CONTROL}: its gates are "
        "not settled. More updates or sequences per update settle them; read the corrected values."
        for language, value in control.items()
        if value < CONTROL
    ]
    kept = pd.DataFrame(found.kept).groupby("language", sort=False).mean()
    notes += [
        f"could not measure {language}: its gates keep no more of its loss than as many at random "
        f"({gated:.3f} against {random:.3f})."
        for language, gated, random in zip(
            kept.index, kept["loss_gated"], kept["loss_random"], strict=True
        )
        if gated >= random
    ]
    return notes


@dataclass(frozen=True)
class Recommendation:
    """Layers worth making language-specific, by a sharing map.

    Attributes:
        sublayer: the half of the layers that is shared less.
        layers: those of its layers that are shared least.
        opposite: as many that are shared most.
        random: as many at random, the control.
        similarity: mean corrected similarity of the chosen ones.
        rest: that of the other layers of this half.
    """

    sublayer: str
    layers: tuple[int, ...]
    opposite: tuple[int, ...]
    random: tuple[int, ...]
    similarity: float
    rest: float


def recommend(rows: Sequence[Mapping[str, Any]], share: float = 1 / 3) -> Recommendation | None:
    """Return which layers to make language-specific first.

    The half of the layers (attention or feed-forward) whose mean corrected similarity is lower, and
    of it the `share` of layers, at least one, where two languages are least alike.

    Args:
        rows: of one or several maps.
        share: of the layers.

    Returns:
        None where no layer has a similarity free of noise, or there is one layer only.
    """
    table = pd.DataFrame(rows)
    table = table[table["language_a"] != table["language_b"]]
    mean = table.groupby(["sublayer", "layer"], sort=False)["corrected"].mean().dropna()
    if mean.empty:
        return None
    sublayer = str(mean.groupby(level="sublayer", sort=False).mean().idxmin())
    of_layer = mean.loc[sublayer].sort_values(kind="stable")
    n = max(1, round(share * len(of_layer)))
    if len(of_layer) < 2 * n:
        return None
    order = [int(one) for one in of_layer.index]
    drawn = np.random.default_rng(0).choice(order, n, replace=False)
    return Recommendation(
        sublayer,
        tuple(sorted(order[:n])),
        tuple(sorted(order[-n:])),
        tuple(sorted(drawn.tolist())),
        float(of_layer.iloc[:n].mean()),
        float(of_layer.iloc[n:].mean()),
    )
