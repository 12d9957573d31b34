from typing import Any

import numpy as np
import pytest
import torch

import toys
from isogloss.core import InputError, Language
from isogloss.data import EncodedExample, TextSampler
from isogloss.training import (
    BuildContext,
    SingleLanguageSampling,
    TaskSampling,
    TextSampling,
    describe,
)
from isogloss.training.sampling import training_languages
from unit.evaluation.toys import LetterTokenizer


def test_text_of_the_languages_of_the_run() -> None:
    plan = toys.plan()
    more = toys.corpora((*plan.languages, Language.parse("te")))
    context = BuildContext(plan.languages, 4, 12, 1, LetterTokenizer(), more)  # type: ignore[arg-type]
    sampler = TextSampling(0.0).build(context)
    assert isinstance(sampler, TextSampler)
    assert sampler.languages == plan.languages
    assert sampler.batch(0).input_ids.shape == (4, 12)
    assert sampler.rows_per_language(10).tolist() == [20, 20]


@pytest.mark.parametrize("exponent", [0.0, 1.0])
def test_the_exponent_shares_the_rows(exponent: float) -> None:
    plan = toys.plan()
    english, swahili = plan.languages
    material = {**toys.corpora((english,), 900), **toys.corpora((swahili,), 300)}
    context = BuildContext(plan.languages, 4, 12, 1, LetterTokenizer(), material)  # type: ignore[arg-type]
    rows = TextSampling(exponent).build(context).rows_per_language(10)
    assert rows.tolist() == ([20, 20] if exponent == 0 else [30, 10])


def test_labelled_examples_of_the_language_that_is_trained_on() -> None:
    """Fine-tuned on Swahili alone, a model of two languages still gets index 1 for its rows."""
    plan = toys.plan()
    examples = tuple(EncodedExample((2, 5 + n, 3), (-100, n % 3, -100)) for n in range(10))
    context = BuildContext(
        plan.languages,
        4,
        12,
        1,
        LetterTokenizer(),
        {plan.languages[1]: examples},  # type: ignore[arg-type]
    )
    sampler = TaskSampling(epochs=2).build(context)
    batches = [sampler.batch(update) for update in range(6)]
    assert {int(index) for batch in batches for index in batch.language} == {1}
    drawn = torch.cat([batch.input_ids[:, 1] for batch in batches])
    assert np.bincount(drawn, minlength=15)[5:].tolist() == [2] * 10, "each twice in two epochs"


def test_batches_of_one_language_hold_the_rows_of_the_mixed_ones() -> None:
    """At block ends each language has had as many rows, and the very same ones, as mixed."""
    plan = toys.plan(toys.HOSTILE)
    context = toys.context(plan)
    mixed = TextSampling(0.0)
    single = SingleLanguageSampling(mixed, block=6).build(context)
    together, apart = mixed.build(context), single
    assert apart.rows_per_language(12).tolist() == together.rows_per_language(12).tolist()
    for index in range(3):
        rows = [
            torch.cat([b.input_ids[b.language == index] for b in map(one.batch, range(12))])
            for one in (together, apart)
        ]
        assert torch.equal(*rows)


def test_the_exponent_is_that_of_the_mixed_sampler_unless_another_is_given() -> None:
    plan = toys.plan()
    english, swahili = plan.languages
    material = {**toys.corpora((english,), 900), **toys.corpora((swahili,), 300)}
    context = BuildContext(plan.languages, 4, 12, 1, LetterTokenizer(), material)  # type: ignore[arg-type]
    for exponent, rows in ((None, [24, 8]), (0.0, [16, 16])):
        sampler = SingleLanguageSampling(TextSampling(1.0), 4, exponent).build(context)
        assert sampler.rows_per_language(8).tolist() == rows


def test_labelled_examples_in_batches_of_one_language() -> None:
    """Two of three languages have examples: a round has two batches, one of each."""
    plan = toys.plan(toys.HOSTILE)
    examples = tuple(EncodedExample((2, 5 + n, 3), (-100, n % 3, -100)) for n in range(8))
    material: Any = {plan.languages[2]: examples, plan.languages[0]: examples[:4]}
    context = BuildContext(plan.languages, 4, 12, 1, LetterTokenizer(), material)  # type: ignore[arg-type]
    assert training_languages(context) == (plan.languages[0], plan.languages[2])
    sampler = SingleLanguageSampling(TaskSampling(epochs=2), exponent=0.0).build(context)
    for update in range(0, 12, 2):
        pair = [sampler.batch(number).language.unique().tolist() for number in (update, update + 1)]
        assert sorted(pair) == [[0], [2]]
    once = SingleLanguageSampling(TaskSampling(epochs=2), block=3).build(context)
    assert once.rows_per_language(3).tolist() == [4, 0, 8], "an epoch"


def test_a_sampler_that_cannot_be_divided_is_refused() -> None:
    twice = SingleLanguageSampling(SingleLanguageSampling(TextSampling(0.0)))
    with pytest.raises(InputError, match="`SingleLanguageSampling`"):
        twice.build(toys.context(toys.plan()))


def test_the_plain_samplers_are_described_as_they_always_were() -> None:
    """Their descriptions are part of the addresses of finished runs."""
    assert describe(TaskSampling(3)) == {"is": "TaskSampling", "epochs": 3}
    assert describe(TextSampling(0.5)) == {"is": "TextSampling", "exponent": 0.5}
