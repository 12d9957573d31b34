"""A study of 30 languages, 20 treatments and 10 seeds makes one page that a mail can carry."""

from pathlib import Path

import large_study
from isogloss.report import render_report


def test_the_page_stays_below_three_megabytes(tmp_path: Path) -> None:
    report = render_report(large_study.write_large_study(tmp_path / "study"))
    html = report.read_text(encoding="utf-8")
    assert len(html.encode()) < 3_000_000
    for said in ("further treatments not drawn", "the first 400 of", "The page prints"):
        assert said in html, "what is left out is said"
