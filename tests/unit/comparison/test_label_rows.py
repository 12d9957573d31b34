import pandas as pd

from isogloss.comparison import Scored, make_scored
from isogloss.comparison.pairing import pair


def made(name: str, **columns: object) -> Scored:
    return make_scored(pd.DataFrame({"language": "sw", **columns}), source=name)


def test_entities_that_one_side_alone_predicts_are_not_forgiven() -> None:
    """NEW has no row for a label that it neither finds nor predicts."""
    base = made(
        "a",
        example=["x", "x", "y"],
        label=["PER", "LOC", "PER"],
        tp=[1, 1, 0],
        fp=[0, 0, 2],
        fn=[0, 0, 0],
    )
    new = made("b", example=["x", "y"], label=["PER", "ORG"], tp=[1, 0], fp=[0, 1], fn=[0, 0])
    paired = pair(base, new)
    rows = [tuple(row) for row in paired.about[["example", "label"]].to_numpy()]
    found = {
        side: dict(zip(rows, map(tuple, counts[0].astype(int).tolist()), strict=True))
        for side, counts in (("base", paired.base), ("new", paired.new))
    }
    assert found["base"] == {
        ("x", "PER"): (1, 1, 1),
        ("x", "LOC"): (1, 1, 1),
        ("y", "PER"): (0, 2, 0),
        ("y", "ORG"): (0, 0, 0),
    }
    assert found["new"] == {
        ("x", "PER"): (1, 1, 1),
        ("x", "LOC"): (0, 0, 1),
        ("y", "PER"): (0, 0, 0),
        ("y", "ORG"): (0, 1, 0),
    }
    assert paired.notices == (
        "1 labels of examples have no row in BASE, and one elsewhere: swa-Latn 1; counted as not "
        "predicted.",
        "2 labels of examples have no row in NEW, and one elsewhere: swa-Latn 2; counted as not "
        "predicted.",
    )


def test_an_example_without_any_row_is_no_example_without_entities() -> None:
    base = made("a", example=["x", "z"], label=["PER", "PER"], tp=[1, 1], fp=[0, 0], fn=[0, 0])
    new = made("b", example=["x"], label=["PER"], tp=[1], fp=[0], fn=[0])
    paired = pair(base, new)
    assert paired.about["example"].tolist() == ["x"]
    assert "1 examples of BASE have no partner in every run" in paired.notices[0]


def test_every_seed_gets_the_labels_that_another_has() -> None:
    columns = {"example": "x", "label": ["PER", "LOC", "PER"], "seed": [0, 0, 1]}
    base = made("a", **columns, tp=[1, 0, 1], fp=[0, 1, 0], fn=[0, 1, 0])
    paired = pair(base, made("b", **columns, tp=[1, 0, 1], fp=[0, 1, 0], fn=[0, 1, 0]))
    assert paired.base.shape == (2, 2, 3)
    at = paired.about["label"].tolist().index("LOC")
    assert paired.base[:, at].tolist() == [[0, 1, 1], [0, 0, 1]]
