"""Finished runs as arrays: what every table of a study is computed from."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from isogloss.core import Language
from isogloss.diagnosis import CONFLICT_FILE
from isogloss.evaluation import Cell, read_predictions
from isogloss.study.plan.runs import Role, Run, StudyPlan
from isogloss.study.store.run_folder import run_folder
from isogloss.training import read_metrics

Counts = NDArray[np.float64]


@dataclass(frozen=True)
class Outcome:
    """What a finished run left behind.

    Attributes:
        run: its description.
        result: content of `result.json`.
        counts: per-example counts, shape [n_examples, k], of each cell.
        conflict: measurements of the languages' gradients, rows of `conflict_row`.
    """

    run: Run
    result: dict[str, Any]
    counts: dict[Cell, Counts]
    conflict: list[dict[str, Any]] = field(default_factory=list)

    def updates_on(self, language: Language) -> float:
        """Return the updates' worth of rows that the run spent on a language."""
        rows = self.result["rows"]
        of_groups = self.run.groups and language == self.run.source_language
        n_rows = sum(rows.values()) if of_groups else rows.get(str(language), 0)
        return float(n_rows) / self.run.plan.rows


@dataclass(frozen=True)
class Outcomes:
    """All finished runs of a study, and what they stand for.

    Attributes:
        roles: of the runs that finished.
        by_run: outcome of each run.
        stage: of the runs that the treatments were applied to.
        stuck: pretrainings and languages that have not left the unigram plateau.
        destroyed: pretrainings and fine-tunings that destroyed the checkpoint they started from.
    """

    roles: list[Role]
    by_run: dict[str, Outcome]
    stage: str = "pretrain"
    stuck: frozenset[tuple[str, str]] = frozenset()
    destroyed: frozenset[str] = frozenset()

    @property
    def shares_bases(self) -> bool:
        """Whether trainings of one seed start from one model, whatever their treatment."""
        return self.stage == "finetune"

    def select(self, **wanted: object) -> list[Role]:
        """Return the roles whose attributes equal `wanted`, by seed."""
        found = [
            role
            for role in self.roles
            if all(getattr(role, key) == value for key, value in wanted.items())
        ]
        return sorted(found, key=lambda role: role.seed)

    def counts(self, roles: list[Role], cell: Cell) -> Counts | None:
        """Return the counts of one cell over the seeds, shape [seeds, n_examples, k], or None.

        Of two runs of a seed (fine-tuned for tests on the language and for zero-shot tests) one
        measured the cell.
        """
        having = [role for role in roles if cell in self.by_run[role.run_id].counts]
        if not having or {role.seed for role in having} != {role.seed for role in roles}:
            return None
        return np.stack([self.by_run[role.run_id].counts[cell] for role in having])

    def on_plateau(self, roles: list[Role], cell: Cell) -> bool:
        """Return whether a model of some roles has not left the plateau in a language of a cell.

        The plateau of a model that started from a checkpoint is one of its masked-LM head: what its
        encoder knows for other tasks it brought.
        """
        bases = self._bases(roles)
        if cell.task != "masked_lm":
            bases = {base for base in bases if self.by_run[base].run.starts_from is None}
        languages = {str(cell.source_language), str(cell.target_language)}
        return any((base, name) in self.stuck for base in bases for name in languages)

    def is_destroyed(self, roles: list[Role]) -> bool:
        """Return whether a model of some roles rests on a training that destroyed its start."""
        runs = {role.run_id for role in roles}
        return not self.destroyed.isdisjoint(runs | self._bases(roles))

    def _bases(self, roles: list[Role]) -> set[str]:
        """Return the pretrainings that some roles rest on."""
        runs = (self.by_run[role.run_id].run for role in roles)
        return {run.run_id if run.stage == "pretrain" else str(run.starts_from) for run in runs}

    def judged_by(self, confounds: pd.DataFrame) -> "Outcomes":
        """Return them with what the table of confounds says against them."""
        worse = confounds[confounds["destroyed"].eq(True)]
        destroyed = frozenset(worse["run_id"]) | self.destroyed_in_finetuning().keys()
        return replace(self, stuck=_stuck_on_plateau(confounds), destroyed=destroyed)

    def destroyed_in_finetuning(self) -> dict[str, Outcome]:
        """Return the fine-tunings that destroyed the checkpoint they started from."""
        return {
            run_id: one
            for run_id, one in self.by_run.items()
            if one.run.stage == "finetune" and one.result.get("guard", {}).get("destroyed")
        }

    def trained(self, role: Role) -> Outcome:
        """Return the training behind a role's scores: a pretraining, or the fine-tuning itself."""
        outcome = self.by_run[role.run_id]
        return self._parent(outcome) if outcome.run.stage == "score" else outcome

    def treated(self, role: Role) -> Outcome:
        """Return the training that was treated: a role's pretraining, or its fine-tuning."""
        outcome = self.by_run[role.run_id]
        return self.trained(role) if self.stage == "finetune" else self._parent(outcome)

    def _parent(self, outcome: Outcome) -> Outcome:
        assert outcome.run.starts_from is not None
        return self.by_run[outcome.run.starts_from]


def read_outcomes(plan: StudyPlan, study: Path) -> Outcomes:
    """Read the finished runs of a plan; roles of unfinished runs are left out."""
    by_run = {
        run_id: _read(run, study)
        for run_id, run in plan.runs.items()
        if run_folder(study, run_id).is_finished()
        # A run whose parent was taken away waits for it: its score has no provenance.
        and (run.starts_from is None or run_folder(study, run.starts_from).is_finished())
    }
    return Outcomes([role for role in plan.roles if role.run_id in by_run], by_run, plan.treated)


def _read(run: Run, study: Path) -> Outcome:
    """Read one finished run."""
    folder = run_folder(study, run.run_id)
    counts = {table.cell: table.counts for table in read_predictions(folder.predictions)}
    measured = read_metrics(folder.path, CONFLICT_FILE)
    return Outcome(run, folder.read_result(), counts, measured)


def _stuck_on_plateau(confounds: pd.DataFrame) -> frozenset[tuple[str, str]]:
    """Return the pretrainings and languages that have not left the unigram plateau."""
    stuck = confounds[confounds["left_plateau"].eq(False)]
    return frozenset(zip(stuck["run_id"], stuck["language"], strict=True))
