from isogloss.core import Language
from isogloss.data.corpora import EncodedCorpus
from isogloss.data.samplers import LanguageQuota, Sampler, TaskSampler, TextSampler
from isogloss.data.samplers.examples import EncodedExample


def test_samplers_honour_the_contract_and_other_things_do_not(
    toy_corpora: dict[Language, EncodedCorpus], toy_examples: dict[Language, list[EncodedExample]]
) -> None:
    text = TextSampler(toy_corpora, 2, 8)
    task = TaskSampler(toy_examples, 2, epochs=1, pad_id=1)
    assert isinstance(text, Sampler)
    assert isinstance(task, Sampler)
    assert not isinstance(LanguageQuota({text.languages[0]: 1}, 1), Sampler)


def test_every_sampler_counts_the_rows_it_draws(
    toy_corpora: dict[Language, EncodedCorpus], toy_examples: dict[Language, list[EncodedExample]]
) -> None:
    samplers = [
        TextSampler(toy_corpora, 5, 8, exponent=0.3),
        TaskSampler(toy_examples, 5, epochs=2, pad_id=1),
    ]
    for sampler in samplers:
        drawn = [0] * len(sampler.languages)
        for update in range(30):
            assert sampler.rows_per_language(update).tolist() == drawn
            for language in sampler.batch(update).language.tolist():
                drawn[language] += 1
