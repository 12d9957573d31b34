import json
import os
import tracemalloc
from collections.abc import Callable, Iterator
from itertools import repeat
from pathlib import Path

import numpy as np
import pytest

from isogloss.core import InputError
from isogloss.data.corpora import EncodedCorpus, encode_corpus, open_corpus
from isogloss.data.tokenizers import Tokenizer

LINES = ["the cat sat", "", "a dog ran home", "   ", "the end"]


@pytest.fixture
def corpus(toy_tokenizer: Tokenizer, tmp_path: Path) -> EncodedCorpus:
    return encode_corpus(LINES, toy_tokenizer, tmp_path / "deep" / "eng.tokens")


def test_tokens_are_the_lines_each_followed_by_sep(
    corpus: EncodedCorpus, toy_tokenizer: Tokenizer
) -> None:
    kept = [line for line in LINES if line.strip()]
    expected = [
        token for ids in toy_tokenizer.encode(kept) for token in (*ids, toy_tokenizer.sep_id)
    ]
    assert corpus.tokens.tolist() == expected
    assert corpus.tokens.dtype == np.uint16
    assert (corpus.n_lines, corpus.n_tokens, corpus.n_unknown) == (3, len(expected), 0)
    assert corpus.n_bytes == sum(len(line.encode()) + 1 for line in kept)


def test_bytes_of_the_text_are_the_bytes_of_its_tokens(
    corpus: EncodedCorpus, toy_tokenizer: Tokenizer
) -> None:
    assert toy_tokenizer.bytes_per_id[corpus.tokens].sum() == corpus.n_bytes


def test_a_large_vocabulary_takes_four_bytes(
    toy_tokenizer: Tokenizer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("isogloss.data.corpora._SMALL_VOCABULARY", 10)
    wide = encode_corpus(LINES, toy_tokenizer, tmp_path / "wide")
    assert wide.tokens.dtype == np.int32
    assert (
        wide.tokens.tolist() == encode_corpus(LINES, toy_tokenizer, tmp_path / "x").tokens.tolist()
    )


def test_rows_are_cls_and_consecutive_tokens(
    corpus: EncodedCorpus, toy_tokenizer: Tokenizer
) -> None:
    length = 4
    rows = corpus.rows([1, 0], length)
    assert rows.dtype == np.int64
    assert rows[:, 0].tolist() == [toy_tokenizer.cls_id] * 2
    assert rows[0, 1:].tolist() == corpus.tokens[3:6].tolist()
    assert rows[1, 1:].tolist() == corpus.tokens[:3].tolist()


def test_windows_are_whole_and_do_not_overlap(corpus: EncodedCorpus) -> None:
    length = 4
    n_windows = corpus.windows(length)
    assert n_windows == corpus.n_tokens // 3
    read = corpus.rows(np.arange(n_windows), length)[:, 1:].ravel()
    assert read.tolist() == corpus.tokens[: 3 * n_windows].tolist()
    assert corpus.windows(10_000) == 0


def test_opened_again_it_is_the_same(corpus: EncodedCorpus, toy_tokenizer: Tokenizer) -> None:
    again = open_corpus(corpus.path, toy_tokenizer)
    assert again.summary == corpus.summary
    assert np.array_equal(again.tokens, corpus.tokens)
    assert not again.tokens.flags.writeable


def test_chunks_do_not_show(
    corpus: EncodedCorpus, toy_tokenizer: Tokenizer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("isogloss.data.tokenizers.tokenizer._CHUNK_LINES", 2)
    other = encode_corpus(iter(LINES), toy_tokenizer, tmp_path / "other")
    assert other.path.read_bytes() == corpus.path.read_bytes()
    assert other.summary == corpus.summary


@pytest.mark.parametrize("lines", [[], ["", "  "]])
def test_no_text_is_refused_and_leaves_nothing(
    toy_tokenizer: Tokenizer, tmp_path: Path, lines: list[str]
) -> None:
    with pytest.raises(InputError, match="no line with a token"):
        encode_corpus(lines, toy_tokenizer, tmp_path / "empty")
    assert list(tmp_path.iterdir()) == []


def test_a_failure_half_way_leaves_the_old_file(
    corpus: EncodedCorpus, toy_tokenizer: Tokenizer
) -> None:
    def broken() -> Iterator[str]:
        yield from LINES
        raise RuntimeError("the source failed")

    before = corpus.path.read_bytes()
    with pytest.raises(RuntimeError, match="the source failed"):
        encode_corpus(broken(), toy_tokenizer, corpus.path)
    assert corpus.path.read_bytes() == before
    assert len(list(corpus.path.parent.iterdir())) == 2


def test_text_that_cannot_be_read_is_not_blamed_on_the_token_file(
    toy_tokenizer: Tokenizer, tmp_path: Path
) -> None:
    def unreadable() -> Iterator[str]:
        yield "the cat"
        raise PermissionError(13, "Permission denied", "/text/eng.train.txt")

    with pytest.raises(InputError, match=r"Permission denied. Where: /text/eng\.train\.txt"):
        encode_corpus(unreadable(), toy_tokenizer, tmp_path / "eng")


def test_a_full_disk_is_said(
    toy_tokenizer: Tokenizer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputError, match="No space left"):
        encode_corpus(LINES, toy_tokenizer, tmp_path / "eng")
    assert list(tmp_path.iterdir()) == []


def damage_cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-2])


def damage_missing(path: Path) -> None:
    path.unlink()


def damage_sidecar_missing(path: Path) -> None:
    path.with_name(path.name + ".json").unlink()


def damage_sidecar_syntax(path: Path) -> None:
    path.with_name(path.name + ".json").write_text("{")


def damage_sidecar_keys(path: Path) -> None:
    path.with_name(path.name + ".json").write_text('{"n_tokens": 3}')


def damage_sidecar_dtype(path: Path) -> None:
    sidecar = path.with_name(path.name + ".json")
    summary = json.loads(sidecar.read_text())
    sidecar.write_text(json.dumps({**summary, "dtype": "O"}))


@pytest.mark.parametrize(
    "damage",
    [
        damage_cut,
        damage_missing,
        damage_sidecar_missing,
        damage_sidecar_syntax,
        damage_sidecar_keys,
        damage_sidecar_dtype,
    ],
)
def test_a_damaged_file_is_refused_with_the_way_out(
    corpus: EncodedCorpus, damage: Callable[[Path], None]
) -> None:
    damage(corpus.path)
    with pytest.raises(InputError, match=r"Remove `eng\.tokens`"):
        open_corpus(corpus.path)


def test_ids_of_another_tokenizer_are_refused(
    corpus: EncodedCorpus, toy_unigram: Tokenizer
) -> None:
    with pytest.raises(InputError, match="another tokenizer"):
        open_corpus(corpus.path, toy_unigram)


def peak_memory(n_lines: int, tokenizer: Tokenizer, path: Path) -> int:
    lines = repeat("the cat sat on the mat and a dog ran home to the end " * 4, n_lines)
    tracemalloc.start()
    try:
        encode_corpus(lines, tokenizer, path)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_text(
    toy_tokenizer: Tokenizer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("isogloss.data.tokenizers.tokenizer._CHUNK_CHARACTERS", 50_000)
    small, large = (peak_memory(n, toy_tokenizer, tmp_path / "big") for n in (500, 4_000))
    assert large < 1.1 * small
