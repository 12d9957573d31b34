"""From a study spec to its runs, by the planner of its kind; what is planned in every study."""

from collections.abc import Mapping

from isogloss.core import InputError
from isogloss.data import task_card
from isogloss.models import model_size
from isogloss.study.plan.kinds import STUDY_KINDS
from isogloss.study.plan.pretraining import head_updates, measures_masked_lm, start_run, starts
from isogloss.study.plan.runs import Choice, Run, StudyPlan
from isogloss.study.spec.spec import StudySpec
from isogloss.study.store.prepared import Prepared


def plan_study(spec: StudySpec, prepared: Prepared, chosen: dict[Choice, int]) -> StudyPlan:
    """Expand the spec into runs, by the planner of its kind; see `Planner`.

    Raises:
        InputError: the study asks for what no run could do, such as rows that the model cannot
            read.
    """
    _refuse_long_rows(spec)
    plan = STUDY_KINDS[spec.treat].plan(spec, prepared, chosen)
    _plan_starts(plan, spec, prepared)
    if "retrieval_accuracy" in spec.statistics.smallest_effect and not any(
        _retrieves(prepared, run) for run in plan.runs.values()
    ):
        plan.notes.append(
            "`statistics.smallest_effect.retrieval_accuracy` is of no use here: there are no "
            "translations to retrieve."
        )
    if not isinstance(spec.seeds, tuple):
        first = sum(run.plan.seed < spec.seeds.first for run in plan.runs.values())
        plan.notes.append(
            f"Seeds until decided: {first} runs with {spec.seeds.first} seeds at first, at most "
            f"{len(plan.runs)} with {spec.seeds.most}, as far as comparisons are open."
        )
    return plan


def _plan_starts(plan: StudyPlan, spec: StudySpec, prepared: Prepared) -> None:
    """Put the runs before the others that the pretrainings start from; say what they are for."""
    if starts(spec, prepared):
        seeds = {run.plan.seed: None for run in plan.runs.values()}
        found = (start_run(spec, prepared, seed) for seed in seeds)
        plan.runs = {run.run_id: run for run in found} | plan.runs
    updates = head_updates(spec, prepared)
    if prepared.lacks_head and updates:
        plan.notes.append(
            f"`{spec.model}` has no masked-LM head: one is made and trained alone for {updates} "
            "updates, the encoder frozen, before anything else (`pretraining.head_updates`)."
        )
    if not measures_masked_lm(spec, prepared):
        plan.notes.append(
            f"Masked LM is neither trained nor measured: `{spec.model}` has no masked-LM head, and "
            "`pretraining.head_updates` is 0."
        )


def _retrieves(prepared: Prepared, run: Run) -> bool:
    """Return whether a run retrieves translations."""
    pivot, *others = run.plan.languages
    return run.stage == "score" and any(
        prepared.has_parallel(pivot, other, run.scored_on) for other in others
    )


def _refuse_long_rows(spec: StudySpec) -> None:
    """Refuse rows that are longer than the model has positions for."""
    longest = model_size(spec.model).longest
    lengths = {"pretraining.length": spec.pretraining.length if spec.pretraining.updates else 0}
    for task in spec.tasks:
        own = spec.finetuning.tasks.get(task_card(task).base)
        key = f"tasks.{task_card(task).base}.length" if own and own.length else "length"
        lengths[f"finetuning.{key}"] = spec.finetuning.of(task).length
    for key, length in lengths.items():
        if length > longest:
            raise InputError(
                expected=f"sequences of at most {longest} tokens, as `{spec.model}` reads",
                found=f"{length}",
                where=key,
                next_step="Lower it, or take a model with more positions.",
            )


def foresee(spec: StudySpec, prepared: Prepared, chosen: Mapping[Choice, int]) -> StudyPlan:
    """Return the plan with the runs that follow a choice, as if its first candidate were chosen.

    Args:
        spec: of the study.
        prepared: material.
        chosen: the choices that are made.
    """
    plan = plan_study(spec, prepared, dict(chosen))
    if plan.open_choices:
        first = {**chosen, **dict.fromkeys(plan.open_choices, 0)}
        plan.runs |= plan_study(spec, prepared, first).runs
    return plan
