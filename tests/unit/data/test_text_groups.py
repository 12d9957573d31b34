import numpy as np
import pytest

from isogloss.core import InputError
from isogloss.data import text_groups

LETTERS = ("abc", "xyz", "mno")
RNG = np.random.default_rng(5)
TEXTS = ["".join(RNG.choice(list(LETTERS[n % 3]), 30)) for n in range(60)]


def test_texts_of_like_letters_come_together() -> None:
    groups = text_groups(TEXTS, 3)
    assert {len(set(groups[kind::3].tolist())) for kind in range(3)} == {1}
    assert sorted(np.bincount(groups).tolist()) == [20, 20, 20]


def test_the_same_texts_make_the_same_groups() -> None:
    assert text_groups(TEXTS, 4).tolist() == text_groups(list(TEXTS), 4).tolist()


@pytest.mark.parametrize("n_groups", [1, 2, 5, 60])
def test_no_group_is_empty(n_groups: int) -> None:
    assert set(text_groups(TEXTS, n_groups).tolist()) == set(range(n_groups))


def test_equal_and_empty_texts_are_divided_too() -> None:
    assert set(text_groups(["same"] * 6, 3).tolist()) == {0, 1, 2}
    assert set(text_groups([""] * 3, 2).tolist()) == {0, 1}


def test_fewer_texts_than_groups_are_refused() -> None:
    with pytest.raises(InputError, match="at least as many examples as groups: 4"):
        text_groups(["a", "b"], 4)
