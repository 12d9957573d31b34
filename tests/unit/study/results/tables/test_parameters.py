import pytest

from isogloss.core import TABLES
from isogloss.study import Run, StudyPlan
from isogloss.study.results.outcomes import Outcomes
from isogloss.study.results.tables import parameters
from unit.study.toys import BASE, OTHER, outcomes


@pytest.fixture
def made(full_plan: StudyPlan) -> Outcomes:
    """Runs that counted their models' parameters: adapters have 40 for each language."""
    whole = outcomes(full_plan, lambda run, cell: 0.5)
    for outcome in whole.by_run.values():
        if outcome.run.stage == "pretrain":
            outcome.result["parameters"] = list(map(dict, counted(outcome.run)))
    return whole


def counted(run: Run) -> list[dict[str, object]]:
    return [
        {"language": str(one), "shared": 100, "language_specific": 40 * len(run.plan.modules)}
        for one in run.plan.languages
    ]


def test_one_row_a_treatment_mixture_and_language(made: Outcomes) -> None:
    table = parameters(made)
    assert tuple(table) == TABLES["parameters"].columns
    assert not table.duplicated(list(TABLES["parameters"].columns[:3])).any()
    assert len(table) == 3 * 2 + 2, "three joint treatments, and each language alone"
    adapters = table[table["treatment"] == "language_adapters"]
    assert adapters["language"].tolist() == [str(BASE), str(OTHER)]
    assert set(adapters["mixture"]) == {f"{BASE}+{OTHER}"}
    assert set(adapters["language_specific"]) == {40}
    alone = table[table["treatment"] == "monolingual"]
    assert (alone["mixture"] == alone["language"]).all()


def test_runs_from_before_they_were_counted(full_plan: StudyPlan) -> None:
    table = parameters(outcomes(full_plan, lambda run, cell: 0.5))
    assert tuple(table) == TABLES["parameters"].columns
    assert table.empty
