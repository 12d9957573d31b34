import numpy as np
import pytest

from isogloss.transfer.summaries import (
    asymmetry_rows,
    by_part,
    language_rows,
    matrix_of,
    recommended_rows,
    seen_rows,
)
from unit.transfer.invented import EN, HI, SW, TE, measured, row, spec

GIVES = [
    row(EN, EN, 0.3, "beneficial"),
    row(EN, SW, 0.1, "beneficial"),
    row(EN, TE, 0.1, "beneficial"),
    row(EN, HI, 0.0, "undecided"),
    row(SW, EN, -0.1, "harmful"),
    row(SW, TE, -0.1, "harmful"),
    row(SW, HI, -0.1, "harmful"),
]


def test_categories_leave_the_language_itself_out() -> None:
    rows = {(one["language"], one["role"]): one for one in language_rows(measured(GIVES))}
    english = rows["eng-Latn", "transfer"]
    assert (english["category"], english["n_cells"]) == ("donor", 3)
    assert english["beneficial"] == pytest.approx(2 / 3)
    assert english["mean_gain"] == pytest.approx(0.2 / 3)
    assert rows["swa-Latn", "transfer"]["category"] == "hazard"
    assert rows["swa-Latn", "target"]["category"] == "receiver"
    assert rows["tel-Telu", "target"]["category"] == "selective"


def test_asymmetry_by_hand() -> None:
    [one] = asymmetry_rows(measured(GIVES))
    assert (one["a"], one["b"]) == ("eng-Latn", "swa-Latn")
    assert one["difference"] == pytest.approx(0.2)
    assert 0.0 < one["ci_low"] < 0.2 < one["ci_high"]
    x, y = GIVES[1].change, GIVES[4].change
    low = np.hypot(x.estimate - x.ci_low, y.ci_high - y.estimate)
    assert one["ci_low"] == pytest.approx(0.2 - low)


def test_recommended_pairs_help_in_two_tasks_and_never_harm() -> None:
    both = [row(EN, SW, 0.1, "beneficial"), row(EN, SW, 0.2, "beneficial", task="topic")]
    one_task = [row(TE, SW, 0.1, "beneficial"), row(TE, SW, 0.0, "undecided", task="topic")]
    harms = [
        row(HI, SW, 0.1, "beneficial"),
        row(HI, SW, 0.1, "beneficial", task="topic"),
        row(HI, SW, -0.1, "harmful", updates=100),
    ]
    own = [row(SW, SW, 0.3, "beneficial"), row(SW, SW, 0.3, "beneficial", task="topic")]
    [found] = recommended_rows(
        measured([*both, *one_task, *harms, *own], spec(tasks=["pos", "topic"]))
    )
    assert (found["transfer"], found["target"], found["n_beneficial"]) == (
        "eng-Latn",
        "swa-Latn",
        2,
    )
    assert found["least_gain"] == pytest.approx(both[0].change.ci_low)


def test_seen_and_unseen_are_split_where_something_is_unseen() -> None:
    assert list(seen_rows(measured(GIVES))) == []
    rows = list(seen_rows(measured(GIVES, spec(unseen=["sw"]))))
    found = {(one["transfer_is"], one["target_is"]): one for one in rows}
    assert found["seen", "unseen"]["gain"] == pytest.approx(0.1)
    assert found["unseen", "seen"]["gain"] == pytest.approx(-0.1)
    assert found["seen", "seen"]["n_cells"] == 2


def test_a_matrix_has_a_gap_where_there_is_no_cell() -> None:
    cells, givers, takers = matrix_of(GIVES)
    assert (givers, takers) == ((EN, SW), (EN, SW, TE, HI))
    assert np.isnan(cells[1, 1])
    assert cells[0, 1] == pytest.approx(0.1)
    assert list(by_part(measured(GIVES))) == [("pos", "pos_accuracy", "alone", 10)]
