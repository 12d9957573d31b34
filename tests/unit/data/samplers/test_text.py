from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from isogloss.core import InputError, Language
from isogloss.data.corpora import EncodedCorpus, encode_corpus
from isogloss.data.samplers import Sampler, TextSampler
from isogloss.data.samplers.text import _generator
from isogloss.data.tokenizers import Tokenizer

ROWS, LENGTH = 8, 12


def sampler_of(corpora: dict[Language, EncodedCorpus], **changes: Any) -> TextSampler:
    options = {"rows": ROWS, "length": LENGTH, "exponent": 0.7, "seed": 3, **changes}
    return TextSampler(corpora, options.pop("rows"), options.pop("length"), **options)


def rows_of(sampler: TextSampler, language: Language, n_updates: int) -> Tensor:
    """Every row of one language in the first updates, in order."""
    index = sampler.languages.index(language)
    drawn = [sampler.batch(update) for update in range(n_updates)]
    return torch.cat([batch.input_ids[batch.language == index] for batch in drawn])


def test_it_is_a_sampler(toy_corpora: dict[Language, EncodedCorpus]) -> None:
    sampler = sampler_of(toy_corpora)
    assert isinstance(sampler, Sampler)
    assert sampler.languages == tuple(toy_corpora)


def test_a_batch_has_cls_no_padding_and_languages_together(
    toy_corpora: dict[Language, EncodedCorpus], toy_tokenizer: Tokenizer
) -> None:
    batch = sampler_of(toy_corpora).batch(5)
    assert batch.input_ids.shape == (ROWS, LENGTH)
    assert batch.input_ids.dtype == batch.language.dtype == torch.int64
    assert (batch.input_ids[:, 0] == toy_tokenizer.cls_id).all()
    assert batch.attention_mask is None
    assert batch.labels is None
    assert (batch.language.diff() >= 0).all()


def test_a_fresh_object_draws_the_same_batch_in_any_order(
    toy_corpora: dict[Language, EncodedCorpus],
) -> None:
    first, second = sampler_of(toy_corpora), sampler_of(toy_corpora)
    updates = range(60)
    forward = {update: first.batch(update) for update in updates}
    for update in reversed(updates):
        again = second.batch(update)
        assert torch.equal(again.input_ids, forward[update].input_ids)
        assert torch.equal(again.language, forward[update].language)


def test_permutations_are_pinned() -> None:
    """The same in every process and on every machine: Python's `hash` would not be."""
    order = _generator(3, Language.parse("te"), 1).permutation(12).tolist()
    assert order == [0, 6, 8, 2, 7, 11, 1, 5, 9, 4, 10, 3]


def test_a_language_reads_the_same_rows_whoever_stands_beside_it(
    toy_corpora: dict[Language, EncodedCorpus],
) -> None:
    joint = sampler_of(toy_corpora)
    for index, language in enumerate(toy_corpora):
        alone = sampler_of({language: toy_corpora[language]}, rows=3)
        together = rows_of(joint, language, 40)
        n_rows = len(together)
        assert n_rows == joint.rows_per_language(40)[index]
        assert torch.equal(rows_of(alone, language, -(-n_rows // 3))[:n_rows], together)


def test_the_order_of_languages_only_numbers_them(
    toy_corpora: dict[Language, EncodedCorpus],
) -> None:
    turned = dict(reversed(toy_corpora.items()))
    for language in toy_corpora:
        one = rows_of(sampler_of(toy_corpora), language, 30)
        other = rows_of(sampler_of(turned), language, 30)
        shorter = min(len(one), len(other))
        assert shorter > 0
        assert torch.equal(one[:shorter], other[:shorter])


def test_each_pass_reads_every_window_once_in_a_new_order(
    toy_corpora: dict[Language, EncodedCorpus],
) -> None:
    language, corpus = next(iter(toy_corpora.items()))
    n_windows = corpus.windows(LENGTH)
    sampler = sampler_of({language: corpus}, rows=n_windows)
    every = corpus.rows(np.arange(n_windows), LENGTH)
    passes = [sampler.batch(update).input_ids.numpy() for update in range(3)]
    for read in passes:
        assert sorted(map(tuple, read)) == sorted(map(tuple, every))
    assert not np.array_equal(passes[0], passes[1])
    assert not np.array_equal(passes[0], every)


def test_a_batch_larger_than_a_corpus_spans_passes(
    toy_corpora: dict[Language, EncodedCorpus],
) -> None:
    small = min(toy_corpora, key=lambda language: toy_corpora[language].n_tokens)
    corpus = toy_corpora[small]
    n_windows = corpus.windows(LENGTH)
    large = sampler_of({small: corpus}, rows=2 * n_windows + 1).batch(0).input_ids
    single = sampler_of({small: corpus}, rows=1)
    one_by_one = [single.batch(update).input_ids for update in range(2 * n_windows + 1)]
    assert torch.equal(large, torch.cat(one_by_one))


@given(n_updates=st.integers(0, 200), exponent=st.floats(0, 2))
def test_budgets_are_the_rows_drawn(
    toy_corpora: dict[Language, EncodedCorpus], n_updates: int, exponent: float
) -> None:
    sampler = sampler_of(toy_corpora, exponent=exponent)
    step = sampler.rows_per_language(n_updates + 1) - sampler.rows_per_language(n_updates)
    drawn = np.bincount(sampler.batch(n_updates).language, minlength=len(toy_corpora))
    assert drawn.tolist() == step.tolist()
    assert sampler.rows_per_language(n_updates).sum() == n_updates * ROWS


def test_exponents_set_the_shares(toy_corpora: dict[Language, EncodedCorpus]) -> None:
    uniform = sampler_of(toy_corpora, exponent=0).rows_per_language(30)
    assert uniform.tolist() == [80, 80, 80]
    sizes = np.array([corpus.n_tokens for corpus in toy_corpora.values()])
    proportional = sampler_of(toy_corpora, exponent=1).rows_per_language(1000)
    assert proportional / 8000 == pytest.approx(sizes / sizes.sum(), abs=2 / 8000)


def test_seeds_differ(toy_corpora: dict[Language, EncodedCorpus]) -> None:
    one, other = (sampler_of(toy_corpora, seed=seed).batch(0).input_ids for seed in (1, 2))
    assert not torch.equal(one, other)


def test_hostile_codes_are_only_names(toy_corpora: dict[Language, EncodedCorpus]) -> None:
    corpus = next(iter(toy_corpora.values()))
    hostile = [Language("t\ne", "../x"), Language("te", "<b>"), Language("adapter", "")]
    sampler = sampler_of(dict.fromkeys(hostile, corpus), exponent=0)
    first = [rows_of(sampler, language, 3) for language in hostile]
    assert not torch.equal(first[0][:4], first[1][:4])


def test_a_short_corpus_is_refused_by_name(
    toy_corpora: dict[Language, EncodedCorpus], toy_tokenizer: Tokenizer, tmp_path: Path
) -> None:
    short = encode_corpus(["the cat"], toy_tokenizer, tmp_path / "short")
    languages = {**toy_corpora, Language.parse("fi"): short}
    message = rf"at least 11 tokens.*Found {short.n_tokens} tokens.*fin-Latn"
    with pytest.raises(InputError, match=message):
        sampler_of(languages)


@pytest.mark.parametrize(("rows", "length"), [(0, 8), (-1, 8), (4, 1)])
def test_impossible_shapes_are_refused(
    toy_corpora: dict[Language, EncodedCorpus], rows: int, length: int
) -> None:
    with pytest.raises(InputError, match="rows >= 1 and length >= 2"):
        sampler_of(toy_corpora, rows=rows, length=length)


@pytest.mark.parametrize("exponent", [-1, float("nan")])
def test_an_exponent_out_of_range_is_refused(
    toy_corpora: dict[Language, EncodedCorpus], exponent: float
) -> None:
    with pytest.raises(InputError, match="exponent >= 0"):
        sampler_of(toy_corpora, exponent=exponent)
