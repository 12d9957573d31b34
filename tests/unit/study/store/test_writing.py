from pathlib import Path

import pandas as pd
import pytest

from isogloss.study.store.writing import write_frame

FRAME = pd.DataFrame({"language": ["swa-Latn", "tel-Telu"], "value": [0.1 + 0.2, float("nan")]})


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_a_table_comes_back_whole(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / "new" / f"table.{suffix}"
    write_frame(FRAME, path)
    read = pd.read_csv(path) if suffix == "csv" else pd.read_parquet(path)
    pd.testing.assert_frame_equal(read, FRAME, check_exact=True, check_dtype=False)
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_a_table_without_rows_keeps_its_columns(tmp_path: Path) -> None:
    write_frame(FRAME[:0], tmp_path / "table.csv")
    assert list(pd.read_csv(tmp_path / "table.csv")) == ["language", "value"]


def test_no_cell_of_a_csv_file_is_a_formula_and_numbers_stay_numbers(tmp_path: Path) -> None:
    starts = ["=cmd()", "+1+1", "-x", "@sum", "\tx", "fine-tuned", "a=b"]
    frame = pd.DataFrame({"text": starts, "number": [-1.5, 2, 3, 4, 5, 6, 7]})
    write_frame(frame, tmp_path / "a.csv")
    read = pd.read_csv(tmp_path / "a.csv")
    assert read["text"].tolist() == [f"'{one}" for one in starts[:5]] + starts[5:]
    assert read["number"].tolist() == frame["number"].tolist()
