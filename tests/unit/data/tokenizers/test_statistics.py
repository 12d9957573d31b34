import math

import pytest

from isogloss.core import InputError
from isogloss.data.tokenizers import Tokenizer, tokenizer_statistics


def test_counts_are_those_of_the_text(toy_tokenizer: Tokenizer) -> None:
    lines = ["the cat", "", "a dog ran home"]
    found = tokenizer_statistics(toy_tokenizer, lines)
    ids = [token for line in toy_tokenizer.encode(lines) for token in line]
    assert (found.n_lines, found.n_words, found.n_tokens) == (2, 6, len(ids))
    assert found.n_bytes == len("the cat\na dog ran home\n")
    assert found.fertility == len(ids) / 6
    assert found.bytes_per_token == found.n_bytes / len(ids)
    assert found.vocabulary_share == len(set(ids)) / toy_tokenizer.vocabulary_size
    assert found.unknown_rate == 0.0


def test_unigram_nats_of_equal_pieces_is_the_logarithm_of_their_number(
    toy_tokenizer: Tokenizer,
) -> None:
    lines = ["the cat", "cat the", "the cat"]
    n_pieces = len({token for line in toy_tokenizer.encode(lines) for token in line})
    found = tokenizer_statistics(toy_tokenizer, lines)
    assert found.unigram_nats == pytest.approx(math.log(n_pieces))


def test_bytes_are_utf8(toy_tokenizer: Tokenizer) -> None:
    found = tokenizer_statistics(toy_tokenizer, ["పిల్లి"])
    assert found.n_bytes == len("పిల్లి".encode()) + 1
    assert found.n_bytes == sum(
        toy_tokenizer.bytes_per_id[token] for token in toy_tokenizer.encode(["పిల్లి"])[0]
    )


def test_no_text_is_refused(toy_tokenizer: Tokenizer) -> None:
    with pytest.raises(InputError, match="no line with a token"):
        tokenizer_statistics(toy_tokenizer, ["", " "])
