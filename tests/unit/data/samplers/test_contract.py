import pytest

from isogloss.core import Language
from isogloss.data.corpora import EncodedCorpus
from isogloss.data.samplers import (
    LanguageQuota,
    MixedTaskSampler,
    Sampler,
    SingleLanguageSampler,
    TaskSampler,
    TextSampler,
)
from isogloss.data.samplers.examples import EncodedExample


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
