import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import toys
from isogloss.treatments import Monolingual, Untreated


def test_the_plan_is_left_as_it_is() -> None:
    assert Untreated().apply(toys.plan()) is not None
    assert Untreated().apply(toys.plan()) == toys.plan()
    assert Untreated().candidates() == (Untreated(),)
    assert not Untreated.separate


def test_exponent_0_gives_every_language_the_same_budget() -> None:
    """Whatever the languages' sizes: that is what `match: language` relies on."""
    plan = toys.plan(toys.HOSTILE, updates=9)
    uneven = {
        language: toys.corpora((language,), n_tokens)[language]
        for language, n_tokens in zip(plan.languages, (200, 900, 4000), strict=True)
    }
    context = toys.context(plan)
    context.material.update(uneven)
    sampler = Untreated().apply(plan).sampler.build(context)
    assert sampler.rows_per_language(9).tolist() == [12, 12, 12]


def text_of(languages: tuple, language: object, updates: int, seed: int) -> torch.Tensor:
    """Return the rows of one language that a run reads, in their order."""
    plan = toys.plan(languages, seed=seed)
    sampler = Monolingual().apply(plan).sampler.build(toys.context(plan))
    index = languages.index(language)
    batches = [sampler.batch(update) for update in range(updates)]
    return torch.cat([batch.input_ids[batch.language == index] for batch in batches])


@settings(deadline=None)
@given(st.sampled_from(toys.PAIR), st.integers(0, 1000))
def test_alone_or_together_the_same_rows_are_read_in_the_same_order(
    language: object, seed: int
) -> None:
    """30 joint updates of two languages hold the rows of 15 alone; the text is read over twice."""
    alone = text_of((language,), language, 15, seed)
    assert torch.equal(text_of(toys.PAIR, language, 30, seed), alone)
    assert torch.equal(text_of(toys.PAIR[::-1], language, 30, seed), alone)
    three = (*toys.PAIR, toys.HOSTILE[0])
    assert torch.equal(text_of(three, language, 45, seed), alone)


def test_another_seed_reads_another_order() -> None:
    english = toys.PAIR[0]
    first, second = (text_of((english,), english, 5, seed) for seed in (1, 2))
    assert not torch.equal(first, second)


def test_one_model_for_each_language_of_an_untouched_plan() -> None:
    assert Monolingual.separate
    assert Monolingual().apply(toys.plan()) == toys.plan()
    assert Monolingual().candidates() == (Monolingual(),)
