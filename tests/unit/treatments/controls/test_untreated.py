import toys
from isogloss.treatments import Untreated


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
