import json
from pathlib import Path

import pytest

from isogloss.core import MATRIX_TABLES, InputError
from isogloss.report import is_matrix
from isogloss.report.matrix_files import read_matrix
from unit.report import toy_matrix


def test_what_was_written_is_read(tmp_path: Path) -> None:
    found = read_matrix(toy_matrix.write(tmp_path))
    assert found.tables.keys() == MATRIX_TABLES.keys()
    assert len(found.tables["cells"]) == 27
    assert found.names["swa-Latn"] == "Swahili"
    assert found.families["tel-Telu"] == "Dravidian"
    assert is_matrix(tmp_path)
    assert not is_matrix(tmp_path / "elsewhere")


def test_changed_and_unfinished_folders_are_refused(tmp_path: Path) -> None:
    folder = toy_matrix.write(tmp_path / "one")
    with (folder / "cells.csv").open("a") as file:
        file.write("more\n")
    with pytest.raises(InputError, match="damaged or changed"):
        read_matrix(folder)
    (folder / "matrix.json").write_text(json.dumps({"process": 1}))
    with pytest.raises(InputError, match="interrupted"):
        read_matrix(folder)
