import pytest

from isogloss.core import InputError
from isogloss.study.plan.measures import measured_with_run, measures_of
from unit.study import toys


def test_every_study_makes_those_that_are_not_on_request() -> None:
    assert measures_of(toys.spec()) == ("confounds", "conflict")
    assert measured_with_run(toys.spec(), "finetune") == ()


def test_what_is_named_is_made_by_the_runs_of_its_stages() -> None:
    spec = toys.spec(tasks=["pos"], measurements=["forgetting"])
    assert measures_of(spec) == ("confounds", "conflict", "forgetting")
    assert measured_with_run(spec, "finetune") == ("forgetting",)
    assert measured_with_run(spec, "pretrain") == ()


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["forgeting"], "Did you mean `forgetting`"),
        (["conflict"], "it is made anyway"),
        (["forgetting", "forgetting"], "each once"),
    ],
)
def test_what_cannot_be_asked_is_refused(names: list[str], said: str) -> None:
    with pytest.raises(InputError, match=said):
        toys.spec(tasks=["pos"], measurements=names)


def test_a_study_without_fine_tunings_cannot_measure_them() -> None:
    with pytest.raises(InputError, match="Add `tasks`"):
        toys.spec(tasks=[], measurements=["forgetting"])
