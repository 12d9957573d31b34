import json
from pathlib import Path

import pytest

from isogloss.study import read_progress


def log(study: Path, text: str) -> None:
    (study / "runs" / "one").mkdir(parents=True)
    (study / "runs" / "one" / "metrics.jsonl").write_text(text)


def row(update: int, kind: str = "train") -> str:
    return json.dumps(
        {"kind": kind, "update": update, "updates": 200, "tokens_per_second": 1000.0 + update}
    )


def test_the_last_row_of_training_counts(tmp_path: Path) -> None:
    log(tmp_path, "\n".join([row(9), row(49), row(49, "dev"), '{"kind": "train", "upd']))
    assert read_progress(tmp_path, "one") == (0.25, 1049.0)


def test_only_the_end_of_a_long_log_is_read(tmp_path: Path) -> None:
    log(tmp_path, "\n".join(row(number) for number in range(150)) + "\n")
    assert read_progress(tmp_path, "one") == (0.75, 1149.0)


@pytest.mark.parametrize("text", ["", "{", row(3, "dev")])
def test_before_the_first_row(tmp_path: Path, text: str) -> None:
    log(tmp_path, text)
    assert read_progress(tmp_path, "one") == (0.0, 0.0)
    assert read_progress(tmp_path, "another") == (0.0, 0.0)
