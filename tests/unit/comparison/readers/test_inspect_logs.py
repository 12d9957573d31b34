"""inspect_ai: a log of version 2 as `inspect log convert --to json` writes it."""

import json
import math
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pytest

from isogloss.comparison.readers import Asked, inspect_logs, read_scores
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


def pack(path: Path, entries: Mapping[str, object], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in entries.items():
            archive.writestr(name, json.dumps(content))
    return path


def entries(header: str = "header.json", **changes: object) -> dict[str, object]:
    whole = log([]) | changes
    del whole["samples"]
    samples = {
        f"samples/{i}_epoch_{epoch}.json": sample(i, value, epoch) | {"events": [{"event": "x"}]}
        for i, value, epoch in ((1, "C", 1), (1, "I", 2), (2, "C", 1))
    }
    return {"_journal/summaries/1.json": [], header: whole, **samples, "summaries.json": []}


def test_zipped_logs_are_read(tmp_path: Path) -> None:
    pack(tmp_path / "a.eval", entries())
    assert INSPECT.recognises(tmp_path)
    [read] = INSPECT.read(tmp_path, Asked())
    assert read.table["example"].tolist() == ["1", "1", "2"]
    assert read.table["score"].tolist() == [1, 0, 1]
    assert (read.task, set(read.table["language"])) == ("mgsm", {"sw"})
    scored = read_scores(tmp_path / "a.eval", score="match")
    assert scored.frame["count_0"].tolist() == [0.5, 1]


def test_older_and_unfinished_zips(tmp_path: Path) -> None:
    old = {**entries("start.json"), "results.json": {"status": "error", "stats": {}}}
    pack(tmp_path / "a.eval", old)
    [read] = INSPECT.read(tmp_path, Asked("match"))
    assert read.notices == ["a.eval: the run ended with status `error`."]
    begun = entries("_journal/start.json")
    del begun["_journal/start.json"]["status"]  # type: ignore[attr-defined]
    pack(tmp_path / "a.eval", begun)
    [read] = INSPECT.read(tmp_path, Asked("match"))
    assert read.notices == ["a.eval: the run ended with status `started`."]


def zstd(path: Path, content: Mapping[str, object]) -> None:
    """Write a zip of zstd entries, which Python cannot: method and sizes are put in by hand."""
    codec = pa.Codec("zstd")
    plain = {name: json.dumps(one).encode() for name, one in content.items()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, one in plain.items():
            archive.writestr(name, codec.compress(one, asbytes=True))
        places = {one.filename: one.header_offset for one in archive.infolist()}
    packed = bytearray(path.read_bytes())
    at = packed.index(b"PK\x01\x02")
    for name, one in plain.items():
        struct.pack_into("<H", packed, places[name] + 8, 93)
        struct.pack_into("<I", packed, places[name] + 22, len(one))
        struct.pack_into("<H", packed, at + 10, 93)
        struct.pack_into("<I", packed, at + 24, len(one))
        at += 46 + len(name)
    path.write_bytes(packed)


def test_newer_zips_are_of_zstd(tmp_path: Path) -> None:
    zstd(tmp_path / "a.eval", entries())
    [read] = INSPECT.read(tmp_path, Asked("match"))
    assert read.table["score"].tolist() == [1, 0, 1]


def test_zips_that_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.eval"
    for content, message in (
        ({"other.json": {}}, "none of header.json"),
        ({"header.json": []}, "header.json is no object"),
        ({"header.json": log([])}, "log with samples"),
    ):
        pack(path, content)
        with pytest.raises(InputError, match=message):
            list(INSPECT.read(path, Asked()))
    packed = bytearray(pack(path, entries()).read_bytes())
    packed[40:60] = bytes(20)
    path.write_bytes(packed)
    with pytest.raises(InputError, match="a damaged file"):
        list(INSPECT.read(path, Asked("match")))
    pack(path, entries())
    monkeypatch.setattr(inspect_logs, "_MOST_OF_ENTRY", 50)
    with pytest.raises(InputError, match="of more than"):
        list(INSPECT.read(path, Asked()))
    monkeypatch.setattr(inspect_logs, "_MOST_OF_LOG", 50)
    with pytest.raises(InputError, match="GiB in it"):
        list(INSPECT.read(path, Asked()))
