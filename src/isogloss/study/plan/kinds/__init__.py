"""The kinds of study: what the treatments are applied to, and so what is planned, asked and told.

A kind is one file and one row. The file has a final class of `StudySpec`: the keys that only this
kind has, what contradicts it, its words. The planner stands below it, or in a file of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from isogloss.study.plan.joint_finetuning import plan_joint_finetuning
from isogloss.study.plan.kinds.treated_finetuning import TreatedFinetuning
from isogloss.study.plan.kinds.treated_pretraining import (
    TreatedPretraining,
    plan_treated_pretraining,
)
from isogloss.study.plan.runs import Choice, StudyPlan
from isogloss.study.spec.spec import StudySpec
from isogloss.study.store.prepared import Prepared


class Planner(Protocol):
    """Contract of a planner: from a spec of its kind to runs and the roles that they play."""

    def __call__(self, spec: StudySpec, prepared: Prepared, chosen: dict[Choice, int]) -> StudyPlan:
        """Return the plan.

        Args:
            spec: of the study.
            prepared: material, for budgets and numbers of examples.
            chosen: for treatments with several candidates, the index of the chosen one; where it
                is missing, only the settings' trainings on the choice seed are planned.
        """
        ...


@dataclass(frozen=True)
class StudyKind:
    """A kind of study.

    Attributes:
        spec: class of its specs, with everything that differs by kind.
        plan: its planner.
    """

    spec: type[StudySpec]
    plan: Planner


# `treat` of a study file -> its kind.
STUDY_KINDS: Final[Mapping[str, StudyKind]] = {
    "pretraining": StudyKind(TreatedPretraining, plan_treated_pretraining),
    "finetuning": StudyKind(TreatedFinetuning, plan_joint_finetuning),
}
