"""The report in a real browser: quiet, self-sufficient, inert to hostile text, legible in the dark.

Chromium is found on PATH (or named by ISOGLOSS_CHROMIUM); a machine without it, or without
playwright, skips with the reason.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from isogloss.report import SECTIONS, render_report
from isogloss.report.render import page as page_of
from isogloss.report.study_files import read_study
from large_study import write_large_study
from toy_study import Toy, write_toy_study
from unit.report.finetuning_study import OF_FINETUNING, average, finetuning_study

pytestmark = pytest.mark.browser

CONTRAST = Path(__file__).with_name("contrast.js")
FLAGS = ["--headless", "--no-sandbox", "--disable-background-networking"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    api = pytest.importorskip(
        "playwright.sync_api", reason="playwright is not installed (extra `browser`)"
    )
    executable = os.environ.get("ISOGLOSS_CHROMIUM") or shutil.which("chromium")
    if executable is None:
        pytest.skip("no chromium on PATH and ISOGLOSS_CHROMIUM is not set")
    with api.sync_playwright() as playwright:
        # Every launch has a new profile folder; playwright removes it at the end.
        started = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plain") / "study"
    return render_report(write_toy_study(folder, Toy(paper=True)))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile") / "study"
    return render_report(write_toy_study(folder, Toy(hostile=True, paper=True)))


def opened(browser: Any, report: Path, **options: Any) -> tuple[Any, list[str], list[str]]:
    """Open the report; return the page, what the console said and what was requested."""
    page = browser.new_context(**options).new_page()
    said: list[str] = []
    requested: list[str] = []
    page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: said.append(f"error: {error}"))
    page.on("request", lambda request: requested.append(request.url))
    page.goto(report.as_uri())
    return page, said, requested


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_opens_quietly_and_asks_for_nothing(browser: Any, report: Path, scheme: str) -> None:
    page, said, requested = opened(browser, report, color_scheme=scheme)
    assert said == []
    assert [url for url in requested if not url.startswith("data:")] == [report.as_uri()]
    page.context.close()


def test_every_section_and_figure_is_seen(browser: Any, report: Path) -> None:
    page, _, _ = opened(browser, report)
    absent = {*OF_FINETUNING, "truth", "measurements", "where_it_lives", "factors"}  # other data
    asked = [section for section in SECTIONS if section.anchor not in absent]
    for section in asked:
        box = page.locator(f"#{section.anchor}").bounding_box()
        assert box is not None
        assert box["height"] > 60
    drawings = page.locator("svg.drawing")
    assert drawings.count() >= 14
    for index in range(drawings.count()):
        box = drawings.nth(index).bounding_box()
        assert box is not None
        assert box["width"] > 100
    page.context.close()


def test_a_study_of_fine_tuning_opens_quietly_too(browser: Any, tmp_path: Path) -> None:
    rows = [
        average("sequential_reptile", "untreated", setting, 0.01, "INCONCLUSIVE")
        for setting in ("within_language", "zero_shot")
    ]
    study = finetuning_study(read_study(write_toy_study(tmp_path / "study")), rows)
    report = tmp_path / "report.html"
    report.write_text(page_of(study), encoding="utf-8")
    page, said, requested = opened(browser, report)
    assert said == []
    assert [url for url in requested if not url.startswith("data:")] == [report.as_uri()]
    for anchor in OF_FINETUNING:
        box = page.locator(f"#{anchor}").bounding_box()
        assert box is not None
        assert box["height"] > 60
    page.context.close()


def test_hostile_text_does_nothing(browser: Any, hostile: Path) -> None:
    page, said, requested = opened(browser, hostile)
    page.wait_for_timeout(100)
    assert page.evaluate("window.hostile") is None
    assert page.locator("img").count() == 0
    assert page.locator("script").count() == 1
    assert "<script>window.hostile=1</script>" in page.locator("h1").inner_text()
    assert said == []
    assert [url for url in requested if not url.startswith("data:")] == [hostile.as_uri()]
    page.context.close()


def test_a_table_is_saved_from_the_page(browser: Any, report: Path, tmp_path: Path) -> None:
    page, said, _ = opened(browser, report, accept_downloads=True)
    with page.expect_download() as waiting:
        page.locator('a[download="comparisons.csv"]').click()
    target = tmp_path / "saved.csv"
    waiting.value.save_as(target)
    assert waiting.value.suggested_filename == "comparisons.csv"
    saved, original = (pd.read_csv(path) for path in (target, report.parent / "comparisons.csv"))
    assert saved["gain"].tolist() == original["gain"].tolist()
    assert said == []
    page.context.close()


def test_dark_is_dark_and_the_button_turns_it(browser: Any, report: Path) -> None:
    page, _, _ = opened(browser, report, color_scheme="dark")
    assert brightness(page) < 60
    page.locator("#theme").click()
    assert brightness(page) > 200
    page.locator("#theme").click()
    assert brightness(page) < 60
    page.context.close()


def test_the_filters_of_the_verdict_table(browser: Any, report: Path) -> None:
    page, _, _ = opened(browser, report)
    rows = page.locator("table.verdicts tr[data-treatment]:visible")
    everything = rows.count()
    page.locator('[data-filter="treatment"]').select_option("untreated")
    assert rows.count() * 5 == everything
    page.locator('[data-filter="task"]').select_option("ner")
    assert rows.count() * 15 == everything
    page.context.close()


@pytest.mark.parametrize("width", [360, 800, 1480])
def test_the_page_itself_never_scrolls_sideways(browser: Any, report: Path, width: int) -> None:
    page, _, _ = opened(browser, report, viewport={"width": width, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.context.close()


@pytest.mark.parametrize("width", [800, 1300])
def test_no_table_is_cut(browser: Any, report: Path, width: int) -> None:
    page, _, _ = opened(browser, report, viewport={"width": width, "height": 900})
    cut = """[...document.querySelectorAll(".scroll")]
        .filter(box => box.scrollWidth > box.clientWidth + 1)
        .map(box => box.getAttribute("aria-label"))"""
    assert page.evaluate(cut) == []
    page.context.close()


def test_prints_with_every_table_open(browser: Any, report: Path, tmp_path: Path) -> None:
    page, said, _ = opened(browser, report)
    page.pdf(path=tmp_path / "report.pdf", prefer_css_page_size=True)
    assert (tmp_path / "report.pdf").stat().st_size > 50_000

    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details:not([open])").count() == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("details[open]").count() == 0
    assert said == []
    page.context.close()


def test_printed_pages_are_full(browser: Any, tmp_path: Path) -> None:
    """A long group of rows goes on over the page's end; few pages are half empty."""
    tool = shutil.which("pdftoppm")
    if tool is None:
        pytest.skip("no pdftoppm on PATH to look at the pages with")
    report = render_report(write_large_study(tmp_path / "study", 4, 14, 3))
    page, _, _ = opened(browser, report)
    page.pdf(path=tmp_path / "report.pdf", prefer_css_page_size=True)
    command = [tool, "-gray", "-r", "20", str(tmp_path / "report.pdf"), str(tmp_path / "page")]
    subprocess.run(command, check=True)
    filled = [share_filled(path) for path in sorted(tmp_path.glob("page-*.pgm"))]
    assert len(filled) > 8
    half_empty = [share for share in filled[:-1] if share < 0.5]
    assert len(half_empty) <= 0.1 * len(filled), filled


def share_filled(picture: Path) -> float:
    """Return how far down a page something is printed."""
    header, size, _, pixels = picture.read_bytes().split(b"\n", 3)
    assert header == b"P5"
    width, height = map(int, size.split())
    rows = np.frombuffer(pixels, dtype=np.uint8).reshape(height, width).min(axis=1)
    return float(np.flatnonzero(rows < 200).max(initial=0)) / height


def test_works_without_scripts(browser: Any, report: Path) -> None:
    page, _, _ = opened(browser, report, java_script_enabled=False)
    assert page.locator("#theme").is_hidden()
    assert page.locator("table.verdicts").first.is_visible()
    page.context.close()


def test_text_has_contrast(browser: Any, report: Path) -> None:
    """Every text of the page reaches 4.5 : 1 against its background, numbers in cells too."""
    for scheme in ("light", "dark"):
        page, _, _ = opened(browser, report, color_scheme=scheme)
        poor = page.evaluate(CONTRAST.read_text(encoding="utf-8"))
        assert poor == []
        page.context.close()


def brightness(page: Any) -> float:
    """Mean of the page's background channels."""
    color = page.evaluate("getComputedStyle(document.body).backgroundColor")
    channels = [float(part) for part in color[color.index("(") + 1 : -1].split(",")[:3]]
    return sum(channels) / 3
