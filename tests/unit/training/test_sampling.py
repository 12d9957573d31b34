import numpy as np
import pytest
import torch

import toys
from isogloss.core import Language
from isogloss.data import EncodedExample, TextSampler
from isogloss.training import BuildContext, TaskSampling, TextSampling
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


def test_homogeneous_batches_hold_one_language() -> None:
    sampler = TextSampling(0.0, homogeneous=True).build(toys.context(toys.plan()))
    languages = [sampler.batch(update).language for update in range(6)]
    assert all(len(one.unique()) == 1 for one in languages)
    assert {int(one[0]) for one in languages} == {0, 1}


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
