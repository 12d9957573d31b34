from typing import Any

import pytest

from isogloss.cli.verdicts import mixture_named, print_verdicts, verdict_rows
from isogloss.treatments import TREATMENTS

TWO = "eng-Latn+swa-Latn"


def verdict(**keys: Any) -> dict[str, Any]:
    return {
        "mixture": TWO,
        "task": "masked_lm",
        "metric": "bits_per_byte",
        "match": "language",
        "language": "eng-Latn",
        "treatment": "untreated",
        "setting": "within_language",
        "verdict": "not significant",
        "interference": 0.0123,
        "multilingual": 0.5,
        "ci_low": -0.1,
        "ci_high": 0.2,
        "gradient_cosine": None,
        "gradient_control": None,
        **keys,
    }


def study() -> list[dict[str, Any]]:
    """Return two matches and zero-shot of a language."""
    return [verdict(), verdict(match="total", verdict="HURT"), verdict(setting="zero_shot")]


def test_both_matches_and_zero_shot_stand_side_by_side() -> None:
    assert verdict_rows(study()) == [
        {
            "language": "eng",
            "treatment": "untreated",
            "same data": "not significant +0.012 [-0.100,+0.200]",
            "same compute": "HURT +0.012 [-0.100,+0.200]",
            "zero-shot": "0.500",
        }
    ]


def test_a_task_with_two_metrics_has_a_table_for_each(capsys: pytest.CaptureFixture[str]) -> None:
    keys = {"task": "qa", "verdict": "HURT"}
    print_verdicts([verdict(metric=metric, **keys) for metric in ("answer_f1", "answer_em")])
    shown = capsys.readouterr().out
    assert "qa, answer_f1\n" in shown
    assert "qa, answer_em\n" in shown
    assert shown.count("HURT") == 2


def test_a_column_that_no_row_has_is_left_out() -> None:
    assert list(verdict_rows([verdict()])[0]) == ["language", "treatment", "same data"]
    assert verdict_rows([verdict(verdict=None)])[0]["same data"] == "not compared"


def test_mixtures_are_named_where_there_are_several() -> None:
    rows = verdict_rows([verdict(), verdict(mixture="eng-Latn+ara-Arab")])
    assert [row["mixture"] for row in rows] == ["eng + ara", "eng + swa"]


def test_the_script_is_named_where_it_tells_which() -> None:
    both = {"language": "srp-Cyrl", "mixture": "srp-Cyrl+srp-Latn"}
    assert verdict_rows([verdict(**both)])[0]["language"] == "srp-Cyrl"
    assert mixture_named(TWO, {"eng-Latn": "eng", "swa-Latn": "swa"}) == "eng + swa"


@pytest.mark.parametrize(
    ("cosine", "control", "shown"),
    [
        (0.1, 0.3, "0.10 / 0.30"),
        (0.3, 0.1, "0.30 / 0.10"),
        (0.1, None, "0.10 / not measured"),
        (None, None, "not measured"),
    ],
)
def test_the_gradients_stand_beside_the_verdict(
    cosine: float | None, control: float | None, shown: str
) -> None:
    looked = verdict(gradient_cosine=cosine, gradient_control=control)
    row = verdict_rows([looked], looks_asked=True)[0]
    assert row["conflict"] == shown
    assert "conflict" not in verdict_rows([verdict()])[0]


@pytest.mark.parametrize("n_languages", [2, 30])
def test_no_line_is_wider_than_100_columns(
    n_languages: int, capsys: pytest.CaptureFixture[str]
) -> None:
    languages = [f"q{chr(97 + i // 6)}{chr(97 + i % 6)}-Latn" for i in range(n_languages)]
    looks = {"gradient_cosine": -0.11, "gradient_control": 0.22}
    everything = [
        verdict(
            mixture="+".join(languages), language=language, task=task, treatment=treatment, **keys
        )
        for language in languages
        for task in ("masked_lm", "ner")
        for treatment in TREATMENTS
        for keys in (
            {"interference": -12.3456, "ci_low": -22.3456, "ci_high": -11.2222, **looks},
            {"match": "total", **looks},
            {"setting": "zero_shot"},
        )
    ]
    more = [{**row, "mixture": "+".join(languages[:2])} for row in everything[:300]]
    print_verdicts([*everything, *more])
    shown = capsys.readouterr().out
    assert max(map(len, shown.splitlines())) <= 100
    assert all(name in shown for name in TREATMENTS)
    assert shown.count("[-22.346,-11.222]") >= len(everything) // 3, "no interval is broken"
    assert "masked_lm, bits_per_byte\n" in shown
    assert "Conflict:" in shown
