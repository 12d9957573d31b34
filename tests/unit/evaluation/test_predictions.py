from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from isogloss.core import InputError
from isogloss.evaluation import (
    Cell,
    PredictionTable,
    read_predictions,
    stacked_counts,
    write_predictions,
)
from unit.evaluation.toys import ENGLISH, SWAHILI, cell

NER = PredictionTable(
    cell("entity_f1", "ner"),
    np.array([[1.0, 2.0, 1.0], [0.0, 0.0, 3.0]]),
    ("B-PER O", "O O"),
)
ZERO_SHOT = PredictionTable(
    Cell.of("pos", "pos_accuracy", ENGLISH, SWAHILI), np.array([[1.0, 2.0]]), ("NOUN <b>",)
)


def test_score_is_of_the_summed_counts() -> None:
    assert np.isclose(NER.score(), 2 / 6)
    assert ZERO_SHOT.score() == 0.5


def test_setting_follows_from_the_languages() -> None:
    assert NER.cell.setting == "within_language"
    assert ZERO_SHOT.cell.setting == "zero_shot"


def test_columns_of_the_contract() -> None:
    frame = NER.frame()
    assert list(frame.columns) == [
        *("task", "metric", "setting", "source_language", "target_language"),
        *("example", "counts", "prediction"),
    ]
    assert frame["example"].tolist() == [0, 1]
    assert set(frame["target_language"]) == {"swa-Latn"}


def test_file_and_back(tmp_path: Path) -> None:
    path = tmp_path / "runs" / "predictions.parquet"
    write_predictions([NER, ZERO_SHOT], path)
    back = read_predictions(path)
    for table, again in zip([NER, ZERO_SHOT], back, strict=True):
        assert again.cell == table.cell
        assert np.array_equal(again.counts, table.counts)
        assert again.predictions == table.predictions
    assert [entry.name for entry in path.parent.iterdir()] == ["predictions.parquet"]


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "predictions.parquet"
    write_predictions([NER], path)
    write_predictions([ZERO_SHOT], path)
    assert [table.cell.task for table in read_predictions(path)] == ["pos"]


def test_nothing_to_write(tmp_path: Path) -> None:
    path = tmp_path / "predictions.parquet"
    write_predictions([], path)
    assert read_predictions(path) == []


def test_order_of_the_rows_does_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "predictions.parquet"
    NER.frame().iloc[::-1].to_parquet(path, index=False)
    assert np.array_equal(read_predictions(path)[0].counts, NER.counts)


@pytest.mark.parametrize("content", [None, b"no parquet"])
def test_a_missing_or_damaged_file_says_what_to_do(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "predictions.parquet"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=r"run the study again"):
        read_predictions(path)


def test_a_file_of_something_else_says_so(tmp_path: Path) -> None:
    path = tmp_path / "predictions.parquet"
    pd.DataFrame({"a": [1]}).to_parquet(path)
    with pytest.raises(InputError, match=r"predictions\.parquet that isogloss wrote"):
        read_predictions(path)


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("a file where a folder should be")
    with pytest.raises(InputError, match="can be written"):
        write_predictions([NER], tmp_path / "runs" / "predictions.parquet")


def test_counts_must_fit_the_metric() -> None:
    with pytest.raises(ValueError, match="should have shape"):
        PredictionTable(cell("accuracy"), np.ones((2, 3)), ("a", "b"))


@pytest.mark.parametrize(
    ("metric", "setting"), [("entity_f2", "zero_shot"), ("entity_f1", "zeroshot")]
)
def test_unknown_names_are_refused_with_the_nearest(metric: str, setting: str) -> None:
    with pytest.raises(InputError, match=r"entity_f1|zero_shot"):
        Cell("ner", metric, setting, SWAHILI, SWAHILI)


def test_seeds_are_stacked() -> None:
    assert stacked_counts([NER, NER, NER]).shape == (3, 2, 3)


def test_only_one_cell_can_be_stacked() -> None:
    with pytest.raises(ValueError, match="one cell"):
        stacked_counts([NER, ZERO_SHOT])
