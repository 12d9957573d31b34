"""Damage to any file of a finished study: it is made again, or refused by name; never a number."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest
import yaml

from isogloss.cli import main
from unit.study import toys

CONTENT = toys.content(
    tasks=["pos"],
    seeds=[0],
    largest_overlap=1,
    measurements=["forgetting"],
    pretraining={"updates": 2, "rows": 4, "length": 24, "dev_points": 1},
    finetuning={"epochs": 1, "rows": 8, "length": 24, "max_examples": 8},
)
COMMAND = ["run", "study.yaml", "--data", "data", "--out", "out", "--launcher", "inline"]
# What differs from one sitting to another.
SITTING = ["wall_s", "peak_memory_mb"]
TABLES = ("records", "verdicts", "comparisons", "conflict", "confounds", "forgetting")

DAMAGES: dict[str, Callable[[Path], object]] = {
    "cut short": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "emptied": lambda path: path.write_bytes(b""),
    "other bytes": lambda path: path.write_bytes(os.urandom(path.stat().st_size)),
    "gone": Path.unlink,
}
# One file of each kind that a study has below `prepared` and `runs`.
KINDS = (
    *("prepared/facts.json", "prepared/tokenizer/tokenizer.json"),
    *("prepared/tokenizer/tokenizer_config.json", "prepared/text/qaa-Latn.train.tokens"),
    *("prepared/text/qab-Latn.test.tokens", "prepared/text/qaa-Latn.dev.tokens.json"),
    *(f"runs/pretrain-qaa+qab-*/{name}" for name in ("spec.yaml", "result.json", "status")),
    *(f"runs/pretrain-qaa+qab-*/{name}" for name in ("metrics.jsonl", "conflict.jsonl")),
    *("runs/pretrain-qaa+qab-*/predictions.parquet", "runs/pretrain-qaa+qab-*/model/config.json"),
    *("runs/pretrain-qaa-*/model/model.safetensors", "runs/pretrain-qab-*/model/isogloss.json"),
    *("runs/pretrain-qab-*/model/language_modules.safetensors",),
    *(f"runs/score-qaa-*/{name}" for name in ("spec.yaml", "result.json", "predictions.parquet")),
    *("runs/score-qaa+qab-*/status", "runs/finetune-qaa-pos-*/metrics.jsonl"),
    *(f"runs/finetune-qaa-pos-*/{name}" for name in ("spec.yaml", "result.json", "status")),
    *("runs/finetune-qaa-pos-*/predictions.parquet", "runs/finetune-qab-pos-*/head.safetensors"),
    *("runs/finetune-qaa+qab-pos-qab-*/measured/forgetting.parquet",),
)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with data, a study, and all that comes out of it."""
    folder = tmp_path_factory.mktemp("finished")
    toys.write_bed(folder / "data", "conflict")
    (folder / "study.yaml").write_text(yaml.safe_dump(CONTENT))
    before = Path.cwd()
    os.chdir(folder)
    try:
        assert main(COMMAND) == 0
    finally:
        os.chdir(before)
    return folder


@pytest.fixture
def place(finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a copy of it."""
    place = Path(shutil.copytree(finished, tmp_path / "place"))
    monkeypatch.chdir(place)
    return place


def numbers(out: Path) -> Iterator[pd.DataFrame]:
    for name in TABLES:
        yield pd.read_csv(out / f"{name}.csv").drop(columns=SITTING, errors="ignore")


def same_numbers(first: Path, second: Path) -> bool:
    return all(a.equals(b) for a, b in zip(numbers(first), numbers(second), strict=True))


def test_the_kinds_are_all_there_are(finished: Path) -> None:
    """A study that writes a new kind of file fails here until its damage is shown."""

    def kind(path: Path) -> str:
        parts = path.relative_to(finished / "out").parts
        stage = parts[1].partition("-")[0] if parts[0] == "runs" else parts[1]
        ends = path.name if parts[1] != "text" else path.name.partition(".tokens")[2]
        return f"{parts[0]}/{stage}/{ends}"

    found = {
        kind(path)
        for below in ("prepared", "runs")
        for path in (finished / "out" / below).rglob("*")
        if path.is_file()
    }
    known = {kind(path) for one in KINDS for path in (finished / "out").glob(one)}
    lacking = found - known
    # The same file by the same hand, of another stage.
    assert {one.rpartition("/")[2] for one in lacking} <= {one.rpartition("/")[2] for one in known}
    assert all(list((finished / "out").glob(one)) for one in KINDS)


@pytest.mark.parametrize(
    ("kind", "damage"),
    [
        (kind, damage)
        for place, kind in enumerate(KINDS)
        # Two of the four for each, in turn: all four of every file are in the room's unit tests.
        for damage in (list(DAMAGES)[place % 4], list(DAMAGES)[(place + 2) % 4])
    ],
)
def test_a_damaged_file_is_made_again_or_named(
    kind: str, damage: str, finished: Path, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = min((place / "out").glob(kind))
    report = (place / "out" / "report.html").read_text()
    DAMAGES[damage](path)
    capsys.readouterr()
    code = main(["report", "out"])
    told = capsys.readouterr()
    assert code in (0, 2)
    assert "Traceback" not in told.err
    if code == 2:
        assert path.name in told.err
        assert (place / "out" / "report.html").read_text() == report, "the good report is lost"
    code = main(COMMAND)
    told = capsys.readouterr()
    assert code == 0, told.err
    assert same_numbers(finished / "out", place / "out")
    if damage == "gone" and path.name == "result.json":
        assert path.is_file()
    assert main(["report", "out"]) == 0


def test_a_damaged_model_is_trained_again_before_anything_starts_from_it(
    finished: Path, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    [model] = (place / "out").glob("runs/pretrain-qaa+qab-*/model/model.safetensors")
    whole = model.read_bytes()
    middle = len(whole) // 2
    model.write_bytes(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])
    [child] = (place / "out").glob("runs/finetune-qaa+qab-pos-qaa-*")
    shutil.rmtree(child)
    assert main(["export", str(model.parents[1]), "--to", "hf", "--out", "exported"]) == 2
    assert "model.safetensors" in capsys.readouterr().err
    assert main(COMMAND) == 0
    assert "`model/model.safetensors` is damaged or gone" in capsys.readouterr().err
    assert model.read_bytes() == whole
    assert same_numbers(finished / "out", place / "out")


def test_comparing_refuses_damaged_predictions(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree("out", "other")
    for path in Path("other").glob("runs/*/predictions.parquet"):
        path.write_bytes(path.read_bytes()[:-1] + b"0")
    assert main(["compare", "out", "other"]) == 2
    assert "predictions.parquet" in capsys.readouterr().err
