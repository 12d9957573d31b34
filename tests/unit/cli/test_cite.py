"""`cite`: BibTeX of the treatments that a study used."""

import json
from collections.abc import Callable
from pathlib import Path

ENTRY = {"key": "a2020", "text": "A. 2020.", "bibtex": "@misc{a2020,\n  year = {2020}\n}"}


def test_prints_bibtex(tmp_path: Path, isogloss: Callable[..., object]) -> None:
    (tmp_path / "study.json").write_text(json.dumps({"citations": [ENTRY]}))
    code, out, _ = isogloss("cite", tmp_path)
    assert code == 0
    assert out.strip() == ENTRY["bibtex"]
    assert json.loads(isogloss("cite", tmp_path, "--json")[1]) == [ENTRY]


def test_refuses_a_folder_that_is_no_study(tmp_path: Path, isogloss: Callable[..., object]) -> None:
    assert isogloss("cite", tmp_path)[0] == 2
