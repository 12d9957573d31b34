"""inspect_ai: a log of version 2 as `inspect log convert --to json` writes it."""

import json
import math
from pathlib import Path

import pytest

from isogloss.comparison.readers import Asked
from isogloss.comparison.readers.inspect_logs import INSPECT
from isogloss.core import InputError


def log(samples: list[dict[str, object]], status: str = "success") -> dict[str, object]:
    return {
        "version": 2,
        "status": status,
        "eval": {
            "eval_id": "e1",
            "task": "mgsm",
            "task_id": "t1",
            "task_args": {"language": "sw"},
            "model": "local/model",
        },
        "plan": {"name": "plan", "steps": []},
        "results": {"total_samples": 2},
        "samples": samples,
    }


def sample(name: int, value: object, epoch: int = 1, **metadata: object) -> dict[str, object]:
    return {
        "id": name,
        "epoch": epoch,
        "input": f"Swali {name}",
        "target": "7",
        "scores": {"match": {"value": value, "answer": "7"}, "other": {"value": 0.25}},
        "metadata": metadata,
    }


def write(path: Path, content: object) -> Path:
    path.write_text(json.dumps(content))
    return path


def test_values_are_those_of_inspect(tmp_path: Path) -> None:
    values = ["C", "I", "P", "N", "yes", "no", 0.75, True, "0.5", "?"]
    write(tmp_path / "log.json", log([sample(i, value) for i, value in enumerate(values)]))
    assert INSPECT.recognises(tmp_path)
    [read] = INSPECT.read(tmp_path, Asked(with_text=True))
    scores = read.table["score"].tolist()
    assert scores[:-1] == [1, 0, 0.5, 0, 1, 0, 0.75, 1, 0.5]
    assert math.isnan(scores[-1])
    assert read.task == "mgsm"
    assert set(read.table["language"]) == {"sw"}
    assert read.table["text"].iloc[0] == "Swali 0 → 7"
    [other] = INSPECT.read(tmp_path, Asked("other"))
    assert set(other.table["score"]) == {0.25}


def test_a_sample_says_its_language_and_epoch(tmp_path: Path) -> None:
    rows = [sample(0, "C", 1, language="te"), sample(0, "I", 2, language="te")]
    [read] = INSPECT.read(write(tmp_path / "log.json", log(rows, "error")), Asked())
    assert read.table[["language", "repeat"]].values.tolist() == [["te", "1"], ["te", "2"]]
    assert "ended with status `error`" in read.notices[-1]


def test_a_log_without_samples_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a log with samples"):
        list(INSPECT.read(write(tmp_path / "log.json", log([])), Asked()))
    assert not INSPECT.recognises(write(tmp_path / "other.json", {"a": 1}))
