"""From a study spec to its runs: which trainings, in which order, and what each stands for."""

from dataclasses import dataclass, field

from isogloss.core import Language
from isogloss.models import check_modules
from isogloss.study.plan_finetuning import finetuning_run, protocols
from isogloss.study.prepare import Prepared
from isogloss.study.runs import Role, Run
from isogloss.study.spec import StudySpec
from isogloss.training import (
    AdamWSettings,
    BuildContext,
    MaskedLMObjective,
    OptimizerStep,
    TextSampling,
    TrainingPlan,
    WeightedSum,
)
from isogloss.treatments import Treatment, build_treatment, treatment_options

Mixture = tuple[Language, ...]


@dataclass
class StudyPlan:
    """The runs of a study and what they stand for.

    Attributes:
        runs: by run id; a run that several roles need is there once.
        roles: what the runs stand for.
        open_choices: (treatment, mixture) -> run ids of the candidates, where a setting is still
            to be chosen by dev score before the rest can be planned.
        notes: what a reader should know, such as a task without data for a language.
    """

    runs: dict[str, Run] = field(default_factory=dict)
    roles: list[Role] = field(default_factory=list)
    open_choices: dict[tuple[str, Mixture], list[str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def add(self, run: Run) -> str:
        """Take in a run; return its id."""
        return self.runs.setdefault(run.run_id, run).run_id


def plan_study(
    spec: StudySpec, prepared: Prepared, chosen: dict[tuple[str, Mixture], int]
) -> StudyPlan:
    """Expand the spec into runs.

    Args:
        spec: of the study.
        prepared: material, for budgets and numbers of examples.
        chosen: for treatments with several candidates, the index of the chosen one; where it is
            missing, only the candidates' pretraining on the first seed is planned.
    """
    plan = StudyPlan()
    for mixture in spec.mixtures:
        for entry in spec.treatments:
            treatment = build_treatment(entry.name, entry.options)
            if treatment.separate:
                _plan_monolingual(plan, spec, prepared, treatment, mixture)
                continue
            candidates = treatment.candidates()
            key = (entry.label, mixture)
            updates = round(joint_updates(spec, mixture) * entry.updates_factor)
            if len(candidates) > 1 and key not in chosen:
                base = base_plan(spec, mixture, updates, spec.seeds[0])
                plan.open_choices[key] = [
                    plan.add(_pretraining_run(spec, prepared, candidate.apply(base)))
                    for candidate in candidates
                ]
                continue
            treatment = candidates[chosen.get(key, 0)]
            _refuse_unfit(spec, prepared, treatment.apply(base_plan(spec, mixture, updates, 0)))
            for seed in spec.seeds:
                treated = treatment.apply(base_plan(spec, mixture, updates, seed))
                run = _pretraining_run(spec, prepared, treated)
                label = _Label(entry.label, treatment, mixture, "", len(candidates))
                _plan_descendants(plan, spec, prepared, run, label)
    return plan


def _refuse_unfit(spec: StudySpec, prepared: Prepared, plan: TrainingPlan) -> None:
    """Refuse before the long work what a run would refuse at its start.

    Raises:
        InputError: layers outside the model, text too short to be divided, and the like.
    """
    check_modules(spec.model, plan.modules)
    context = text_context(prepared, plan)
    plan.sampler.build(context)
    plan.step.build(context)


@dataclass(frozen=True)
class _Label:
    """What a pretraining stands for; see `Role`."""

    name: str
    treatment: Treatment
    mixture: Mixture
    match: str
    n_candidates: int = 1


def joint_updates(spec: StudySpec, mixture: Mixture) -> int:
    """Return the updates of a joint run: the budget per language times the languages."""
    return spec.pretraining.updates * len(mixture)


def base_plan(spec: StudySpec, languages: Mixture, updates: int, seed: int) -> TrainingPlan:
    """Return the untreated pretraining plan."""
    settings = spec.pretraining
    return TrainingPlan(
        languages=languages,
        updates=updates,
        rows=settings.rows,
        length=settings.length,
        seed=seed,
        sampler=TextSampling(settings.exponent),
        modules=(),
        objective=MaskedLMObjective(settings.masking),
        combine=WeightedSum(),
        step=OptimizerStep(
            AdamWSettings(learning_rate=settings.learning_rate, weight_decay=settings.weight_decay),
            settings.schedule,
            settings.warm_up,
            settings.clip,
        ),
        precision=spec.precision,
    )


def text_context(prepared: Prepared, plan: TrainingPlan) -> BuildContext:
    """Return what the parts of a pretraining plan are built from."""
    corpora = {language: prepared.corpus(language, "train") for language in plan.languages}
    return BuildContext(
        plan.languages, plan.rows, plan.length, plan.seed, prepared.tokenizer, corpora
    )


def updates_by_language(prepared: Prepared, plan: TrainingPlan) -> dict[Language, float]:
    """Return the updates' worth of rows that each language gets under a pretraining plan."""
    sampler = plan.sampler.build(text_context(prepared, plan))
    rows = sampler.rows_per_language(plan.updates)
    return {
        language: float(n) / plan.rows
        for language, n in zip(plan.languages, rows.tolist(), strict=True)
    }


def _pretraining_run(spec: StudySpec, prepared: Prepared, plan: TrainingPlan) -> Run:
    return Run(
        stage="pretrain",
        plan=plan,
        model=spec.model,
        material=prepared.material("masked_lm", plan.languages),
        task="masked_lm",
        targets=plan.languages,
        dev_points=spec.pretraining.dev_points,
        checkpoint_seconds=spec.logging.checkpoint_seconds,
        tensorboard=spec.logging.tensorboard,
        conflict=spec.logging.conflict if len(plan.languages) > 1 else 0,
    )


def _plan_monolingual(
    plan: StudyPlan,
    spec: StudySpec,
    prepared: Prepared,
    treatment: Treatment,
    mixture: Mixture,
) -> None:
    """Plan one model per language of the mixture, for each way of matching budgets and seed."""
    total = joint_updates(spec, mixture)
    shares = updates_by_language(prepared, base_plan(spec, mixture, total, spec.seeds[0]))
    for match in spec.match:
        for language in mixture:
            updates = total if match == "total" else max(round(shares[language]), 1)
            for seed in spec.seeds:
                run = _pretraining_run(spec, prepared, base_plan(spec, (language,), updates, seed))
                label = _Label(treatment.name, treatment, mixture, match)
                _plan_descendants(plan, spec, prepared, run, label)


def _plan_descendants(
    plan: StudyPlan,
    spec: StudySpec,
    prepared: Prepared,
    run: Run,
    label: _Label,
) -> None:
    """Add a pretraining and the fine-tunings that start from it, with their roles."""
    parent = plan.add(run)
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
            options=treatment_options(label.treatment),
            n_candidates=label.n_candidates,
        )

    plan.roles.append(role(parent, "pretrain", "masked_lm", None))
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
