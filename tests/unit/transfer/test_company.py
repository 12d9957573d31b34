from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from isogloss.core import METRICS
from isogloss.statistics import Difference, difference
from isogloss.transfer import MatrixSpec
from isogloss.transfer.arms import effects
from isogloss.transfer.company import company_word
from isogloss.transfer.scoring import Place
from unit.transfer import toys


def change(gap: float) -> Difference:
    before, after = np.ones((2, 400, 2)), np.ones((2, 400, 2))
    before[:, 300:, 0] = 0.0
    after[:, round(400 * (0.75 - gap)) :, 0] = 0.0
    return difference(before, after, METRICS["accuracy"], paired_seeds=True)


@pytest.mark.parametrize(
    ("gaps", "word"),
    [
        ((0.2, 0.3), "interference-prone"),
        ((-0.2, -0.2), "gains from company"),
        ((0.0, 0.0), "robust"),
        ((0.2, 0.0), "mixed"),
        ((0.2, -0.2), "mixed"),
    ],
)
def test_what_company_is_to_a_language(gaps: tuple[float, ...], word: str) -> None:
    assert company_word([change(gap) for gap in gaps], 0.005) == word


def test_scores_victims_and_culprits_by_hand(done: tuple[Path, MatrixSpec], bed: Path) -> None:
    folder, spec = done
    store = toys.cells_of(spec, bed, folder)
    table = pd.read_csv(folder / "company.csv")
    value = METRICS["pos_accuracy"].value

    def mean(*codes: str, target: str) -> float:
        """Return the mean score of a company over its runs."""
        [one] = [
            one
            for one in effects(spec)
            if tuple(language.code for language in one.transfer) == codes
        ]
        [taker] = [language for language in spec.columns if language.code == target]
        counts = [store.read(Place("pos", run, taker))[0]["pos_accuracy"] for run in one.treated]
        return float(np.mean([value(run.sum(0)) for run in counts]))

    def told(language: str, measure: str, size: int) -> float:
        rows = table[table["language"].str.startswith(language) & (table["measure"] == measure)]
        return float(rows[rows["size"] == size]["value"].iloc[0])

    alone = mean("qaa", target="qaa")
    pairs = [mean("qaa", other, target="qaa") for other in ("qab", "qac")]
    triple = mean("qaa", "qab", "qac", target="qaa")
    assert told("qaa", "score", 1) == pytest.approx(alone)
    assert told("qaa", "score", 2) == pytest.approx(np.mean(pairs))
    assert told("qaa", "interference", 2) == pytest.approx(alone - np.mean(pairs))
    assert told("qaa", "interference", 3) == pytest.approx(alone - triple)
    victims = [
        mean("qaa", target="qaa") - mean("qaa", "qac", target="qaa"),
        mean("qab", target="qab") - mean("qab", "qac", target="qab"),
    ]
    assert told("qac", "culprit", 2) == pytest.approx(np.mean(victims))
    words = table[table["measure"] == "category"]["verdict"]
    assert len(words) == 3
