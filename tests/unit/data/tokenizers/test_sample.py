import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.core import InputError, Language
from isogloss.data.tokenizers.sample import balanced_sample, covering_characters, normalised

EN, SW = Language.parse("en"), Language.parse("sw")


def lines_of(letter: str, n_lines: int) -> list[str]:
    return [f"{letter}{number:03d}" for number in range(n_lines)]


def n_bytes(sample: list[str], letter: str) -> int:
    return sum(len(line) for line in sample if line.startswith(letter))


def sample_of(
    n_english: int, n_swahili: int, *, exponent: float = 0.5, max_bytes: int = 10**9, seed: int = 0
) -> list[str]:
    samples = {EN: lines_of("e", n_english), SW: lines_of("s", n_swahili)}
    return balanced_sample(samples, exponent=exponent, max_bytes=max_bytes, seed=seed)


@pytest.mark.parametrize(("exponent", "share"), [(0, 1 / 2), (0.5, 3 / 4), (1, 9 / 10)])
def test_shares_follow_the_exponent(exponent: float, share: float) -> None:
    sample = sample_of(900, 100, exponent=exponent)
    total = n_bytes(sample, "e") + n_bytes(sample, "s")
    assert n_bytes(sample, "e") / total == pytest.approx(share, abs=0.005)
    assert total == pytest.approx(4000, abs=8)


def test_the_limit_holds_and_lines_are_spread_over_the_text() -> None:
    sample = sample_of(900, 900, max_bytes=800)
    assert n_bytes(sample, "e") + n_bytes(sample, "s") == pytest.approx(800, abs=8)
    numbers = [int(line[1:]) for line in sample if line.startswith("e")]
    assert max(b - a for a, b in pairwise(numbers)) <= 10


def test_the_seed_moves_the_choice_and_nothing_else_does() -> None:
    one = sample_of(900, 100, max_bytes=400, seed=1)
    assert one == sample_of(900, 100, max_bytes=400, seed=1)
    assert one != sample_of(900, 100, max_bytes=400, seed=2)


def test_a_proportional_sample_without_limit_is_the_text() -> None:
    assert sample_of(20, 5, exponent=1) == [*lines_of("e", 20), *lines_of("s", 5)]


def test_a_language_without_text_is_named() -> None:
    with pytest.raises(InputError, match="swa-Latn"):
        balanced_sample({EN: ["a"], SW: ["", "  "]}, exponent=1, max_bytes=10, seed=0)


def test_text_that_can_be_read_once_only_is_refused() -> None:
    with pytest.raises(TypeError, match="read twice"):
        balanced_sample({EN: iter(["a"])}, exponent=1, max_bytes=10, seed=0)


@given(st.text())
def test_normalising_strips_no_mark(text: str) -> None:
    before = unicodedata.normalize("NFC", text)
    assert normalised(text).replace(" ", "") == "".join(before.split())


def test_covering_characters_are_the_most_frequent_ones() -> None:
    assert covering_characters(["aaaa bbb cc d"], 0.7) == {"a", "b"}
    assert covering_characters(["aaaa bbb cc d"], 1.0) == set("abcd")
    assert covering_characters(["ba ab"], 0.5) == {"a"}  # ties by code point


@pytest.mark.parametrize("coverage", [0, -1, 1.1, float("nan")])
def test_a_coverage_out_of_range_is_refused(coverage: float) -> None:
    with pytest.raises(InputError, match="coverage"):
        covering_characters(["a"], coverage)
