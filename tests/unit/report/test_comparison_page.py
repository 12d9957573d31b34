from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from isogloss.comparison import Choices, compare_scores, make_scored, write_comparison
from isogloss.core import InputError
from isogloss.report import render_comparison


def folder(place: Path, *, tasks: int = 1, text: str = "") -> Path:
    rng = np.random.default_rng(0)
    parts = []
    for language, share in (("sw", 0.6), ("te", 0.8), ("fr", 0.82)):
        for task in range(tasks):
            table = pd.DataFrame(
                {
                    "example": [f"q{i}" for i in range(400)],
                    "language": language,
                    "task": f"task {task}",
                    "domain": ["web", "news"] * 200,
                    "share": share,
                }
            )
            parts.append(table.assign(text=text) if text else table)
    table = pd.concat(parts, ignore_index=True)
    share = table.pop("share")
    draws = rng.random(len(table))
    base = make_scored(table.assign(score=(draws < 0.8).astype(int)), source="runs/old")
    new = make_scored(table.assign(score=(draws < share).astype(int)), source="runs/new")
    write_comparison(compare_scores(base, new, Choices(by=("domain",))), place)
    return place


def test_the_page_answers_and_shows(tmp_path: Path) -> None:
    written = render_comparison(folder(tmp_path / "out", tasks=2))
    html = written.read_text(encoding="utf-8")
    assert written == tmp_path / "out" / "report.html"
    assert "old against new" in html
    assert "1 of 3 got significantly worse: Swahili (by " in html
    assert html.index("Swahili <span") < html.index("French <span")
    for title in (
        "Languages: accuracy",
        "Where the harm is",
        "Slices: accuracy",
        "What broke, and what was mended",
    ):
        assert title in html
    assert "domain news" in html
    assert "One checkpoint a side" in html
    assert "http" not in html.replace("http-equiv", "").replace("http://www.w3.org", "")
    assert render_comparison(tmp_path / "out") == written


def test_open_rows_say_what_would_decide_them(tmp_path: Path) -> None:
    html = render_comparison(folder(tmp_path)).read_text(encoding="utf-8")
    assert "What would decide the open ones" in html


def test_text_from_data_is_escaped(tmp_path: Path) -> None:
    html = render_comparison(folder(tmp_path, text="<script>x</script>")).read_text("utf-8")
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_no_harm_is_said(tmp_path: Path) -> None:
    table = pd.DataFrame({"example": ["a", "b"], "language": "sw", "score": [0.5, 0.25]})
    same = make_scored(table, source="a")
    write_comparison(compare_scores(same, same), tmp_path)
    html = render_comparison(tmp_path).read_text("utf-8")
    assert "None of 1 language got significantly worse. 1 undecided." in html
    assert "mean score" in html


def test_another_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a comparison"):
        render_comparison(tmp_path)
    folder(tmp_path)
    (tmp_path / "flips.csv").write_text("a,b\n1,2\n")
    with pytest.raises(InputError, match="none called language"):
        render_comparison(tmp_path)


def test_the_hatch_of_the_map_is_there(tmp_path: Path) -> None:
    html = render_comparison(folder(tmp_path, tasks=2)).read_text("utf-8")
    assert "url(#hatch)" in html
    assert html.count('<pattern id="hatch"') == 1
    assert "Hatched: not significant" in html


def test_examples_of_every_language_are_shown_and_questions_once(tmp_path: Path) -> None:
    names = [f"q{at}" for at in range(300)]
    table = pd.concat(
        [pd.DataFrame({"example": names, "language": code}) for code in ("sw", "te", "fr")],
        ignore_index=True,
    )
    asked = "swali " + table["example"] + " → "
    base = table.assign(score=[1, 0] * 450, text=asked + "ndiyo")
    new = table.assign(score=[0, 1] * 450, text=asked + "hapana")
    sides = [make_scored(one, source=name) for one, name in ((base, "old"), (new, "new"))]
    write_comparison(compare_scores(*sides), tmp_path)
    html = render_comparison(tmp_path).read_text("utf-8")
    part = html[html.index("What broke, and what was mended") :]
    for name in ("Swahili", "Telugu", "French"):
        assert part.count(f">{name}<") >= 30
    assert ">swali q0<" in part and ">ndiyo<" in part and ">hapana<" in part
    assert "→" not in part.split("</table>")[0]
