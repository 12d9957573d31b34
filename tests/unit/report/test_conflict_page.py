from pathlib import Path

import pytest

from isogloss.core import InputError
from isogloss.report import render_conflict


def pair(name: str, **changes: object) -> dict[str, object]:
    numbers = {"looks": 2, "cosine": -0.25, "in_conflict": 0.5, "half": -0.1, "control": 0.3}
    return {"pair": name, **numbers, "trend": None, **changes}


def page(target: Path, pairs: list[dict[str, object]], **changes: object) -> str:
    lines = {str(row["pair"]): [(0.0, -0.3), (10.0, -0.2)] for row in pairs}
    notes = changes.pop("notes", [])
    level = [(0.0, 0.3), (10.0, 0.3)]
    written = render_conflict(
        "my-run", pairs, lines=lines, control=level, notes=notes, target=target
    )
    return written.read_text(encoding="utf-8")


def test_a_picture_with_its_table(tmp_path: Path) -> None:
    html = page(tmp_path / "conflict.html", [pair("eng-Latn|swa-Latn")], notes=["en: NaN twice."])
    assert html.count("<svg") >= 1 and "eng-Latn|swa-Latn: ends at" in html
    assert "same-language control" in html
    assert "en: NaN twice." in html
    assert "−0.25" in html or "-0.25" in html
    assert "http" not in html.replace("http-equiv", "").replace("http://www.w3.org", "")


def test_of_many_pairs_the_lowest_are_drawn_and_all_are_in_the_table(tmp_path: Path) -> None:
    html = page(tmp_path / "a.html", [pair(f"a|{n}") for n in range(9)])
    assert "Drawn: the 7 pairs of 9" in html
    assert "a|7: ends at" not in html and "a|8" in html


def test_names_from_data_are_escaped(tmp_path: Path) -> None:
    html = page(tmp_path / "a.html", [pair("<script>x</script>|b")])
    assert "<script>x" not in html


def test_a_file_of_somebody_else_is_left(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("mine")
    with pytest.raises(InputError, match="isogloss did not write"):
        page(tmp_path / "a.html", [pair("a|b")])
    page(tmp_path / "b.html", [pair("a|b")])
    page(tmp_path / "b.html", [pair("a|b")])
