from itertools import chain
from typing import Any

import numpy as np
import pytest
import torch

from isogloss.core import InputError, Language
from isogloss.data.batches import Batch
from isogloss.data.samplers import IGNORED, EncodedExample, Sampler, TaskSampler

EN, SW, TE = (Language.parse(code) for code in ("en", "sw", "te"))
PAD, ROWS, EPOCHS = 1, 8, 3


def sampler_of(examples: dict[Language, list[EncodedExample]], **changes: Any) -> TaskSampler:
    options = {"rows": ROWS, "epochs": EPOCHS, "pad_id": PAD, "seed": 4, **changes}
    return TaskSampler(examples, options.pop("rows"), **options)


def batches_of(sampler: TaskSampler) -> list[Batch]:
    return [sampler.batch(update) for update in range(sampler.n_updates)]


def test_it_is_a_sampler(toy_examples: dict[Language, list[EncodedExample]]) -> None:
    assert isinstance(sampler_of(toy_examples), Sampler)


def test_updates_are_the_batches_of_all_epochs(
    toy_examples: dict[Language, list[EncodedExample]],
) -> None:
    sampler = sampler_of(toy_examples)
    assert sampler.updates_per_epoch == 13  # 103 examples by 8
    assert sampler.n_updates == 39


def test_each_epoch_holds_every_example_once_in_a_new_order(
    toy_examples: dict[Language, list[EncodedExample]],
) -> None:
    sampler = sampler_of(toy_examples)
    first_ids = [batch.input_ids[:, 0].tolist() for batch in batches_of(sampler)]
    epochs = [list(chain.from_iterable(first_ids[start : start + 13])) for start in (0, 13, 26)]
    every = [example.ids[0] for group in toy_examples.values() for example in group]
    assert all(sorted(epoch) == sorted(every) for epoch in epochs)
    assert epochs[0] != epochs[1] != epochs[2]


def test_rows_carry_the_language_ids_and_labels_of_their_example(
    toy_examples: dict[Language, list[EncodedExample]],
) -> None:
    language_of, example_of = {}, {}
    for index, group in enumerate(toy_examples.values()):
        for example in group:
            language_of[example.ids[0]], example_of[example.ids[0]] = index, example
    for batch in batches_of(sampler_of(toy_examples)):
        for row, first in enumerate(batch.input_ids[:, 0].tolist()):
            example, n = example_of[first], len(example_of[first].ids)
            assert batch.language[row] == language_of[first]
            assert batch.input_ids[row, :n].tolist() == list(example.ids)
            assert batch.labels[row, :n].tolist() == list(example.labels)
            assert (batch.input_ids[row, n:] == PAD).all()
            assert (batch.labels[row, n:] == IGNORED).all()
            if batch.attention_mask is not None:
                assert batch.attention_mask[row].tolist() == [1] * n + [0] * (
                    len(batch.labels[row]) - n
                )


def test_a_batch_is_as_wide_as_its_longest_row_and_masked_only_where_padded(
    toy_examples: dict[Language, list[EncodedExample]],
) -> None:
    for batch in batches_of(sampler_of(toy_examples)):
        assert (batch.input_ids[:, -1] != PAD).any()
        assert (batch.attention_mask is None) == bool((batch.input_ids != PAD).all())
        assert (batch.language.diff() >= 0).all()


def test_lengths_are_bucketed(toy_examples: dict[Language, list[EncodedExample]]) -> None:
    """Sorted within a pool, rows are padded far less than in random batches."""
    padding = sum(
        int((batch.input_ids == PAD).sum()) for batch in batches_of(sampler_of(toy_examples))
    )
    lengths = [len(example.ids) for group in toy_examples.values() for example in group]
    random = sum(max(chunk) * len(chunk) - sum(chunk) for chunk in np.array_split(lengths, 13))
    assert padding / EPOCHS < 0.35 * random


def test_batches_are_not_in_order_of_length(
    toy_examples: dict[Language, list[EncodedExample]],
) -> None:
    widths = [batch.input_ids.shape[1] for batch in batches_of(sampler_of(toy_examples))[:13]]
    assert widths != sorted(widths)


def test_pools_bound_what_is_sorted_together(
    toy_examples: dict[Language, list[EncodedExample]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("isogloss.data.samplers.task._POOL_BATCHES", 1)
    shuffled = batches_of(sampler_of(toy_examples))[:13]
    assert sum(len(batch.input_ids) for batch in shuffled) == 103
    assert np.mean([batch.input_ids.shape[1] for batch in shuffled]) > 16


def test_a_fresh_object_draws_the_same_batch_in_any_order(
    toy_examples: dict[Language, list[EncodedExample]],
) -> None:
    first, second = sampler_of(toy_examples), sampler_of(toy_examples)
    forward = batches_of(first)
    for update in reversed(range(second.n_updates)):
        assert torch.equal(second.batch(update).input_ids, forward[update].input_ids)


def test_seeds_differ(toy_examples: dict[Language, list[EncodedExample]]) -> None:
    one, other = (sampler_of(toy_examples, seed=seed) for seed in (1, 2))
    firsts = [[b.input_ids[:, 0].tolist() for b in batches_of(sampler)] for sampler in (one, other)]
    assert firsts[0] != firsts[1]


@pytest.mark.parametrize("n_updates", [0, 1, 7, 13, 20, 39])
def test_budgets_are_the_rows_drawn(
    toy_examples: dict[Language, list[EncodedExample]], n_updates: int
) -> None:
    sampler = sampler_of(toy_examples)
    drawn = np.zeros(2, dtype=np.int64)
    for update in range(n_updates):
        drawn += np.bincount(sampler.batch(update).language, minlength=2)
    assert sampler.rows_per_language(n_updates).tolist() == drawn.tolist()


def test_all_epochs_draw_every_example_of_every_language(
    toy_examples: dict[Language, list[EncodedExample]],
) -> None:
    sampler = sampler_of(toy_examples)
    assert sampler.rows_per_language(sampler.n_updates).tolist() == [210, 99]


def test_languages_of_the_model_number_the_rows(
    toy_examples: dict[Language, list[EncodedExample]],
) -> None:
    sampler = sampler_of({SW: toy_examples[SW]}, languages=(EN, TE, SW))
    assert sampler.languages == (EN, TE, SW)
    assert sampler.batch(0).language.tolist() == [2] * ROWS
    assert sampler.rows_per_language(sampler.n_updates).tolist() == [0, 0, 99]


def test_examples_of_a_language_the_model_lacks_are_refused(
    toy_examples: dict[Language, list[EncodedExample]],
) -> None:
    with pytest.raises(ValueError, match=r"swa-Latn|not in"):
        sampler_of(toy_examples, languages=(EN,))


def test_texts_have_one_label_a_row() -> None:
    examples = {EN: [EncodedExample((0, 5, 2), 1), EncodedExample((0, 5, 6, 2), 0)]}
    batch = sampler_of(examples, rows=2).batch(0)
    assert batch.labels.shape == (2,)
    assert batch.labels.dtype == torch.int64
    assert sorted(batch.labels.tolist()) == [0, 1]


def test_equal_lengths_need_no_mask() -> None:
    examples = {EN: [EncodedExample((0, 5, 2), 1)] * 4}
    assert sampler_of(examples, rows=2).batch(0).attention_mask is None


def test_words_and_texts_do_not_mix() -> None:
    examples = {EN: [EncodedExample((0, 2), 1), EncodedExample((0, 2), (1, 1))]}
    with pytest.raises(ValueError, match="one label a word, or one label a text"):
        sampler_of(examples)


@pytest.mark.parametrize("languages", [{}, {EN: []}])
def test_no_examples_are_refused(languages: dict[Language, list[EncodedExample]]) -> None:
    with pytest.raises(InputError, match="labelled examples of every language"):
        sampler_of(languages)


def test_the_language_without_examples_is_named(
    toy_examples: dict[Language, list[EncodedExample]],
) -> None:
    with pytest.raises(InputError, match="tel-Telu"):
        sampler_of({**toy_examples, TE: []})


@pytest.mark.parametrize("change", [{"rows": 0}, {"epochs": 0}])
def test_no_rows_or_epochs_are_refused(
    toy_examples: dict[Language, list[EncodedExample]], change: dict[str, int]
) -> None:
    with pytest.raises(InputError, match="rows >= 1 and epochs >= 1"):
        sampler_of(toy_examples, **change)
