import pandas as pd

from isogloss.comparison import make_scored
from isogloss.comparison.flips import flips
from isogloss.comparison.pairing import pair
from isogloss.core import COMPARISON_TABLES
from unit.comparison.tables import scored


def test_changed_examples_from_the_most_harmed_on() -> None:
    table = pd.DataFrame(
        {
            "example": ["a", "b", "c", "d"],
            "language": "sw",
            "errors": [0, 3, 1, 2],
            "words": [4, 4, 4, 4],
            "text": ["qa", "qb", "qc", "qd"],
        }
    )
    base = make_scored(table, source="a")
    new = make_scored(table.assign(errors=[1, 0, 4, 2]), source="b")
    found = flips(pair(base, new))
    assert tuple(found.columns) == COMPARISON_TABLES["flips"].columns
    assert found["example"].tolist() == ["c", "a", "b"]
    assert found["direction"].tolist() == ["broke", "broke", "mended"]
    assert found["harm"].tolist() == [0.75, 0.25, -0.75]
    assert found["base_text"].tolist() == ["qc", "qa", "qb"]


def test_a_list_that_a_person_can_read() -> None:
    found = flips(pair(scored(0, {"sw": 0.5}, 2000), scored(1, {"sw": 0.5}, 2000)))
    assert found["direction"].value_counts().to_dict() == {"broke": 200, "mended": 200}
    assert set(found["base_text"]) == {""}
