import dataclasses
from typing import Any

import pytest
import torch

from isogloss.core import Language
from isogloss.data.batches import Batch
from isogloss.data.corpora import EncodedCorpus
from isogloss.data.routing import Routing
from isogloss.data.samplers import (
    LanguageQuota,
    MixedTaskSampler,
    Sampler,
    SingleLanguageSampler,
    TaskSampler,
    TextSampler,
)
from isogloss.data.samplers.examples import EncodedExample


def a_batch(**changes: Any) -> Batch:
    whole = Batch(
        torch.arange(12).reshape(4, 3),
        torch.ones(4, 3, dtype=torch.int64),
        torch.tensor([0, 0, 1, 2]),
        torch.full((4, 3), -100),
    )
    return dataclasses.replace(whole, **changes)


def test_select_takes_the_same_rows_of_every_tensor() -> None:
    part = a_batch().select(torch.tensor([2, 0]))
    assert part.input_ids.tolist() == [[6, 7, 8], [0, 1, 2]]
    assert part.language.tolist() == [1, 0]
    assert part.attention_mask.shape == part.labels.shape == (2, 3)


def test_what_stands_beside_the_rows_goes_with_them() -> None:
    whole = a_batch(beside={"source": a_batch()})
    part = whole.select(torch.tensor([3])).to("cpu")
    assert part.beside["source"].input_ids.tolist() == [[9, 10, 11]]
    assert part.beside["source"].language.tolist() == [2]


def test_select_accepts_a_slice_and_a_mask() -> None:
    whole = a_batch()
    assert whole.select(slice(1, 3)).language.tolist() == [0, 1]
    assert whole.select(whole.language == 0).input_ids.tolist() == [[0, 1, 2], [3, 4, 5]]


def test_what_is_absent_stays_absent() -> None:
    bare = a_batch(attention_mask=None, labels=None)
    for changed in (bare.select(slice(2)), bare.to("cpu"), bare.to("meta")):
        assert changed.attention_mask is None
        assert changed.labels is None


def test_to_moves_every_tensor_but_the_languages() -> None:
    moved = a_batch().to("meta")
    tensors = (moved.input_ids, moved.attention_mask, moved.labels)
    assert {tensor.device.type for tensor in tensors} == {"meta"}
    assert moved.language.device.type == "cpu"


def test_it_knows_which_rows_belong_to_which_language() -> None:
    assert a_batch().to("meta").routing == Routing((0, 1, 2), (2, 1, 1), None)
    mixed = a_batch(language=torch.tensor([1, 0, 1, 0])).routing
    assert mixed.order is not None and mixed.order.tolist() == [1, 3, 0, 2]


def test_a_batch_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        a_batch().labels = None


def test_samplers_honour_the_contract_and_other_things_do_not(
    toy_corpora: dict[Language, EncodedCorpus], toy_examples: dict[Language, list[EncodedExample]]
) -> None:
    text = TextSampler(toy_corpora, 2, 8)
    task = TaskSampler(toy_examples, 2, epochs=1, pad_id=1)
    assert isinstance(text, Sampler)
    assert isinstance(task, Sampler)
    assert not isinstance(LanguageQuota({text.languages[0]: 1}, 1), Sampler)


def every_sampler(
    corpora: dict[Language, EncodedCorpus], examples: dict[Language, list[EncodedExample]]
) -> list[Sampler]:
    """Return one of each kind, of a model that knows one language more than there is data of."""
    three, two = (*corpora, Language.parse("yo")), (*examples, Language.parse("yo"))
    alone = {one: TextSampler({one: corpora[one]}, 5, 8, exponent=0.3) for one in corpora}
    sizes = {one: corpus.n_tokens for one, corpus in corpora.items()}
    return [
        TextSampler(corpora, 5, 8, exponent=0.3, languages=three),
        TaskSampler(examples, 5, epochs=2, pad_id=1, languages=two),
        MixedTaskSampler(examples, 5, exponent=0.3, pad_id=1, languages=two),
        SingleLanguageSampler(alone, sizes, exponent=0.3, block=4, seed=0, languages=three),
    ]


def test_a_language_is_read_once_when_each_of_its_rows_was_drawn(
    toy_corpora: dict[Language, EncodedCorpus], toy_examples: dict[Language, list[EncodedExample]]
) -> None:
    there = {one: corpus.windows(8) for one, corpus in toy_corpora.items()}
    examples = {one: len(group) for one, group in toy_examples.items()}
    for sampler in every_sampler(toy_corpora, toy_examples):
        known = examples if isinstance(sampler, TaskSampler | MixedTaskSampler) else there
        for n_updates in (0, 1, 30):
            rows = sampler.rows_per_language(n_updates)
            expected = [
                n / known.get(one, 1) for one, n in zip(sampler.languages, rows, strict=True)
            ]
            assert sampler.epochs_per_language(n_updates).tolist() == pytest.approx(expected)


def test_every_sampler_counts_the_rows_it_draws(
    toy_corpora: dict[Language, EncodedCorpus], toy_examples: dict[Language, list[EncodedExample]]
) -> None:
    for sampler in every_sampler(toy_corpora, toy_examples):
        drawn = [0] * len(sampler.languages)
        for update in range(30):
            assert sampler.rows_per_language(update).tolist() == drawn
            for language in sampler.batch(update).language.tolist():
                drawn[language] += 1
