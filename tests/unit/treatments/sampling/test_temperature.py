import dataclasses
import math

import pytest

import toys
from isogloss.core import InputError
from isogloss.training import SingleLanguageSampling, TextSampling
from isogloss.treatments import Temperature, Untreated, build_treatment


def test_one_candidate_for_each_exponent() -> None:
    one = Temperature((0.0, 0.3, 1.0))
    assert one.candidates() == (Temperature((0.0,)), Temperature((0.3,)), Temperature((1.0,)))
    samplers = [candidate.apply(toys.plan()).sampler for candidate in one.candidates()]
    assert [sampler.exponent for sampler in samplers] == [0.0, 0.3, 1.0]  # type: ignore[attr-defined]


def test_the_rest_of_the_sampler_stays() -> None:
    single = SingleLanguageSampling(TextSampling(0.5), block=7, exponent=0.5)
    changed = Temperature((0.2,)).apply(toys.plan(sampler=single)).sampler
    assert changed == dataclasses.replace(single, exponent=0.2)


def test_the_exponent_of_the_control_is_the_same_run() -> None:
    """Then nothing is trained twice, and the comparison says so."""
    treated = build_treatment("temperature", {"exponents": [0]}).apply(toys.plan())
    assert treated.fingerprint() == Untreated().apply(toys.plan()).fingerprint()


def test_a_higher_exponent_favours_the_larger_language() -> None:
    plan = toys.plan(updates=10)
    context = toys.context(plan)
    large, small = plan.languages
    context.material.update(toys.corpora((large,), 400) | toys.corpora((small,), 100))
    rows = [
        one.apply(plan).sampler.build(context).rows_per_language(10)[1].item()
        for one in Temperature((0.0, 0.3, 0.7, 1.0)).candidates()
    ]
    assert rows == sorted(rows, reverse=True)
    assert (rows[0], rows[-1]) == (20, 8), "1/2 of 40 rows, and 100 of 500 tokens"


@pytest.mark.parametrize("exponents", [(), (-0.1,), (0.5, math.nan), (math.inf,)])
def test_exponents_that_mean_nothing_are_refused(exponents: tuple[float, ...]) -> None:
    with pytest.raises(InputError, match="each >= 0") as refused:
        build_treatment("temperature", {"exponents": exponents})
    assert refused.value.where == "treatments.temperature.exponents"
