import numpy as np
import pytest

from isogloss.core import InputError
from isogloss.data.testbed.lexicon import LexiconSize, make_lexicon
from isogloss.data.testbed.meanings import Meanings, UniqueMeanings
from isogloss.data.testbed.speaker import Habits, Speaker


class Parrot:
    """Says the same three clauses for ever."""

    def draw(self, n: int, rng: np.random.Generator) -> Meanings:
        numbers = np.arange(n) % 3
        grid = np.tile(numbers[:, None], (1, 4))
        return Meanings(grid, grid * 0, grid * 0 - 1, numbers)


def _rows(meanings: Meanings) -> set[bytes]:
    return {
        words.tobytes() + features.tobytes()
        for words, features in zip(meanings.lexemes, meanings.features, strict=True)
    }


def test_no_clause_twice_within_or_between_draws() -> None:
    speaker = Speaker(make_lexicon(LexiconSize()), Habits())
    unique = UniqueMeanings()
    rng = np.random.default_rng(0)
    first, second = unique.draw(speaker, 3000, rng), unique.draw(speaker, 2000, rng)
    assert (len(first), len(second)) == (3000, 2000)
    assert len(_rows(first) | _rows(second)) == 5000


def test_an_exhausted_lexicon_is_refused() -> None:
    unique = UniqueMeanings()
    assert len(unique.draw(Parrot(), 3, np.random.default_rng(0))) == 3
    with pytest.raises(InputError, match="fewer sentences"):
        unique.draw(Parrot(), 1, np.random.default_rng(0))


def test_rows_are_selected_together() -> None:
    meanings = Parrot().draw(3, np.random.default_rng(0))
    last = meanings[2:]
    assert len(last) == 1
    assert last.lexemes[0, 0] == last.topics[0] == 2
