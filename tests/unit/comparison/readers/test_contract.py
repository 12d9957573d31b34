from pathlib import Path

import pytest

from isogloss.comparison.readers.contract import (
    as_number,
    choose,
    files_of,
    first_object,
    frame_of,
    json_lines,
    language_in,
    latest,
    short,
    task_in_name,
)
from isogloss.core import InputError


def test_lines_that_are_cut_off_are_named(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"a": 1}\n\n{"a":\n')
    assert first_object(path) == {"a": 1}
    with pytest.raises(InputError, match="line 3"):
        list(json_lines(path))
    path.write_text("[1]\n")
    assert first_object(path) == first_object(tmp_path / "absent") == {}


def test_files_and_tasks(tmp_path: Path) -> None:
    names = ["samples_b_2025-01-02T03-04-05.6.jsonl", "samples_b_2025-02-02T03-04-05.6.jsonl"]
    for name in names:
        (tmp_path / name).touch()
    files = files_of(tmp_path, "samples_*.jsonl")
    assert files_of(files[0], "*.json") == []
    assert files_of(files[0], "*.jsonl") == files[:1]
    kept, said = latest(files)
    assert [one.name for one in kept] == names[1:]
    assert said == ["1 older files of the same tasks were left out."]
    assert task_in_name(kept[0], "samples_") == "b"


def test_choices_are_said_and_unknown_ones_refused() -> None:
    assert choose(["acc"], None, "f") == ("acc", [])
    assert choose(["acc", "f1"], "f1", "f") == ("f1", [])
    assert choose(["acc", "f1"], None, "f")[1] == [
        "f: scored by `acc`; --score takes another of `f1`."
    ]
    with pytest.raises(InputError, match="Did you mean `acc_norm`"):
        choose(["acc_norm", "f1"], "acc_nrm", "f")
    with pytest.raises(InputError, match="Name one of them"):
        choose(["acc"], "zzz", "f")
    with pytest.raises(InputError, match="whole corpus"):
        choose([], None, "f")


def test_small_things() -> None:
    assert (as_number(True), as_number(0.5)) == (1.0, 0.5)
    assert as_number("x") != as_number("x")
    assert language_in({"lang": "sw"}) == "sw"
    assert language_in(None, {"language": ""}) is None
    assert short("a  b\nc") == "a b c"
    assert len(short("x" * 1000)) == 400
    assert "language" not in frame_of([{"example": "a", "language": None}])
