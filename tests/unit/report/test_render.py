import base64
import dataclasses
import hashlib
import itertools
import re
import subprocess
import sys
import time
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pandas as pd
import pytest

from isogloss.core import InputError
from isogloss.report import SECTIONS, render_report
from isogloss.report.render import page
from isogloss.report.study_files import StudyFiles
from toy_study import HOSTILE_LABEL, HOSTILE_NAME, write_toy_study
from unit.report.finetuning_study import OF_FINETUNING, average, finetuning_study

LARGEST = 3_000_000
OF_OTHER_DATA = {"truth", "measurements", "where_it_lives", "factors"}
ONLY_WHEN_ASKED = {
    *("paper", "cross-lingual-signal", "gradient-conflict"),
    *OF_OTHER_DATA,
    *OF_FINETUNING,
}
VOID = {"meta", "link", "br", "img", "input", "hr"}


class Reader(HTMLParser):
    """Collects elements with their attributes and fails on tags that do not nest."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader


@pytest.fixture(scope="module")
def html(study: StudyFiles) -> str:
    return page(study)


def test_writes_beside_the_study_or_where_told(toy_folder: Path, tmp_path: Path) -> None:
    assert render_report(toy_folder) == toy_folder / "report.html"
    elsewhere = tmp_path / "deep" / "answer.html"
    assert render_report(toy_folder, elsewhere) == elsewhere
    assert elsewhere.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_a_folder_that_is_no_study_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a study folder"):
        render_report(tmp_path)
    with pytest.raises(InputError, match="no such folder"):
        render_report(tmp_path / "gone")


def test_only_a_report_is_replaced(toy_folder: Path, tmp_path: Path) -> None:
    mine = tmp_path / "thesis.html"
    mine.write_text("<!doctype html><title>mine</title>")
    with pytest.raises(InputError, match="a file that isogloss did not write"):
        render_report(toy_folder, mine)
    assert "mine" in mine.read_text()
    report = render_report(toy_folder, tmp_path / "report.html")
    assert render_report(toy_folder, report) == report


def test_every_section_is_there_in_order(paper_study: StudyFiles) -> None:
    html = page(paper_study)
    others = OF_FINETUNING | OF_OTHER_DATA
    asked = [section for section in SECTIONS if section.anchor not in others]
    places = [html.index(f'<section id="{section.anchor}"') for section in asked]
    assert places == sorted(places)
    for section in asked:
        assert f'href="#{section.anchor}"' in html
    assert len(html.encode()) < 1_000_000
    read(html)


def test_a_study_of_fine_tuning_has_its_sections_too(study: StudyFiles) -> None:
    rows = [
        average(one, other, setting, 0.01, "INCONCLUSIVE")
        for one, other in (
            ("lookahead", "untreated"),
            ("sequential_reptile", "lookahead"),
            ("sequential_reptile", "untreated"),
        )
        for setting in ("within_language", "zero_shot")
    ]
    html = page(finetuning_study(study, rows))
    for anchor in OF_FINETUNING:
        assert f'<section id="{anchor}"' in html
    read(html)


def test_what_a_study_did_not_ask_for_is_left_out(html: str) -> None:
    shown = {section.anchor for section in SECTIONS if f'<section id="{section.anchor}"' in html}
    assert {section.anchor for section in SECTIONS} - shown == ONLY_WHEN_ASKED
    for anchor in ONLY_WHEN_ASKED:
        assert f"#{anchor}" not in html


def test_nothing_is_fetched(html: str) -> None:
    reader = read(html)
    for _, attributes in reader.elements:
        for name in ("src", "href", "action", "data", "poster", "xlink:href"):
            address = attributes.get(name)
            assert address is None or address.startswith(("#", "data:"))
        assert not any(name.startswith("on") for name in attributes)
    style = html[html.index("<style>") : html.index("</style>")]
    assert "@import" not in style
    assert re.findall(r"url\((?!#)", style) == []


def test_the_only_script_is_ours_by_hash(html: str) -> None:
    scripts = re.findall(r"<script>(.*?)</script>", html, flags=re.DOTALL)
    assert len(scripts) == 1
    digest = base64.b64encode(hashlib.sha256(scripts[0].encode()).digest()).decode()
    assert f"script-src &#39;sha256-{digest}" in html or f"script-src 'sha256-{digest}'" in html


def test_hostile_text_stays_text(hostile_folder: Path, tmp_path: Path) -> None:
    html = render_report(hostile_folder, tmp_path / "report.html").read_text(encoding="utf-8")
    reader = read(html)
    assert HOSTILE_NAME not in html
    assert HOSTILE_LABEL not in html
    assert len(reader.all("script")) == 1
    assert reader.all("img") == []
    assert "&lt;script&gt;window.hostile=1" in html
    for link in reader.all("a"):
        assert "<" not in str(link.get("href"))


def test_tables_are_readable_by_a_screen_reader(html: str) -> None:
    reader = read(html)
    tables = html.count("<table")
    assert tables == html.count("<caption>") > 10
    for head in reader.all("th"):
        assert head.get("scope") in {"col", "row", "colgroup", "rowgroup"}
    headings = [int(tag[1]) for tag, _ in reader.elements if re.fullmatch(r"h[1-6]", tag)]
    assert headings[0] == 1
    assert headings.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(headings))
    assert reader.all("html")[0]["lang"] == "en"
    assert reader.all("a")[0]["class"] == "skip"


def test_drawings_are_named_or_hidden(html: str) -> None:
    for drawing in read(html).all("svg"):
        named = drawing.get("role") == "img" and drawing.get("aria-label")
        assert named or drawing.get("aria-hidden") == "true"


def test_every_figure_has_its_table_and_its_file(html: str) -> None:
    exhibits = html.split('<div class="exhibit">')[1:]
    assert len(exhibits) >= 8
    for exhibit in exhibits:
        assert "<table>" in exhibit
        assert 'download="' in exhibit


def test_downloads_hold_the_tables(html: str, toy_folder: Path) -> None:
    links = {
        str(link["download"]): str(link["href"])
        for link in read(html).all("a")
        if "download" in link
    }
    head, text = links["comparisons.csv"].split(",", 1)
    assert head == "data:text/csv;charset=utf-8"
    original = pd.read_csv(toy_folder / "comparisons.csv")
    lines = unquote(text).strip().splitlines()
    assert len(lines) == len(original) + 1
    assert repr(float(original["gain"].iloc[0])) in unquote(text)


def test_every_file_has_a_name_of_its_own(paper_study: StudyFiles) -> None:
    """Several metrics of a task, mixtures and settings: no download replaces another."""
    rows = [
        average("lookahead", "untreated", setting, 0.02, "HELPED")
        | {"mixture": mixture, "metric": metric}
        for setting in ("within_language", "zero_shot")
        for mixture in ("eng-Latn+swa-Latn", "ara-Arab+eng-Latn")
        for metric in ("entity_f1", "accuracy")
    ]
    tables = dict(finetuning_study(paper_study, rows).tables)
    for name in ("verdicts", "records", "comparisons", "mixtures"):
        if name in paper_study.tables:
            table = paper_study.tables[name]
            other = table[table["task"] != "masked_lm"].assign(metric="accuracy")
            tables[name] = pd.concat([table, other], ignore_index=True)
    for of in (paper_study, finetuning_study(paper_study, rows)):
        several = dataclasses.replace(of, tables={**tables, "averages": tables["averages"]})
        names = re.findall(r'download="([^"]+)"', page(several))
        assert len(names) > 10
        assert len(names) == len(set(names)), sorted(names)


def test_the_page_is_small(html: str) -> None:
    assert len(html.encode()) < 600_000


def test_a_study_of_all_pairs_of_twelve_stays_small_and_fast(tmp_path: Path) -> None:
    folder = write_toy_study(tmp_path / "study")
    codes = [f"qa{letter}-Latn" for letter in "abcdefghijkl"]
    pairs = [(a, b) for a in codes for b in codes if a < b]
    for name in ("verdicts", "comparisons", "confounds"):
        table = pd.read_csv(folder / f"{name}.csv", keep_default_na=False)
        one = table[table["mixture"] == "eng-Latn+swa-Latn"]
        many = [one.replace({"eng-Latn": a, "swa-Latn": b}) for a, b in pairs]
        named = [part.assign(mixture=f"{a}+{b}") for part, (a, b) in zip(many, pairs, strict=True)]
        pd.concat(named).to_csv(folder / f"{name}.csv", index=False)
    started = time.process_time()
    size = render_report(folder).stat().st_size
    assert size < LARGEST
    assert time.process_time() - started < 15


def test_missing_files_are_said(tmp_path: Path) -> None:
    files = ("comparisons.csv", "confounds.csv", "records.csv", "study.json", "notes.json", "runs")
    folder = write_toy_study(tmp_path / "study", without=files)
    html = render_report(folder).read_text(encoding="utf-8")
    assert html.count("Not measured:") >= 4
    assert "comparisons.csv is not in the study folder." in html
    for section in SECTIONS:
        assert (f'id="{section.anchor}"' in html) == (section.anchor not in ONLY_WHEN_ASKED)


def test_a_bare_study_still_has_a_report(bare: StudyFiles) -> None:
    html = page(bare)
    assert "Not measured:" in html
    read(html)


def test_renders_without_torch(toy_folder: Path, tmp_path: Path) -> None:
    """The report is re-rendered on machines that have no torch."""
    program = """
import sys
class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"torch", "transformers", "datasets", "accelerate", "tokenizers"}:
            raise ImportError(f"{name} is blocked")
sys.meta_path.insert(0, Blocked())
from pathlib import Path
from isogloss.report import render_report
render_report(Path(sys.argv[1]), Path(sys.argv[2]))
assert "torch" not in sys.modules
"""
    target = tmp_path / "report.html"
    done = subprocess.run(
        [sys.executable, "-c", program, str(toy_folder), str(target)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert target.is_file()
