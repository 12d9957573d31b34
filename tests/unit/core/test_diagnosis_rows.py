"""Diagnoses of a study: paired by budget match, with the controls looked at, over all tasks."""

import math
from collections.abc import Mapping

from isogloss.core.diagnosis_rows import DIAGNOSIS_COLUMNS, diagnosis_rows, truth

MIXTURE = "eng-Latn+swa-Latn"


def verdict(match: str, word: object, **more: object) -> dict[str, object]:
    return {
        "treatment": "untreated",
        "mixture": MIXTURE,
        "match": match,
        "task": "masked_lm",
        "metric": "bits_per_byte",
        "setting": "within_language",
        "language": "swa-Latn",
        "verdict": word,
        "n_seeds": 3,
        **more,
    }


def confound(treatment: str, match: str, updates: float, **more: object) -> dict[str, object]:
    alone = treatment == "monolingual"
    return {
        "run_id": f"{treatment}-{match}-{updates}",
        "treatment": treatment,
        "mixture": "swa-Latn" if alone else MIXTURE,
        "match": match,
        "language": "swa-Latn",
        "updates": updates,
        "left_plateau": True,
        **more,
    }


def overall(rows: list[dict[str, object]]) -> Mapping[str, object]:
    (row,) = [row for row in rows if row["task"] == ""]
    return row


def both(first: object, second: object, **more: object) -> list[dict[str, object]]:
    return [verdict("language", first, **more), verdict("total", second, **more)]


def test_one_row_a_task_and_one_over_all() -> None:
    rows = diagnosis_rows(both("HELPED", "HURT"), [])
    assert [row["task"] for row in rows] == ["", "masked_lm"]
    assert all(tuple(row) == DIAGNOSIS_COLUMNS for row in rows)
    assert {row["diagnosis"] for row in rows} == {"transfer_at_a_price"}
    assert (rows[1]["same_data"], rows[1]["same_compute"]) == ("HELPED", "HURT")


def test_a_destroyed_checkpoint_is_undecided_before_anything_else() -> None:
    words = both("UNDECIDED", "UNDECIDED", destroyed=True, plateau=True, n_seeds=1)
    row = overall(diagnosis_rows(words, []))
    assert (row["diagnosis"], row["reason"]) == ("undecided", "destroyed")


def test_the_plateau_of_a_head_is_none_of_a_task_on_its_checkpoint() -> None:
    """Where the verdicts say whether a side is on the plateau, the confounds need not."""
    stuck = [confound("untreated", "", 100, left_plateau=False)]
    words = both("HURT", "HURT", task="ner", metric="entity_f1", plateau=False)
    assert overall(diagnosis_rows(words, stuck))["diagnosis"] == "interference"
    older = both("HURT", "HURT", task="ner", metric="entity_f1")
    assert overall(diagnosis_rows(older, stuck))["reason"] == "plateau"


def test_zero_shot_rows_are_no_comparison() -> None:
    zero_shot = verdict("language", "HURT", setting="zero_shot")
    assert diagnosis_rows([zero_shot], []) == []


def test_loss_and_task_that_disagree_are_mixed_and_both_are_named() -> None:
    loss = both("HURT", "HURT")
    task = both("HELPED", "HELPED", task="ner", metric="entity_f1")
    row = overall(diagnosis_rows([*loss, *task], []))
    assert row["diagnosis"] == "mixed"
    assert row["reason"] == "masked_lm: interference; ner: transfer"


def test_an_undecided_task_leaves_the_decided_one_and_is_named() -> None:
    loss = both("HURT", "HURT")
    task = both("UNDERPOWERED", "HELPED", task="ner", metric="entity_f1", seeds_needed=6.2)
    row = overall(diagnosis_rows([*loss, *task], []))
    assert row["diagnosis"] == "interference"
    assert row["reason"] == "masked_lm: interference; ner: undecided"
    assert row["seeds_needed"] == 7


def test_the_metrics_of_one_task_are_one_task_unless_they_disagree() -> None:
    f1 = both("HURT", "HURT", task="qa", metric="qa_f1")
    em = both("HURT", "HURT", task="qa", metric="qa_em")
    loss = both("UNDECIDED", "UNDECIDED")
    said = overall(diagnosis_rows([*loss, *f1, *em], []))["reason"]
    assert said == "masked_lm: undecided; qa: interference"
    em = both("UNDECIDED", "UNDECIDED", task="qa", metric="qa_em")
    said = overall(diagnosis_rows([*loss, *f1, *em], []))["reason"]
    assert said == "masked_lm: undecided; qa by qa_f1: interference; qa by qa_em: undecided"


def test_what_is_undecided_says_how_many_seeds_the_harder_side_needs() -> None:
    rows = diagnosis_rows(
        [verdict("language", "HURT"), verdict("total", "UNDERPOWERED", seeds_needed=9.0)], []
    )
    assert (rows[1]["diagnosis"], rows[1]["reason"]) == ("undecided", "underpowered")
    assert rows[1]["seeds_needed"] == 9


def test_where_seeds_cannot_help_the_examples_are_named() -> None:
    rows = diagnosis_rows(both("UNDERPOWERED", "HURT", seeds_needed=math.inf), [])
    assert (rows[1]["reason"], rows[1]["seeds_needed"]) == ("few_examples", None)


def test_a_missing_match_or_verdict_is_not_compared() -> None:
    for rows in ([verdict("language", "HURT")], both("HURT", math.nan), both("HURT", None)):
        assert overall(diagnosis_rows(rows, []))["reason"] == "not_compared"


def test_a_run_on_the_plateau_decides_nothing_and_says_to_train_longer() -> None:
    runs = [
        confound("untreated", "", 500.0, left_plateau=False),
        confound("monolingual", "language", 500.0),
    ]
    row = overall(diagnosis_rows(both("HURT", "HURT"), runs))
    assert (row["diagnosis"], row["reason"]) == ("undecided", "plateau")
    assert row["updates_needed"] == 1000


def test_the_plateau_of_another_mixture_is_its_own() -> None:
    runs = [
        confound("untreated", "", 500.0),
        confound("untreated", "", 500.0, mixture="fra-Latn+swa-Latn", left_plateau=False),
    ]
    assert overall(diagnosis_rows(both("HURT", "HURT"), runs))["diagnosis"] == "interference"


def test_a_gain_after_a_harm_is_held_against_the_dev_curve_of_its_own_control() -> None:
    joint = [
        confound("untreated", "", 500.0, run_id="joint"),
        confound("untreated", "", 500.0, run_id="joint", language="eng-Latn"),
    ]

    def control(updates: float, last: float, epochs: float) -> dict[str, object]:
        curve = {"dev_nats": last, "best_dev_nats": 3.0, "epochs": epochs}
        return confound("monolingual", "total", updates, **curve)

    joint += [{**one, "task": "retrieval"} for one in joint]  # the same runs, for another task
    rows = both("HURT", "HELPED")
    for runs, expected in (
        ([control(1000.0, 3.4, 12.0)], ("interference", "control_overfits")),
        ([control(1000.0, 3.01, 12.0)], ("undecided", "contradiction")),
        ([control(1000.0, 3.4, 0.8)], ("undecided", "contradiction")),
        ([control(3000.0, 3.4, 12.0)], ("undecided", "contradiction")),  # of a wider mixture
        ([], ("undecided", "contradiction")),
    ):
        row = overall(diagnosis_rows(rows, [*joint, *runs]))
        assert (row["diagnosis"], row["reason"]) == expected


def test_truth_reads_cells_of_a_csv() -> None:
    assert truth("True") is True
    assert truth(False) is False
    assert truth(0.0) is False
    assert truth(math.nan) is None
    assert truth(None) is None
    assert truth("perhaps") is None
