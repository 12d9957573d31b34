import dataclasses

import pytest

import toys
from isogloss.objectives import MaskedLM, SequenceClassification, TokenClassification
from isogloss.training import (
    MaskedLMObjective,
    PairedObjective,
    Reads,
    SequenceClassificationObjective,
    TokenClassificationObjective,
)


def test_masked_lm_gets_its_rate_and_the_seed_of_the_run() -> None:
    built = MaskedLMObjective(0.15).build(toys.context(toys.plan(seed=7)))
    assert isinstance(built, MaskedLM)
    assert (built.rate, built.n_languages, built.seed) == (0.15, 2, 7)


@pytest.mark.parametrize(
    ("named", "kind"),
    [
        (TokenClassificationObjective(), TokenClassification),
        (SequenceClassificationObjective(), SequenceClassification),
    ],
)
def test_labelled_objectives_know_all_languages_of_the_model(named: object, kind: type) -> None:
    built = named.build(toys.context(toys.plan(toys.HOSTILE)))  # type: ignore[attr-defined]
    assert isinstance(built, kind)
    assert built.n_languages == 3


def test_an_update_costs_what_its_objective_does() -> None:
    @dataclasses.dataclass(frozen=True)
    class Twice(SequenceClassificationObjective):
        passes: float = 2.0

    plain = toys.paired_plan()
    assert plain.passes == 1.0
    assert dataclasses.replace(plain, objective=Twice()).passes == 2.0


def test_the_plain_objectives_read_no_translations() -> None:
    for named in (MaskedLMObjective(), SequenceClassificationObjective()):
        assert not isinstance(named, PairedObjective)
    assert Reads() == Reads("source", (), "", None)
