"""The plan of a study: its runs and what they stand for."""

from dataclasses import dataclass, field
from typing import Literal

from isogloss.core import Language
from isogloss.study.plan.runs import Role, Run

Mixture = tuple[Language, ...]

Choice = tuple[str, Mixture, str]
"""Label of a treatment, mixture and task ("masked_lm" for pretraining) that a setting is for."""


@dataclass
class StudyPlan:
    """The runs of a study and what they stand for.

    Attributes:
        runs: by run id; a run that several roles need is there once.
        roles: what the runs stand for.
        open_choices: run ids of the candidates, where a setting is still to be chosen by dev score
            before the rest can be planned.
        notes: what a reader should know, such as a task without data for a language.
        warnings: what makes results doubtful before anything is trained.
        treated: stage of the runs that the treatments are applied to.
    """

    runs: dict[str, Run] = field(default_factory=dict)
    roles: list[Role] = field(default_factory=list)
    open_choices: dict[Choice, list[str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    treated: Literal["pretrain", "finetune"] = "pretrain"

    def add(self, run: Run) -> str:
        """Take in a run; return its id."""
        return self.runs.setdefault(run.run_id, run).run_id
