import math

import pytest

from isogloss.report.text import wording

NAN = float("nan")


@pytest.mark.parametrize(
    ("value", "metric", "expected"),
    [
        (0.0123, "entity_f1", "+1.2"),
        (-0.0123, "entity_f1", "\u22121.2"),
        (-0.0004, "entity_f1", "0.0"),
        (0.0004, "entity_f1", "0.0"),
        (0.10649, "bits_per_byte", "+0.106"),
        (-0.0001, "bits_per_byte", "0.000"),
        (0.5, "a_metric_of_tomorrow", "+50.0"),
        (NAN, "entity_f1", "\u2014"),
    ],
)
def test_difference(value: float, metric: str, expected: str) -> None:
    assert wording.difference(value, metric) == expected


def test_interval_and_score() -> None:
    assert wording.interval(-0.02, 0.031, "accuracy") == "[\u22122.0, +3.1]"
    assert wording.interval(NAN, 0.1, "accuracy") == "\u2014"
    assert wording.score(0.8134, "accuracy") == "81.3"


def test_amount_names_the_unit() -> None:
    assert wording.amount(-0.042, "entity_f1") == "4.2 points of entity F1"
    assert wording.amount(0.042, "entity_f1", of_metric=False) == "4.2 points"
    assert wording.amount(0.0311, "bits_per_byte") == "0.031 bits per byte"


@pytest.mark.parametrize(
    ("seconds", "expected"), [(0.42, "0.4 s"), (59.4, "59 s"), (61, "1 min 1 s"), (NAN, "\u2014")]
)
def test_duration(seconds: float, expected: str) -> None:
    assert wording.duration(seconds) == expected


def test_names() -> None:
    assert wording.task_name("ner") == "Named entity recognition"
    assert wording.task_name("my_task") == "my task"
    assert wording.treatment_name("language_adapters") == "Language adapters"
    assert wording.match_name("total") == "same compute"
    assert wording.match_name("") == "budget match not recorded"
    assert wording.in_order(["zeta", "temperature", "alpha", "untreated", "zeta"]) == [
        *("untreated", "temperature", "alpha", "zeta")
    ]


def test_numbers() -> None:
    assert wording.count(1234567) == "1,234,567"
    assert wording.percent(0.254) == "25.4\u00a0%"
    assert wording.probability(math.nan) == "\u2014"
    assert wording.decimal(1.005, 1) == "1.0"
    assert wording.joined([]) == ""
    assert wording.factor("bits_per_byte") == 1.0


@pytest.mark.parametrize(
    ("task", "words"),
    [
        ("pos", "Part-of-speech tagging"),
        ("pos.pud", "Part-of-speech tagging, set pos.pud"),
        ("pos-on-pos.pud", "Part-of-speech tagging, trained on pos, tested on pos.pud"),
        ("a_task-on-another", "a task-on-another"),
    ],
)
def test_a_task_with_its_sets(task: str, words: str) -> None:
    assert wording.task_name(task) == words
