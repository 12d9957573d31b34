"""Seeds until decided: which runs of a plan are needed, from what is finished already.

A pure function of the plan and the study's folder: whoever starts a study again makes the same
decisions.
"""

from dataclasses import replace

from isogloss.diagnosis import MEASUREMENTS
from isogloss.study.plan.runs import Role, StudyPlan
from isogloss.study.results.outcomes import Outcomes, read_outcomes
from isogloss.study.results.tables.averages import average_rows
from isogloss.study.results.tables.comparisons import comparison_rows
from isogloss.study.results.tables.measured import measured
from isogloss.study.results.tables.mixtures import mixture_rows
from isogloss.study.results.tables.rows import design_of
from isogloss.study.results.tables.verdicts import verdict_rows
from isogloss.study.spec.spec import StudySpec
from isogloss.study.store.prepare import Prepared


def first_stage(spec: StudySpec, plan: StudyPlan) -> StudyPlan:
    """Return the part of a plan that is run whatever comes out."""
    seeds = set(spec.first_seeds)
    return _part(plan, [role for role in plan.roles if role.seed in seeds])


def needed(spec: StudySpec, prepared: Prepared, plan: StudyPlan) -> StudyPlan:
    """Return the part of a plan to be run, by what its finished runs say.

    Args:
        spec: of the study.
        prepared: material, for the measurement of the plateau.
        plan: with the runs of all seeds.
    """
    if len(design_of(spec).seeds) == 1:
        return plan
    outcomes = read_outcomes(plan, prepared.folder)
    found = measured(MEASUREMENTS["confounds"], outcomes, prepared)
    return next_stage(spec, plan, outcomes.judged_by(found))


def next_stage(spec: StudySpec, plan: StudyPlan, outcomes: Outcomes) -> StudyPlan:
    """Return the first stage and, of each comparison that is open, its next analysis.

    Args:
        spec: of the study.
        plan: with the runs of all seeds.
        outcomes: of the runs that are finished.
    """
    design = design_of(spec)
    rows = [
        *verdict_rows(spec, outcomes, []),
        *comparison_rows(spec, outcomes, []),
        *mixture_rows(spec, outcomes, []),
        *average_rows(spec, outcomes),
    ]
    wanted = {
        (_kind(role), seed)
        for row in rows
        if row.get("open")
        for role in row["roles"]
        for seed in spec.every_seed[: design.seeds[row["analysis"]]]
    }
    first = set(spec.first_seeds)
    return _part(
        plan,
        [role for role in plan.roles if role.seed in first or (_kind(role), role.seed) in wanted],
    )


def _kind(role: Role) -> tuple[object, ...]:
    """Return what a role has in common with those of other seeds."""
    model = role.treatment, role.mixture, role.learned, role.match
    return (*model, role.stage, role.task, role.source_language)


def _part(plan: StudyPlan, roles: list[Role]) -> StudyPlan:
    """Return the part of a plan that some roles need, with the candidates of its choices."""
    left = [role.run_id for role in roles]
    left += [run_id for candidates in plan.open_choices.values() for run_id in candidates]
    ids: set[str] = set()
    while left:
        run_id = left.pop()
        ids.add(run_id)
        parent = plan.runs[run_id].starts_from
        left += [parent] if parent is not None else []
    runs = {run_id: run for run_id, run in plan.runs.items() if run_id in ids}
    return replace(plan, runs=runs, roles=roles)
