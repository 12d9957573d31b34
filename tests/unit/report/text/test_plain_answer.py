import pandas as pd
import pytest

from isogloss.core import DIAGNOSIS_COLUMNS
from isogloss.report.text import plain_answer

NAMES = {"a": "Alpha", "b": "Beta (new)", "c": "Gamma"}


def row(language: str, diagnosis: str, task: str = "", **more: object) -> dict[str, object]:
    metric = {"": "", "masked_lm": "bits_per_byte"}.get(task, "entity_f1")
    return {
        **dict.fromkeys(DIAGNOSIS_COLUMNS, ""),
        "mixture": "a+b+c",
        "language": language,
        "task": task,
        "metric": metric,
        "diagnosis": diagnosis,
        **more,
    }


def table(*rows: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(DIAGNOSIS_COLUMNS))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            [row("a", "interference"), row("b", "transfer")],
            "Alpha is hurt by learning together; Beta (new) gains from learning together.",
        ),
        (
            [row("a", "interference"), row("b", "interference")],
            "Alpha and Beta (new) are hurt by learning together.",
        ),
        (
            [row("a", "cost_of_sharing"), row("b", "transfer_at_a_price")],
            "Alpha does as well with the same data, but the compute would do more alone; "
            "Beta (new) gains with the same data, but the compute would do more alone.",
        ),
        (
            [row("a", "no_interference"), row("b", "mixed"), row("c", "undecided")],
            "Alpha shows no interference of interest; Beta (new) has one diagnosis on loss or one "
            "task and another elsewhere; Gamma is undecided.",
        ),
        (
            [row("a", "undecided"), row("b", "undecided")],
            "Undecided: this study cannot tell yet whether learning together hurts.",
        ),
        (
            [row("a", "interference", mixture="a+b"), row("a", "transfer", mixture="a+c")],
            "Alpha (with Beta (new)) is hurt by learning together; "
            "Alpha (with Gamma) gains from learning together.",
        ),
    ],
)
def test_headline(rows: list[dict[str, object]], expected: str) -> None:
    assert plain_answer.headline(table(*rows), NAMES) == expected


def test_a_headline_counts_many_languages_instead_of_naming_them() -> None:
    rows = [row(f"l{place}", "interference" if place < 3 else "transfer") for place in range(12)]
    assert plain_answer.headline(table(*rows), NAMES) == (
        "3 of 12 are hurt by learning together; 9 of 12 gain from learning together."
    )


def test_what_is_significant_with_one_budget_is_said_with_its_budget() -> None:
    sides = {"same_data": "UNDERPOWERED", "same_compute": "HURT", "reason": "underpowered"}
    rows = [row("a", "undecided"), row("a", "undecided", "masked_lm", **sides)]
    assert plain_answer.headline(table(*rows), NAMES) == (
        "Alpha is hurt with the same compute, and is undecided with the same data."
    )
    on_plateau = sides | {"reason": "plateau"}
    stuck = [row("a", "undecided"), row("a", "undecided", "masked_lm", **on_plateau)]
    assert plain_answer.headline(table(*stuck), NAMES).startswith("Undecided")


def test_loss_and_tasks_that_disagree_are_both_named() -> None:
    rows = [
        row("a", "mixed"),
        row("a", "interference", "masked_lm"),
        row("a", "transfer", "ner"),
        row("b", "transfer"),
        row("b", "transfer", "masked_lm"),
        row("b", "transfer", "ner"),
    ]
    said = plain_answer.loss_and_tasks(table(*rows), NAMES)
    assert said.startswith(
        "Loss and tasks disagree for Alpha (loss interference, Named entity recognition transfer). "
    )
    assert "arXiv 2605.13225" in said
    assert plain_answer.loss_and_tasks(table(*rows[3:]), NAMES) == (
        "Loss and tasks agree wherever both are decided."
    )


def test_loss_alone_is_said_to_understate() -> None:
    rows = [row("a", "interference"), row("a", "interference", "masked_lm")]
    said = plain_answer.loss_and_tasks(table(*rows), NAMES)
    assert said.startswith("Only masked-LM loss decides anything here. ")
    assert plain_answer.loss_and_tasks(table(row("a", "undecided", "ner")), NAMES) == ""


COMPARED = {
    "match": "language",
    "metric": "entity_f1",
    "monolingual": 0.8,
    "interference": 0.04,
    "mde": 0.013,
    "n_seeds": 3,
    "n_examples": 500,
}


def test_certainty_tells_seeds_examples_and_budgets() -> None:
    rows = pd.DataFrame([COMPARED, {**COMPARED, "match": "total", "n_examples": 1200}])
    assert plain_answer.certainty(rows) == (
        "Verdicts rest on 3 seeds and 500 to 1,200 test examples per comparison; p-values are "
        "Holm-corrected; compared with the same data and same compute."
    )


def test_power_stands_beside_the_smallest_effect_of_interest() -> None:
    bits = {**COMPARED, "metric": "bits_per_byte", "monolingual": 1.5, "mde": 0.045}
    said = plain_answer.power(pd.DataFrame([COMPARED, {**COMPARED, "mde": 0.021}, bits]))
    assert said == (
        "Every comparison would have found 2.1 points of entity F1 (2 points is of interest) and "
        "0.045 bits per byte, 3.0\u00a0% of the monolingual model's (2\u00a0% is of interest)."
    )
    assert plain_answer.power(pd.DataFrame([{**COMPARED, "mde": float("nan")}])) == ""
