"""The test bed from the command line."""

import json
from collections.abc import Callable
from pathlib import Path


def test_writes_a_bed_and_its_truth(tmp_path: Path, isogloss: Callable[..., object]) -> None:
    out = tmp_path / "bed"
    command = ("synth", "--out", out, "--recipe", "base,twin", "--sentences", 60, "--json")
    code, said, _ = isogloss(*command)
    assert code == 0
    assert json.loads(said)["truth"]["languages"]["qab"]["relation"] == "twin"
    assert (out / "truth.yaml").is_file()
    assert isogloss(*command)[0] == 0, "a bed may be made again"


def test_refuses_an_unknown_relation(tmp_path: Path, isogloss: Callable[..., object]) -> None:
    code, _, err = isogloss("synth", "--out", tmp_path / "bed", "--recipe", "base,clon")
    assert code == 2
    assert "clone" in err


def test_refuses_a_folder_with_other_files(tmp_path: Path, isogloss: Callable[..., object]) -> None:
    (tmp_path / "mine.txt").write_text("x")
    code, _, err = isogloss("synth", "--out", tmp_path)
    assert code == 2
    assert "mine.txt" in err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
