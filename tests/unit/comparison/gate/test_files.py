import json
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest

from isogloss.comparison import Scored, make_scored, read_scores
from isogloss.comparison.gate import decide, write_decision
from isogloss.comparison.gate.files import junit, markdown, write_baseline
from unit.comparison.gate.test_decide import BASE, rules, system

HOSTILE = "a|b</x>\x1b[31m `*_[l](http://x.y) @me #1\nwww.z.com\ufffe"


def _hostile() -> tuple[Scored, Scored]:
    return system(BASE, task=HOSTILE), system({**BASE, "sw": 90}, task=HOSTILE)


def test_junit_has_a_case_for_each_cell() -> None:
    policy = rules(
        {"largest_loss": 0.02, "name": HOSTILE.replace("\ufffe", "")},
        {"largest_loss": 0.02, "tier": "advisory"},
        {"share_hurt": 0.0},
    )
    root = ElementTree.fromstring(junit(decide(*_hostile(), policy)))
    suites = root.findall("testsuite")
    assert [one.get("tests") for one in suites] == ["3", "3", "1"]
    assert [one.get("failures") for one in suites] == ["1", "0", "1"]
    assert [one.get("skipped") for one in suites] == ["0", "1", "0"]
    failed = root.findall(".//failure")
    assert len(failed) == 2
    assert "significantly worse" in str(failed[0].get("message"))
    assert "\x1b" not in junit(decide(*_hostile(), policy)).decode()


def test_an_open_cell_is_an_error_where_it_is_critical() -> None:
    small = [system(one, n=60) for one in (BASE, {**BASE, "sw": 2})]
    policy = rules(
        {"largest_loss": 0.001}, {"largest_loss": 0.001, "tier": "supporting", "name": "s"}
    )
    first, second = ElementTree.fromstring(junit(decide(*small, policy))).findall("testsuite")
    assert int(first.get("errors", "")) > 0
    assert second.get("errors") == "0"
    assert int(second.get("skipped", "")) > 0


def test_markdown_shows_text_as_it_is() -> None:
    text = markdown(decide(*_hostile(), rules({"largest_loss": 0.02})))
    assert text.startswith("## Languages: NO-GO\n")
    row = next(line for line in text.splitlines() if line.startswith("| FAIL"))
    assert row.count("|") == 8
    for active in ("</x>", "`", "[l]", "@me", " #1", "www.z", "\x1b"):
        assert active not in row
    assert "One checkpoint a side" in text


def test_the_folder_holds_what_a_pipeline_shows(tmp_path: Path) -> None:
    base, new = system(BASE), system({**BASE, "sw": 90})
    write_decision(decide(base, new, rules({"largest_loss": 0.02})), tmp_path / "out", base, new)
    out = tmp_path / "out"
    content = json.loads((out / "gate.json").read_text())
    assert content["answer"] == "NO-GO"
    assert {one["outcome"] for one in content["findings"]} == {"pass", "fail"}
    again = read_scores(out / "baseline"), read_scores(out / "next-baseline")
    decision = decide(*again, rules({"largest_loss": 0.02}))
    assert decision.answer == "NO-GO", "without the old system"
    assert (out / "junit.xml").is_file() and (out / "summary.md").is_file()


@pytest.mark.parametrize(
    "columns",
    [
        {"score": [1, 0, 1]},
        {"score": [1, 0, 1], "weight": [1.0, 2.0, 0.5]},
        {"score": [0.25, 0.5, 1.5]},
        {"score": [0.25, 0.5, 1.5], "weight": [1.0, 2.0, 0.5]},
        {"loss": [0.25, 0.5, 1.5]},
        {"errors": [1, 0, 3], "words": [4, 5, 6]},
        {"tp": [1, 0, 3], "fp": [4, 5, 6], "fn": [0, 0, 1]},
        {"bits": [1.5, 2, 3], "bytes": [4, 5, 6]},
        {"correct": [1, 2, 3], "total": [4, 5, 6]},
    ],
    ids=str,
)
def test_a_baseline_reads_back_as_it_was(tmp_path: Path, columns: dict[str, list[float]]) -> None:
    table = pd.DataFrame({"example": ["a", "b", "c"], "language": "sw", "domain": "web", **columns})
    scores = make_scored(table.assign(task="t", cluster=["x", "x", "y"]), source="made")
    write_baseline(scores, tmp_path)
    again = read_scores(tmp_path)
    assert again.slices == scores.slices
    pd.testing.assert_frame_equal(
        again.frame, scores.frame, check_categorical=False, check_dtype=False
    )
