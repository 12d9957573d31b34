"""lighteval, `--save-details`: columns `doc`, `model_response`, `metric`; `metrics` before 0.10."""

from pathlib import Path

import pandas as pd
import pytest

from isogloss.comparison.readers import Asked
from isogloss.comparison.readers.lighteval import LIGHTEVAL
from isogloss.core import InputError

NAME = "details_lighteval|xnli_swa_mcf|0_2025-03-01T10-20-30.123456.parquet"


def write(path: Path, rows: list[dict[str, object]]) -> Path:
    pd.DataFrame(rows).to_parquet(path)
    return path


def row(place: int, acc: float) -> dict[str, object]:
    return {
        "doc": {
            "query": f"Swali {place}",
            "choices": [" A", " B"],
            "gold_index": [0],
            "id": str(place),
            "task_name": "lighteval|xnli_swa_mcf|0",
        },
        "model_response": {"text": [" A"], "logprobs": [-1.5, -2.5], "input": "Swali"},
        "metric": {"acc": acc, "acc_norm": 1.0},
    }


def test_details_are_read(tmp_path: Path) -> None:
    write(tmp_path / NAME, [row(0, 1.0), row(1, 0.0)])
    assert LIGHTEVAL.recognises(tmp_path)
    [read] = LIGHTEVAL.read(tmp_path, Asked(with_text=True))
    assert read.task == "lighteval|xnli_swa_mcf|0"
    assert read.table[["example", "score"]].values.tolist() == [["0", 1.0], ["1", 0.0]]
    assert read.table["text"].iloc[0] == "Swali 0 → [' A']"
    [other] = LIGHTEVAL.read(tmp_path, Asked("acc_norm"))
    assert other.table["score"].tolist() == [1.0, 1.0]


def test_details_of_older_versions_are_read(tmp_path: Path) -> None:
    old = {
        "example": "Swali",
        "predictions": [" A"],
        "metrics": {"acc": 1},
        "specifics": {"lang": "sw"},
    }
    write(tmp_path / NAME, [old, {**old, "metrics": {"acc": 0}}])
    [read] = LIGHTEVAL.read(tmp_path, Asked())
    assert read.table[["example", "language", "score"]].values.tolist() == [
        ["0", "sw", 1.0],
        ["1", "sw", 0.0],
    ]
    assert read.task == "lighteval|xnli_swa_mcf|0"


def test_other_parquet_is_not_recognised(tmp_path: Path) -> None:
    write(tmp_path / "a.parquet", [{"x": 1}])
    (tmp_path / "b.parquet").write_bytes(b"no parquet")
    assert not LIGHTEVAL.recognises(tmp_path / "a.parquet")
    assert not LIGHTEVAL.recognises(tmp_path / "b.parquet")
    with pytest.raises(InputError, match="a column metric"):
        list(LIGHTEVAL.read(tmp_path / "a.parquet", Asked()))
