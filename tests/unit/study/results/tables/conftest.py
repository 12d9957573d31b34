"""A plan with every kind of run, and outcomes that a test makes by hand."""

import pytest

from isogloss.study import Prepared, StudyPlan, StudySpec, plan_study
from unit.study import toys

TREATMENTS = [
    "monolingual",
    "untreated",
    {"temperature": {"exponents": [0.5]}},
    {"language_adapters": {"bottleneck": 4}},
]


@pytest.fixture(scope="session")
def full_spec() -> StudySpec:
    """Return a study with all treatments, both matches, one task and three seeds."""
    return toys.spec(
        tasks=["pos"], seeds=[0, 1, 2], match=["language", "total"], treatments=TREATMENTS
    )


@pytest.fixture(scope="session")
def full_plan(full_spec: StudySpec, prepared: Prepared) -> StudyPlan:
    return plan_study(full_spec, prepared, {})
