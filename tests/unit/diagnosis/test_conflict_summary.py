import json
from pathlib import Path
from typing import Any

import pytest

from isogloss.core import InputError
from isogloss.diagnosis import CONFLICT_FILE, conflict_lines, read_looks, summarise_conflict

PAIR = "eng-Latn|swa-Latn"


def look(update: int, cosine: float | None, **changes: Any) -> dict[str, Any]:
    return {
        "update": update,
        "languages": ["eng-Latn", "swa-Latn"],
        "cosine": {PAIR: cosine},
        "half": {PAIR: cosine},
        "control": {"eng-Latn": 0.4, "swa-Latn": 0.2},
        "coverage": 1.0,
        "unseen": [],
        "not_finite": [],
        "too_few_rows": [],
        **changes,
    }


def test_the_numbers_of_a_pair_by_hand() -> None:
    rows = [look(10 * n, cosine) for n, cosine in enumerate([0.5, 0.3, 0.1, -0.1, -0.2, -0.6])]
    [pair] = summarise_conflict(rows).pairs
    assert (pair.looks, pair.in_conflict) == (6, 0.5)
    assert pair.cosine == pytest.approx(0.0)
    assert pair.control == pytest.approx(0.3)
    assert pair.trend == pytest.approx(-0.4 - 0.4)


def test_a_few_looks_have_no_trend_and_no_look_is_refused() -> None:
    [pair] = summarise_conflict([look(0, 0.5), look(10, -0.5)]).pairs
    assert pair.trend is None
    with pytest.raises(InputError, match="one gradient measurement or more"):
        summarise_conflict([])


def test_languages_that_were_left_out_are_counted_and_named() -> None:
    rows = [look(0, 0.5), look(10, None, not_finite=["swa-Latn"], too_few_rows=["ara-Arab"])]
    summary = summarise_conflict(rows)
    assert summary.pairs[0].looks == 1
    assert summary.not_finite == {"swa-Latn": 1}
    assert summary.too_few_rows == {"ara-Arab": 1}
    assert "swa-Latn: gradient not finite at 1 of 2 measurements; left out there." in str(summary)


def test_a_pair_that_never_had_a_number_is_shown_as_such() -> None:
    summary = summarise_conflict([look(0, None, half={PAIR: None}, not_finite=["eng-Latn"])])
    assert summary.pairs[0].cosine is None
    assert f"{PAIR}      0       -" in str(summary)


def test_without_halves_there_is_no_control() -> None:
    row = look(0, 0.5)
    del row["half"], row["control"]
    [pair] = summarise_conflict([row]).pairs
    assert (pair.cosine, pair.half, pair.control) == (0.5, None, None)
    assert conflict_lines([row]) == ({PAIR: [(0, 0.5)]}, [])


def test_the_lowest_pair_comes_first() -> None:
    row = look(0, 0.5)
    row["cosine"] |= {"ara-Arab|eng-Latn": -0.5, "ara-Arab|swa-Latn": None}
    summary = summarise_conflict([row])
    assert [one.cosine for one in summary.pairs] == [-0.5, 0.5, None]


def test_lines_leave_gaps_where_there_is_no_number() -> None:
    lines, control = conflict_lines([look(0, 0.5), look(10, None), look(20, 0.1)])
    assert lines == {PAIR: [(0, 0.5), (20, 0.1)]}
    assert [update for update, _ in control] == [0, 10, 20]
    assert [level for _, level in control] == pytest.approx([0.3] * 3)


def test_rows_are_read_back_and_those_of_another_word_too(tmp_path: Path) -> None:
    old = look(0, 0.5)
    old["same_language"] = old.pop("control")
    lines = [json.dumps(row) for row in (old, look(10, 0.25))]
    (tmp_path / CONFLICT_FILE).write_text("\n".join(lines) + '\n{"cut')
    found = read_looks(tmp_path)
    assert found == [look(0, 0.5), look(10, 0.25)]


def test_a_folder_without_looks_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no measurement in it"):
        read_looks(tmp_path)
    run = tmp_path / "runs" / "one"
    run.mkdir(parents=True)
    (run / CONFLICT_FILE).write_text("")
    with pytest.raises(InputError, match=r"Name one run, for example .*runs/one"):
        read_looks(tmp_path)
