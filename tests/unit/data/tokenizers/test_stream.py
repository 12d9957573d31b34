from collections.abc import Iterator
from itertools import islice

import pytest

from isogloss.data.tokenizers import Tokenizer
from isogloss.data.tokenizers.stream import encode_stream


def test_lines_without_a_token_are_left_out(toy_tokenizer: Tokenizer) -> None:
    [(lines, ids)] = encode_stream(toy_tokenizer, ["the cat", "", " \t", "a dog"])
    assert lines == ["the cat", "a dog"]
    assert ids == toy_tokenizer.encode(lines)


def test_chunks_are_bounded_in_lines_and_characters(
    toy_tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("isogloss.data.tokenizers.stream._CHUNK_LINES", 3)
    monkeypatch.setattr("isogloss.data.tokenizers.stream._CHUNK_CHARACTERS", 20)
    lines = ["a", "a", "a", "a", "the cat sat on the mat", "a"]
    assert [len(chunk) for chunk, _ in encode_stream(toy_tokenizer, lines)] == [3, 2, 1]


def test_text_is_read_as_it_is_needed(
    toy_tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("isogloss.data.tokenizers.stream._CHUNK_LINES", 2)
    taken = []

    def endless() -> Iterator[str]:
        while True:
            taken.append(1)
            yield "the cat"

    assert len(list(islice(encode_stream(toy_tokenizer, endless()), 3))) == 3
    assert len(taken) == 6
