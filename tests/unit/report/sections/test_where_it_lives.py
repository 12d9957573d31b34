import dataclasses
import math

import pandas as pd
import pytest

from isogloss.report.sections import where_it_lives
from isogloss.report.study_files import NotAsked, NotMeasured, StudyFiles

ASKED = {"measurements": [{"name": "sharing", "what": "Which parts?"}]}


def rows(**changes: float) -> pd.DataFrame:
    """Two layers; attention is shared more than feed-forward, below more than above."""
    found = []
    for layer in (0, 1):
        for sublayer, value in (("attention", 0.8), ("feed_forward", 0.4)):
            for a, b in (("eng-Latn",) * 2, ("eng-Latn", "swa-Latn"), ("swa-Latn",) * 2):
                own = a == b
                numbers = dict.fromkeys(
                    where_it_lives._NUMBERS, 0.9 if own else value - 0.1 * layer
                )
                counts = {"universal": 5, "only_a": 2, "only_b": 1, "unused": 2, "n_gates": 10}
                place = {"layer": layer, "sublayer": sublayer, "language_a": a, "language_b": b}
                found.append({**place, **numbers, **counts, "treatment": "untreated", **changes})
    return pd.DataFrame(found)


def test_means_of_a_place_leave_the_control_apart() -> None:
    table = where_it_lives.by_place(rows())
    assert list(table["pearson"]) == pytest.approx([0.8, 0.4, 0.7, 0.3])
    assert list(table["control"]) == pytest.approx([0.9] * 4)
    assert list(table["specific"]) == pytest.approx([0.3] * 4)
    assert set(table["n_pairs"]) == {1}


def test_the_statement_compares_halves_and_parts() -> None:
    said = where_it_lives.statement(rows())
    assert "The lower layers are shared more (0.60) than the upper ones (0.50)." in said
    assert "The attention maps are shared more (0.75) than the feed-forward ones (0.35)." in said
    unknown = where_it_lives.statement(rows(corrected=math.nan))
    assert "Could not compare with the control" in unknown


def test_figures_and_tables() -> None:
    layers = where_it_lives.map_exhibit(rows())
    assert len(layers.figures) == 3
    assert layers.table.rows[0][:5] == ["0", "attention", "0.80", "0.90", "0.80"]
    pairs = where_it_lives.pair_exhibit(rows(), {"eng-Latn": "English"})
    assert [row[:2] for row in pairs.table.rows][:2] == [
        ["English", "English"],
        ["English", "swa-Latn"],
    ]


def test_in_a_study(study: StudyFiles) -> None:
    with pytest.raises(NotAsked):
        where_it_lives.frame(study)
    asked = dataclasses.replace(study, about={**study.about, **ASKED})
    with pytest.raises(NotMeasured, match="no run of two or more languages"):
        where_it_lives.frame(asked)
    made = dataclasses.replace(asked, tables={**study.tables, "sharing": rows()})
    assert set(where_it_lives.frame(made)["treatment"]) == {"untreated"}
    assert len(where_it_lives.build(made)["exhibits"]) == 2
