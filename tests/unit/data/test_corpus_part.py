import numpy as np
import pytest

from isogloss.core import InputError
from isogloss.data import CorpusPart
from unit.evaluation.toys import letter_corpus

LENGTH = 12


def divided(n_tokens: int, share: float) -> tuple[CorpusPart, CorpusPart]:
    return CorpusPart.divide(letter_corpus(n_tokens), LENGTH, share, where="text of xx")


@pytest.mark.parametrize("share", [0.01, 0.1, 0.5])
def test_the_parts_are_the_whole_and_do_not_touch(share: float) -> None:
    trained, held_out = divided(400, share)
    corpus = letter_corpus(400)
    whole = corpus.rows(np.arange(corpus.windows(LENGTH)), LENGTH)
    rows = [part.rows(np.arange(part.windows(LENGTH)), LENGTH) for part in (trained, held_out)]
    assert np.array_equal(np.concatenate(rows), whole)
    assert len(rows[1]) == np.ceil(len(whole) * share)
    assert trained.n_tokens + held_out.n_tokens == len(whole) * (LENGTH - 1)


def test_a_part_that_leaves_nothing_is_refused() -> None:
    with pytest.raises(InputError, match=r"2 sequences of 12 tokens, 2 of them held out.*of xx"):
        divided(24, 0.9)
