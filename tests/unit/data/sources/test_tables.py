"""Rows of saved data sets, local files and (mocked) hub repositories."""

from pathlib import Path

import pytest

from isogloss.core import InputError
from isogloss.data.sources.tables import Table

datasets = pytest.importorskip("datasets")
ROWS = [{"id": "swahili-1", "text": "moja"}, {"id": "finnish-1", "text": "yksi"}]


@pytest.fixture(params=["folder", "parquet", "json", "jsonl", "arrow"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    dataset = datasets.Dataset.from_list(ROWS)
    path = tmp_path / f"rows.{request.param}"
    if request.param in {"folder", "arrow"}:
        dataset.save_to_disk(str(tmp_path / "saved"))
    if request.param == "folder":
        return str(tmp_path / "saved")
    if request.param == "arrow":
        return str(next((tmp_path / "saved").glob("*.arrow")))
    getattr(dataset, f"to_{request.param.rstrip('l')}")(str(path))
    return str(path)


def test_every_local_form_gives_the_same_rows(place: str) -> None:
    assert list(Table(place).rows()) == ROWS


def test_splits_of_a_saved_data_set(tmp_path: Path) -> None:
    saved = datasets.DatasetDict({"validation": datasets.Dataset.from_list(ROWS)})
    saved.save_to_disk(str(tmp_path / "saved"))
    assert list(Table(str(tmp_path / "saved"), "validation").rows()) == ROWS
    with pytest.raises(InputError, match=r"split `dev`\. Found validation"):
        list(Table(str(tmp_path / "saved"), "dev").rows())


def test_names_of_class_numbers(tmp_path: Path) -> None:
    label = datasets.ClassLabel(names=["O", "B-PER"])
    features = datasets.Features({"tags": datasets.List(label), "label": label})
    dataset = datasets.Dataset.from_dict({"tags": [[0, 1]], "label": [1]}, features=features)
    dataset.to_parquet(str(tmp_path / "x.parquet"))
    table = Table(str(tmp_path / "x.parquet"))
    assert table.label_names("tags") == table.label_names("label") == ("O", "B-PER")
    assert table.label_names("absent") == ()


def test_a_hub_name_is_asked_for_with_config_and_revision(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def load_dataset(name: str, config: str | None, **options: object) -> list[dict[str, str]]:
        asked.append((name, config, options))
        return ROWS

    monkeypatch.setattr(datasets, "load_dataset", load_dataset)
    assert list(Table("a/b", "test", "sw", "main", streaming=True).rows()) == ROWS
    options = {"data_files": None, "split": "test", "revision": "main", "streaming": True}
    assert asked == [("a/b", "sw", options)]


def test_without_network_the_error_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def load_dataset(*_: object, **__: object) -> object:
        raise ConnectionError("Couldn't reach 'a/b' on the Hub")

    monkeypatch.setattr(datasets, "load_dataset", load_dataset)
    with pytest.raises(InputError, match=r"Couldn't reach.*a/b sw, split test.*save_to_disk"):
        list(Table("a/b", "test", "sw").rows())


@pytest.mark.parametrize("name", ["x.parquet", "x.jsonl", "x.json", "x.arrow"])
def test_damaged_files_are_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"\x00not a table {")
    with pytest.raises(InputError, match="a data set that can be read"):
        list(Table(str(tmp_path / name)).rows())
