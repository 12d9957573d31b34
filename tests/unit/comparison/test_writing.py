import json
from pathlib import Path

import pandas as pd
import pytest

from isogloss.comparison import compare_scores, refuse_other_folder, write_comparison
from isogloss.core import COMPARISON_TABLES, InputError
from unit.comparison.tables import scored


def test_tables_are_written_and_replaced(tmp_path: Path) -> None:
    found = compare_scores(scored(0, {"sw": 0.8}), scored(1, {"sw": 0.7}))
    folder = tmp_path / "out"
    for _ in range(2):
        write_comparison(found, folder)
    rows = pd.read_csv(folder / "comparison.csv")
    assert tuple(rows.columns) == COMPARISON_TABLES["comparison"].columns
    assert len(pd.read_csv(folder / "flips.csv")) == len(found.flips)
    about = json.loads((folder / "comparison.json").read_text())
    assert (about["base"], about["new"]) == ("system 0", "system 1")


def test_another_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match="other files"):
        refuse_other_folder(tmp_path)
    with pytest.raises(InputError, match="a file"):
        refuse_other_folder(tmp_path / "notes.txt")
    refuse_other_folder(tmp_path / "new")
