from collections import Counter

import numpy as np
import pytest
import torch

from isogloss.core import InputError, Language
from isogloss.data.samplers import EncodedExample, MixedTaskSampler, Sampler

EN, SW, TE = (Language.parse(code) for code in ("en", "sw", "te"))
ROWS, BLOCK = 8, 50


def group(first: int, size: int) -> list[EncodedExample]:
    """Return examples of 2 to 20 pieces; the first piece tells which one it is."""
    lengths = np.random.default_rng(first).integers(1, 20, size)
    return [
        EncodedExample((first + index, *[3] * int(length)), (0, *[0] * int(length)))
        for index, length in enumerate(lengths)
    ]


EXAMPLES = {EN: group(1000, 90), SW: group(2000, 10)}


def sampler(exponent: float = 0.5, seed: int = 1) -> MixedTaskSampler:
    return MixedTaskSampler(
        EXAMPLES, ROWS, exponent=exponent, pad_id=0, seed=seed, languages=(TE, EN, SW)
    )


def test_it_is_a_sampler_and_a_function_of_the_update() -> None:
    one, other = sampler(), sampler()
    assert isinstance(one, Sampler)
    assert one.languages == (TE, EN, SW)
    later = one.batch(70).input_ids
    assert torch.equal(one.batch(3).input_ids, other.batch(3).input_ids)
    assert torch.equal(other.batch(70).input_ids, later)
    assert not torch.equal(sampler(seed=2).batch(70).input_ids, later)


@pytest.mark.parametrize(("exponent", "shares"), [(0.0, (1, 1)), (0.5, (3, 1)), (1.0, (9, 1))])
def test_batches_are_full_and_shares_exact(exponent: float, shares: tuple[int, int]) -> None:
    made = sampler(exponent)
    counted = np.zeros(3, dtype=int)
    for update in range(2 * BLOCK):
        batch = made.batch(update)
        assert len(batch.language) == ROWS
        counted += np.bincount(batch.language, minlength=3)
        assert made.rows_per_language(update + 1).tolist() == counted.tolist()
    expected = [2 * BLOCK * ROWS * share / sum(shares) for share in shares]
    assert counted[0] == 0
    assert counted[1:] == pytest.approx(expected, abs=1)


def test_a_language_goes_through_all_its_examples_before_any_comes_again() -> None:
    made = sampler(exponent=1.0)
    seen = Counter(
        int(piece) for update in range(BLOCK) for piece in made.batch(update).input_ids[:, 0]
    )
    english, swahili = made.rows_per_language(BLOCK)[1:].tolist()
    for first, size, drawn in ((1000, 90, english), (2000, 10, swahili)):
        counts = [seen[first + index] for index in range(size)]
        assert sum(counts) == drawn
        assert set(counts) <= {drawn // size, -(-drawn // size)}


def test_rows_of_a_batch_are_of_like_length() -> None:
    made = sampler(exponent=1.0)
    batches = [made.batch(update) for update in range(BLOCK)]
    padded = sum(batch.input_ids.numel() for batch in batches)
    real = sum(int((batch.input_ids != 0).sum()) for batch in batches)
    assert real / padded > 0.8, "in random order about half is padding"


def test_a_language_reads_the_same_examples_whatever_its_company() -> None:
    """Equal rows from equal streams: the control differs from the joint run by nothing else."""
    joint = sampler(exponent=0.0)
    alone = MixedTaskSampler({SW: EXAMPLES[SW]}, ROWS // 2, exponent=0.0, pad_id=0, seed=1)
    theirs = Counter(
        int(piece)
        for update in range(BLOCK)
        for batch in [joint.batch(update)]
        for piece in batch.input_ids[batch.language == 2, 0]
    )
    ours = Counter(int(p) for u in range(BLOCK) for p in alone.batch(u).input_ids[:, 0])
    assert theirs == ours


def test_nothing_to_draw_from_is_refused() -> None:
    with pytest.raises(InputError, match="labelled examples of every language"):
        MixedTaskSampler({EN: []}, ROWS, exponent=1.0, pad_id=0)
    with pytest.raises(InputError, match="rows >= 1"):
        MixedTaskSampler(EXAMPLES, 0, exponent=1.0, pad_id=0)
