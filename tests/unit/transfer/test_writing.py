import json
from pathlib import Path

import pandas as pd

from isogloss.core import first_changed, is_sealed
from isogloss.transfer import MatrixSpec
from isogloss.transfer.writing import notes_of
from unit.transfer.invented import EN, SW, measured, row, spec


def test_the_record_holds_the_digest_of_every_table(done: tuple[Path, MatrixSpec]) -> None:
    folder, _ = done
    about = json.loads((folder / "matrix.json").read_text(encoding="utf-8"))
    assert is_sealed(about)
    assert {"cells.csv", "cost.csv", "recommended.csv"} <= about["files"].keys()
    assert first_changed(folder, about["files"]) is None


def test_a_latex_table_has_a_row_for_each_language(done: tuple[Path, MatrixSpec]) -> None:
    folder, _ = done
    text = (folder / "latex" / "pos-pos_accuracy-alone-4.tex").read_text(encoding="utf-8")
    assert text.count(r"\\") == 4
    assert r"\begin{tabular}{lrrr}" in text
    assert " & qaa & qab & qac" in text


def test_units_are_counted_once_in_the_ledger(done: tuple[Path, MatrixSpec]) -> None:
    folder, _ = done
    cost = pd.read_csv(folder / "cost.csv").set_index("what")
    assert cost.loc["language units", "n"] == 6
    assert cost.loc["task adapters", "n"] == 1
    assert cost.loc["language units", "tokens"] == 6 * 4 * 4 * 24
    assert cost.loc["cells and runs", "n"] == 2 * (9 + 6 + 3)


def test_what_a_reader_must_know() -> None:
    notes = " ".join(notes_of(measured([row(EN, SW, 0.1, "beneficial")], spec(runs=1))))
    assert "no cell has a verdict" in notes
    assert "One task adapter per task" in notes
    assert "zero-shot here is the transfer language only" in notes
    of_text = spec(tasks=["masked_lm"])
    assert notes_of(measured([], of_text)) == []
