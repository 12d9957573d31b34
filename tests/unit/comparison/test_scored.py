import pandas as pd
import pytest

from isogloss.comparison import SCORED_COLUMNS, make_scored
from isogloss.core import InputError


def made(**columns: object) -> pd.DataFrame:
    table = pd.DataFrame({"example": ["a", "b", "c"], "language": "sw", **columns})
    return make_scored(table, source="table").frame


@pytest.mark.parametrize(
    ("columns", "metric", "second"),
    [
        ({"score": [1, 0, 1]}, "accuracy", [0, 1, 0]),
        ({"correct": [True, False, True]}, "accuracy", [0, 1, 0]),
        ({"score": [0.5, 0.25, 1]}, "mean_score", [0.25, 1, 0]),
        ({"loss": [0.5, 2.5, 1]}, "mean_loss", [2.5, 1, 0]),
        ({"errors": [1, 2, 3], "words": [9, 8, 7]}, "word_error_rate", [2, 8, 0]),
        ({"errors": [1, 2, 3], "characters": [9, 8, 7]}, "character_error_rate", [2, 8, 0]),
        ({"tp": [1, 2, 3], "fp": [1, 0, 0], "fn": [0, 4, 0]}, "entity_f1", [2, 2, 6]),
        (
            {"true_positive": [1, 2, 3], "predicted": [2, 2, 3], "gold": [1, 6, 3]},
            "entity_f1",
            [2, 2, 6],
        ),
        ({"bits": [10, 20, 30], "bytes": [9, 8, 7]}, "bits_per_byte", [20, 8, 0]),
        ({"score": [1, 0, 1], "weight": [1, 2, 3]}, "accuracy", [0, 2, 0]),
    ],
)
def test_scores_become_counts(columns: dict[str, object], metric: str, second: list[float]) -> None:
    frame = made(**columns)
    assert tuple(frame.columns[: len(SCORED_COLUMNS)]) == SCORED_COLUMNS
    assert set(frame["metric"]) == {metric}
    assert frame[["count_0", "count_1", "count_2"]].iloc[1].tolist() == second


def test_each_task_has_its_own_kind_of_score() -> None:
    frame = made(task=["x", "x", "y"], score=[1, 0, 0.5])
    assert frame["metric"].tolist() == ["accuracy", "accuracy", "mean_score"]


def test_languages_come_from_the_column_else_from_the_task() -> None:
    frame = made(language=["te", "swh_Latn", None], task=["a", "b", "xnli_fr"], score=[1, 0, 1])
    assert frame["language"].tolist() == ["tel-Telu", "swa-Latn", "fra-Latn"]


def test_other_columns_are_slices() -> None:
    table = pd.DataFrame(
        {"example": ["a", "b"], "language": "sw", "score": [1, 0], "domain": ["x", "y"]}
    )
    scored = make_scored(table, source="table")
    assert scored.slices == ("domain",)
    assert scored.frame["domain"].tolist() == ["x", "y"]
    assert scored.tasks == ("scores",)


def test_rows_without_a_score_are_counted_and_named() -> None:
    table = pd.DataFrame(
        {"example": ["a", "b", "c"], "language": "sw", "score": [1, float("nan"), 0]}
    )
    scored = make_scored(table, source="run.csv")
    assert scored.frame["example"].tolist() == ["a", "c"]
    assert scored.notices == ("1 rows of run.csv have no score: `b`; left out.",)


def test_repeated_answers_are_averaged() -> None:
    table = pd.DataFrame(
        {
            "example": ["a", "a", "b", "b"],
            "repeat": [0, 1, 0, 1],
            "language": "sw",
            "score": [1, 0, 1, 1],
        }
    )
    frame = make_scored(table, source="table").frame
    assert frame["count_0"].tolist() == [0.5, 1.0]


def test_tasks_that_a_mapping_leaves_out_are_counted() -> None:
    table = pd.DataFrame({"example": ["a", "b"], "task": ["xnli_sw", "arc"], "score": [1, 0]})
    scored = make_scored(table, source="table", languages={"arc": "-"})
    assert scored.frame["language"].tolist() == ["swa-Latn"]
    assert scored.notices == ("1 tasks were left out by the mapping: `arc`.",)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"score": ["1", "many", "0"]}, "Expected numbers. Found `many`"),
        ({"score": [None, None, None]}, "no number in any row"),
        ({"quality": [1, 2, 3]}, "Expected a score: .*Found `quality`"),
        ({"errors": [1, -2, 3], "words": [9, 8, 7]}, "counts of 0 or more"),
        ({"score": [1, 0, 1], "weight": [1, -1, 1]}, "weights of 0 or more"),
        ({"score": [1, 0, 1], "language": ["sw", "xx", "fr"]}, "Expected a language"),
        ({"score": [1, 0, 1], "example": ["a", "b", "a"]}, "each example once.*`a` \\(swa-Latn\\)"),
    ],
)
def test_what_is_wrong_is_said(columns: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        made(**columns)


def test_a_table_without_examples_is_refused() -> None:
    with pytest.raises(InputError, match="a column `example`"):
        make_scored(pd.DataFrame({"id": [1], "score": [1]}), source="table")
    with pytest.raises(InputError, match="Found none"):
        make_scored(pd.DataFrame(), source="table")
