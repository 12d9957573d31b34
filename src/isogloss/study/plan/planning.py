"""From a study spec to its runs: the planner of its kind, and that of treated pretraining."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from isogloss.core import InputError, Language
from isogloss.data import task_card
from isogloss.models import check_layers, model_size
from isogloss.study.plan.budgets import tell_rounded, tell_treated, treated_updates
from isogloss.study.plan.finetuning import finetuning_run, protocols
from isogloss.study.plan.joint_finetuning import plan_joint_finetuning
from isogloss.study.plan.pretraining import (
    base_plan,
    counting_context,
    head_updates,
    joint_updates,
    measures_masked_lm,
    pretraining_run,
    score_run,
    start_run,
    starts,
    updates_by_language,
)
from isogloss.study.plan.runs import Role, Run
from isogloss.study.plan.study_plan import Choice, Mixture, StudyPlan
from isogloss.study.spec.spec import StudySpec
from isogloss.study.spec.treatment_entry import CONTROLS, Setting, TreatmentEntry
from isogloss.study.store.prepared import Prepared
from isogloss.training import TrainingPlan


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


def plan_study(spec: StudySpec, prepared: Prepared, chosen: dict[Choice, int]) -> StudyPlan:
    """Expand the spec into runs, by the planner of its kind; see `Planner`.

    Raises:
        InputError: the study asks for what no run could do, such as rows that the model cannot
            read.
    """
    _refuse_long_rows(spec)
    plan = PLANNERS[spec.treat](spec, prepared, chosen)
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


def plan_treated_pretraining(
    spec: StudySpec, prepared: Prepared, chosen: dict[Choice, int]
) -> StudyPlan:
    """Plan a study whose treatments are applied to pretraining; see `Planner`."""
    plan = StudyPlan()
    for mixture in spec.mixtures:
        for entry in spec.treatments:
            settings = entry.settings()
            if entry.kind.separate:
                _plan_monolingual(plan, spec, prepared, entry, mixture)
                continue
            key = (entry.label, mixture, "masked_lm")
            updates = treated_updates(joint_updates(spec, mixture), entry)
            if entry.name not in CONTROLS:
                untreated = base_plan(spec, mixture, joint_updates(spec, mixture), 0)
                treated = [one.apply(base_plan(spec, mixture, updates, 0)) for one in settings]
                tell_treated(plan, spec, prepared, entry.label, (treated, untreated))
            if len(settings) > 1 and key not in chosen:
                base = base_plan(spec, mixture, updates, spec.seed_of_choices)
                plan.open_choices[key] = [
                    plan.add(pretraining_run(spec, prepared, one.apply(base))) for one in settings
                ]
                continue
            setting = settings[chosen.get(key, 0)]
            _look_ahead(plan, spec, prepared, setting.apply(base_plan(spec, mixture, updates, 0)))
            for seed in spec.every_seed:
                treated = setting.apply(base_plan(spec, mixture, updates, seed))
                run = pretraining_run(spec, prepared, treated)
                label = _Label(entry.label, setting, mixture, "", len(settings))
                _plan_descendants(plan, spec, prepared, run, label)
    return plan


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


def _look_ahead(study: StudyPlan, spec: StudySpec, prepared: Prepared, plan: TrainingPlan) -> None:
    """Refuse before the long work what a run would refuse at its start; warn of what spoils it.

    Raises:
        InputError: layers outside the model, text too short to be divided, and the like.
    """
    check_layers(spec.model, plan.modules)
    context = counting_context(prepared, plan)
    for sampler in (plan.sampler, *plan.step.samplers):
        sampler.build(context)
    study.warnings += plan.step.warnings(plan, context)


@dataclass(frozen=True)
class _Label:
    """What a pretraining stands for; see `Role`."""

    name: str
    setting: Setting
    mixture: Mixture
    match: str
    n_candidates: int = 1


def _plan_monolingual(
    plan: StudyPlan,
    spec: StudySpec,
    prepared: Prepared,
    entry: TreatmentEntry,
    mixture: Mixture,
) -> None:
    """Plan one model per language of the mixture, for each way of matching budgets and seed."""
    (setting,) = entry.settings()
    total = joint_updates(spec, mixture)
    shares = updates_by_language(prepared, base_plan(spec, mixture, total, spec.every_seed[0]))
    tell_rounded(plan, spec, mixture, shares, "pretraining.updates")
    for match in spec.match:
        for language in mixture:
            updates = total if match == "total" else max(round(shares[language]), 1)
            for seed in spec.every_seed:
                alone = setting.apply(base_plan(spec, (language,), updates, seed))
                run = pretraining_run(spec, prepared, alone)
                label = _Label(entry.label, setting, mixture, match)
                _plan_descendants(plan, spec, prepared, run, label)


def _plan_descendants(
    plan: StudyPlan,
    spec: StudySpec,
    prepared: Prepared,
    run: Run,
    label: _Label,
) -> None:
    """Add a pretraining, its scores and the fine-tunings that start from it, with their roles."""
    plan.add(run)
    score = plan.add(score_run(spec, prepared, run))
    languages = run.plan.languages

    def role(run_id: str, stage: str, task: str, source: Language | None) -> Role:
        return Role(
            treatment=label.name,
            mixture=label.mixture,
            learned=languages,
            match=label.match,
            run_id=run_id,
            stage=stage,
            task=task,
            seed=run.plan.seed,
            source_language=source,
            options=label.setting.options,
            n_candidates=label.n_candidates,
        )

    plan.roles.append(role(score, "pretrain", "masked_lm", None))
    for task in spec.tasks:
        for source in languages:
            if prepared.n_examples(task, source) == 0:
                note = f"{task}: no training data for {source}, so no fine-tuning on it."
                if note not in plan.notes:
                    plan.notes.append(note)
                continue
            for protocol in protocols(spec, prepared, run, task, source):
                child = plan.add(finetuning_run(spec, prepared, run, source, protocol))
                plan.roles.append(role(child, "finetune", task, source))


# `treat` of a spec -> who plans it.
PLANNERS: Final[Mapping[str, Planner]] = {
    "pretraining": plan_treated_pretraining,
    "finetuning": plan_joint_finetuning,
}
