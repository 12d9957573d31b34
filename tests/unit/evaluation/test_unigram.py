import math

import numpy as np
import pytest

from isogloss.evaluation import unigram_nats


def test_by_hand() -> None:
    # Train 0 twice, 1 once, plus one each: 3/6, 2/6, 1/6.
    expected = -(math.log(1 / 2) + math.log(1 / 3) + math.log(1 / 6)) / 3
    assert np.isclose(unigram_nats([0, 0, 1], [0, 1, 2], 3), expected, atol=1e-12)


def test_special_pieces_do_not_count() -> None:
    plain = unigram_nats([2, 2, 3], [2, 3], 4, ignore=[0, 1])
    with_special = unigram_nats([2, 0, 2, 0, 3, 1], [0, 2, 3, 1], 4, ignore=[0, 1])
    assert np.isclose(plain, with_special)


def test_near_the_entropy_on_much_text(rng: np.random.Generator) -> None:
    shares = np.array([0.5, 0.25, 0.125, 0.125])
    train, dev = (rng.choice(4, 100_000, p=shares).astype(np.uint16) for _ in range(2))
    assert np.isclose(unigram_nats(train, dev, 4), 1.75 * math.log(2), atol=0.01)


def test_chunks_do_not_matter(rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch) -> None:
    train, dev = rng.integers(0, 9, (2, 1_000))
    whole = unigram_nats(train, dev, 9)
    monkeypatch.setattr("isogloss.evaluation.unigram._CHUNK", 64)
    assert unigram_nats(train, dev, 9) == whole


def test_no_held_out_text() -> None:
    with pytest.raises(ValueError, match="Found none"):
        unigram_nats([1, 2], [0, 0], 3, ignore=[0])
