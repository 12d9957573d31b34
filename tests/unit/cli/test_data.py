"""`data check`: 0 for data to train on, 2 for broken ones."""

import json
from collections.abc import Callable
from pathlib import Path


def test_good_data(bed: Path, isogloss: Callable[..., object]) -> None:
    code, out, _ = isogloss("data", "check", bed)
    assert code == 0
    assert "fit to train on" in out


def test_counts_as_json(bed: Path, isogloss: Callable[..., object]) -> None:
    code, out, _ = isogloss("data", "check", bed, "--json")
    assert code == 0
    kinds = {row["kind"] for row in json.loads(out)["counts"]}
    assert {"text", "pos", "ner", "topic", "parallel"} <= kinds


def test_broken_data(tmp_path: Path, isogloss: Callable[..., object]) -> None:
    (tmp_path / "ner").mkdir()
    (tmp_path / "ner" / "en.train.tsv").write_text("Paris\tB-LOC\nis\tX-LOC\n\n")
    code, out, _ = isogloss("data", "check", tmp_path)
    assert code == 2
    assert "X-LOC" in out
    assert "broken" in out


def test_no_data(tmp_path: Path, isogloss: Callable[..., object]) -> None:
    code, _, err = isogloss("data", "check", tmp_path / "nowhere")
    assert code == 2
    assert "nowhere" in err
