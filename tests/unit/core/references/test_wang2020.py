"""The numbers of Wang et al. (2020): whole, unambiguous, and what the paper concludes from them."""

import csv
from collections import defaultdict
from importlib.resources import files
from statistics import mean

import pytest

from isogloss.core import REFERENCES

WANG = REFERENCES["wang2020"]
SCORES = WANG.scores


def published() -> list[dict[str, str]]:
    text = files("isogloss.core.references").joinpath(WANG.file).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def within(model: str, language: str, task: str = "ner", metric: str = "entity_f1") -> float:
    return SCORES[model, task, metric, "within_language", language]


def test_the_four_tables_are_whole() -> None:
    counts: dict[str, int] = defaultdict(int)
    for row in published():
        counts[row["table"]] += 1
    assert counts == {
        "T1_corpus": 35,
        "T2_corpus_size": 36,
        "T3_language_similarity": 16,
        "T4_main": 195,
    }


def test_a_number_that_stands_in_two_tables_is_the_same_in_both() -> None:
    seen: dict[tuple[str, ...], str] = {}
    for row in published():
        place = tuple(row[name] for name in ("setting", "task", "model", "language", "metric"))
        assert seen.setdefault(place, row["value"]) == row["value"]


def test_printed_averages_are_the_means() -> None:
    columns: dict[tuple[str, ...], list[float]] = defaultdict(list)
    for row in published():
        if row["table"] == "T4_main" and row["language"] != "avg":
            columns[row["setting"], row["task"], row["model"]].append(float(row["value"]))
    averages = [row for row in published() if row["language"] == "avg"]
    assert len(averages) == 30
    for row in averages:
        found = mean(columns[row["setting"], row["task"], row["model"]])
        assert found == pytest.approx(float(row["value"]), abs=0.0501)


def test_interference_turns_with_the_size_of_the_corpus() -> None:
    for sample, full in WANG.samples.items():
        for task, metric in (("ner", "entity_f1"), ("pos", "pos_accuracy")):
            assert within("JointPair", full, task, metric) < within("Mono", full, task, metric)
            assert within("JointPair", sample, task, metric) > within("Mono", sample, task, metric)


def test_meta_adapters_beat_adapters_everywhere() -> None:
    cells = [key for key in SCORES if key[0] == "JointPair+adpt"]
    assert len(cells) == 26
    for _, *place in cells:
        assert SCORES["JointPair+meta_adpt", *place] > SCORES["JointPair+adpt", *place]


def test_specific_modules_lose_zero_shot() -> None:
    for name, score in (("ffn", 0.138), ("attn", 0.167)):
        place = ("ner", "entity_f1", "zero_shot", "avg")
        assert SCORES[f"JointPair+{name}", *place] == pytest.approx(score)
        assert SCORES["JointPair", *place] == pytest.approx(0.574)
