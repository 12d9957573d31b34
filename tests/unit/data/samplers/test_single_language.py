import numpy as np
import pytest
import torch

from isogloss.core import Language
from isogloss.data.corpora import EncodedCorpus
from isogloss.data.samplers import (
    EncodedExample,
    Sampler,
    SingleLanguageSampler,
    TaskSampler,
    TextSampler,
)

ROWS, LENGTH = 4, 16
TE = Language.parse("te")


def of_text(corpora: dict[Language, EncodedCorpus], seed: int = 4) -> SingleLanguageSampler:
    return SingleLanguageSampler(
        alone(corpora),
        dict.fromkeys(corpora, 1.0),
        exponent=0.0,
        block=6,
        seed=seed,
        languages=tuple(corpora),
    )


def alone(corpora: dict[Language, EncodedCorpus]) -> dict[Language, TextSampler]:
    return {one: TextSampler({one: corpora[one]}, ROWS, LENGTH, seed=4) for one in corpora}


def of_examples(examples: dict[Language, list[EncodedExample]]) -> SingleLanguageSampler:
    samplers = {
        one: TaskSampler({one: group}, 8, epochs=2, pad_id=1, seed=4)
        for one, group in examples.items()
    }
    sizes = {one: float(sampler.updates_per_epoch) for one, sampler in samplers.items()}
    block = sum(map(int, sizes.values()))
    return SingleLanguageSampler(
        samplers, sizes, exponent=1.0, block=block, seed=4, languages=(TE, *examples)
    )


def test_it_is_a_sampler(toy_corpora: dict[Language, EncodedCorpus]) -> None:
    assert isinstance(of_text(toy_corpora), Sampler)
    assert of_text(toy_corpora).languages == tuple(toy_corpora)


def test_a_batch_is_the_next_one_of_its_language_alone(
    toy_corpora: dict[Language, EncodedCorpus],
) -> None:
    sampler, monolingual = of_text(toy_corpora), list(alone(toy_corpora).values())
    seen = [0] * len(toy_corpora)
    for update in range(30):
        batch = sampler.batch(update)
        [language] = batch.language.unique().tolist()
        expected = monolingual[language].batch(seen[language])
        assert torch.equal(batch.input_ids, expected.input_ids)
        seen[language] += 1
    assert seen == [10, 10, 10]


def test_rows_are_counted_as_they_are_drawn(
    toy_corpora: dict[Language, EncodedCorpus],
    toy_examples: dict[Language, list[EncodedExample]],
) -> None:
    for sampler in (of_text(toy_corpora), of_examples(toy_examples)):
        counts = np.zeros(len(sampler.languages), dtype=np.int64)
        for update in range(20):
            assert sampler.rows_per_language(update).tolist() == counts.tolist()
            counts += np.bincount(sampler.batch(update).language, minlength=len(counts))


def test_any_batch_may_be_asked_for_in_any_order(
    toy_corpora: dict[Language, EncodedCorpus],
) -> None:
    forwards = [of_text(toy_corpora).batch(update).input_ids for update in range(12)]
    again = of_text(toy_corpora)
    for update in reversed(range(12)):
        assert torch.equal(again.batch(update).input_ids, forwards[update])


def test_an_epoch_of_labelled_examples_holds_each_once_and_zero_shot_languages_none(
    toy_examples: dict[Language, list[EncodedExample]],
) -> None:
    """70 and 33 examples by 8: nine and five batches, the last of each not full."""
    sampler = of_examples(toy_examples)
    batches = [sampler.batch(update) for update in range(14)]
    first_ids = [first for batch in batches for first in batch.input_ids[:, 0].tolist()]
    every = [example.ids[0] for group in toy_examples.values() for example in group]
    assert sorted(first_ids) == sorted(every)
    assert {int(index) for batch in batches for index in batch.language} == {1, 2}
    assert sampler.rows_per_language(14).tolist() == [0, 70, 33]
    assert all(batch.labels is not None for batch in batches)


def test_a_language_that_the_model_does_not_have(
    toy_corpora: dict[Language, EncodedCorpus],
) -> None:
    sizes = dict.fromkeys(toy_corpora, 1.0)
    with pytest.raises(ValueError, match="not in tuple"):
        SingleLanguageSampler(
            alone(toy_corpora), sizes, exponent=0.0, block=6, seed=0, languages=(TE,)
        )
