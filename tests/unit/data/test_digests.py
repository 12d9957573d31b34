"""Near copies have one normal form; digests are counted once each."""

import unicodedata

import numpy as np
import pytest

from isogloss.data.digests import distinct, normal_form


@pytest.mark.parametrize(
    "copy",
    ["Café  au lait", " café au lait", "café au lait\t", "CAFÉ AU LAIT", "café\u00a0au lait"],
)
def test_near_copies_are_one_text(copy: str) -> None:
    assert normal_form(copy) == normal_form("Café au lait")
    assert normal_form(unicodedata.normalize("NFD", copy)) == normal_form("Café au lait")


@pytest.mark.parametrize("other", ["Cafe au lait", "Café au lait.", "Caféaulait"])
def test_other_texts_are_not(other: str) -> None:
    assert normal_form(other) != normal_form("Café au lait")


@pytest.mark.parametrize("digests", [[], [5], [5, 5], [2, -1, 2, 7, -1]])
def test_distinct(digests: list[int]) -> None:
    assert distinct(digests).tolist() == sorted(set(digests))
    assert distinct(digests).dtype == np.int64
