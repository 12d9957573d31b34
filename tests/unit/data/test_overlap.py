"""Overlaps are found between all splits and languages, whichever side is the smaller."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.core import Language
from isogloss.data.overlap import Side, overlap_findings, overlaps
from isogloss.data.sources import Unit

FRENCH, HINDI, TAMIL = map(Language.parse, ("fr", "hi", "ta"))


def side(
    name: str, language: Language, split: str, digests: Sequence[int], *others: Language
) -> Side:
    unit = Unit(name, others or (language,), split)
    return Side(unit, language, np.array(digests, np.int64))


@given(st.lists(st.lists(st.integers(0, 12), max_size=8), max_size=5))
def test_overlaps_are_those_of_sets(contents: list[list[int]]) -> None:
    sides = [side(f"text.{n}", FRENCH, "train", content) for n, content in enumerate(contents)]
    expected = {
        frozenset((i, j)): len(set(contents[i]) & set(contents[j]))
        for i in range(len(contents))
        for j in range(i)
        if set(contents[i]) & set(contents[j])
    }
    found = {
        frozenset((sides.index(one.first), sides.index(one.second))): one for one in overlaps(sides)
    }
    assert {pair: one.n_shared for pair, one in found.items()} == expected
    for pair, one in found.items():
        smaller = min(len(set(contents[index])) for index in pair)
        assert one.share == one.n_shared / smaller


def test_a_small_training_text_inside_a_large_test_text_is_an_error() -> None:
    sides = [side("text", FRENCH, "train", [1, 2]), side("text", FRENCH, "test", range(100))]
    [finding] = overlap_findings(sides, largest=0.1)
    assert finding.severity == "error" and "100.0% of text fra-Latn train" in finding.text


@pytest.mark.parametrize(("shared", "severity"), [(1, "warning"), (10, "warning"), (11, "error")])
def test_more_than_a_tenth_is_an_error(shared: int, severity: str) -> None:
    test = [*range(shared), *range(1000, 1100 - shared)]
    sides = [side("text", FRENCH, "train", range(500)), side("text", FRENCH, "test", test)]
    assert [one.severity for one in overlap_findings(sides, largest=0.1)] == [severity]


def test_a_few_texts_under_two_languages_are_one_warning() -> None:
    sides = [
        side("text", FRENCH, "train", range(1000)),
        side("text", HINDI, "train", [0, *range(2000, 3000)]),
        side("text", TAMIL, "train", [1, *range(4000, 5000)]),
    ]
    [finding] = overlap_findings(sides, largest=0.1)
    assert finding.text.startswith("2 texts stand under two languages, in 2 pairs of files")


def test_one_sentence_may_be_translated_into_two_languages() -> None:
    sides = [
        side("parallel", FRENCH, "test", [1, 2], FRENCH, HINDI),
        side("parallel", FRENCH, "test", [1, 2], FRENCH, TAMIL),
        side("parallel", HINDI, "test", [3, 4], FRENCH, HINDI),
        side("parallel", TAMIL, "test", [5, 6], FRENCH, TAMIL),
    ]
    assert not list(overlap_findings(sides, largest=0.1))


def test_each_side_of_parallel_text_is_compared() -> None:
    pair = (FRENCH, HINDI)
    sides = [
        side("parallel", FRENCH, "test", [1, 2], *pair),
        side("parallel", HINDI, "test", [1, 4], *pair),
        side("parallel", FRENCH, "train", [7, 8], *pair),
        side("parallel", HINDI, "train", [4, 9], *pair),
    ]
    found = list(overlap_findings(sides, largest=0.1))
    assert [one.where for one in found] == [
        "parallel fra-Latn+hin-Deva test, the side of hin-Deva",
        "parallel fra-Latn+hin-Deva train, the side of hin-Deva",
    ]
    assert "one text under two languages" in found[0].text
    assert "measure memory" in found[1].text
