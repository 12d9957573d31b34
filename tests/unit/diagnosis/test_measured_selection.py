"""It gives back what the run wrote, and nothing of a run that wrote nothing."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from isogloss.diagnosis import MEASUREMENTS, SELECTION_FILE


def test_rows_are_those_that_the_run_wrote(tmp_path: Path) -> None:
    run: Any = SimpleNamespace(folder=tmp_path)
    assert list(MEASUREMENTS["selection"].measure(run)) == []
    row = dict.fromkeys(MEASUREMENTS["selection"].columns, 0.5)
    (tmp_path / SELECTION_FILE).write_text(json.dumps([row]), "utf-8")
    assert list(MEASUREMENTS["selection"].measure(run)) == [row]
