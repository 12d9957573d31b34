"""Studies that treat fine-tuning: one untreated model, fine-tuned in many ways."""

from collections.abc import Mapping
from dataclasses import dataclass

from isogloss.core import InputError
from isogloss.study.plan_finetuning import examples_of, finetuning_plan
from isogloss.study.prepare import Prepared, finetune_updates
from isogloss.study.runs import Role, Run
from isogloss.study.spec import StudySpec, TreatmentEntry
from isogloss.study.study_plan import Mixture, StudyPlan
from isogloss.training import TrainingPlan
from isogloss.treatments import Treatment, build_treatment, treatment_options


@dataclass(frozen=True)
class FinetuningTask:
    """One task on one mixture: what all treatments of it have in common.

    The budget is that of untreated fine-tuning, every example of every language once an epoch.

    Attributes:
        spec: of the study.
        prepared: material.
        task: name.
        mixture: languages that are learned from together.
        parents: by seed, the pretraining that all fine-tunings start from.
    """

    spec: StudySpec
    prepared: Prepared
    task: str
    mixture: Mixture
    parents: Mapping[int, Run]

    def refuse_missing_examples(self) -> None:
        """Refuse a mixture with a language that has nothing to learn from.

        Raises:
            InputError: the language is named.
        """
        missing = [one for one in self.mixture if self.prepared.n_examples(self.task, one) == 0]
        if missing:
            raise InputError(
                expected=f"training examples of {self.task} in every language of the mixture",
                found=f"none in {', '.join(map(str, missing))}",
                where=f"mixture {'+'.join(map(str, self.mixture))}",
                next_step="Take the language out of the mixture, or move it to `zero_shot_to`.",
            )

    def updates(self, sources: Mixture, match: str = "language") -> int:
        """Return the updates of a fine-tuning on some languages.

        Every example of theirs once an epoch; with `match: total` as many updates as the joint
        fine-tuning has.
        """
        counted = self.mixture if match == "total" else sources
        settings = self.spec.finetuning
        n_examples = sum(examples_of(self.spec, self.prepared, self.task, one) for one in counted)
        return finetune_updates(n_examples, settings.rows, settings.epochs)

    def plain(self, seed: int, updates: int) -> TrainingPlan:
        """Return the untreated plan."""
        return finetuning_plan(self.spec, self.parents[seed], self.task, updates)

    def run(self, plan: TrainingPlan, sources: Mixture) -> Run:
        """Return the fine-tuning on some languages; on all of them it is tested zero-shot too."""
        unseen = self.spec.zero_shot_to if sources == self.mixture else ()
        tested = (*sources, *unseen)
        targets = tuple(o for o in tested if self.prepared.n_examples(self.task, o, "test") > 0)
        return Run(
            stage="finetune",
            plan=plan,
            model=self.spec.model,
            material=self.prepared.material(self.task, tested),
            task=self.task,
            targets=targets,
            sources=sources,
            starts_from=self.parents[plan.seed].run_id,
            max_examples=self.spec.finetuning.max_examples,
            checkpoint_seconds=self.spec.logging.checkpoint_seconds,
            tensorboard=self.spec.logging.tensorboard,
        )


def plan_treated_finetuning(
    plan: StudyPlan, of: FinetuningTask, chosen: Mapping[tuple[str, Mixture], int]
) -> None:
    """Add the fine-tunings of one task on one mixture, with their roles.

    Args:
        plan: is added to.
        of: the task.
        chosen: index of the chosen candidate of a treatment, as in `plan_study`.

    Raises:
        InputError: a language has no examples, or a treatment cannot act on this plan.
    """
    of.refuse_missing_examples()
    for entry in of.spec.treatments:
        treatment = build_treatment(entry.name, entry.options)
        if treatment.separate:
            _plan_alone(plan, of, entry, treatment)
        else:
            _plan_together(plan, of, entry, treatment, chosen)


def _plan_alone(
    plan: StudyPlan, of: FinetuningTask, entry: TreatmentEntry, treatment: Treatment
) -> None:
    """One model a language, for each way of matching budgets and seed."""
    for match in of.spec.match:
        for language in of.mixture:
            for seed in of.spec.seeds:
                updates = of.updates((language,), match)
                run = of.run(of.plain(seed, updates), (language,))
                plan.add(run)
                plan.roles.append(_role(run, of.mixture, entry.label, treatment, match=match))


def _plan_together(
    plan: StudyPlan,
    of: FinetuningTask,
    entry: TreatmentEntry,
    treatment: Treatment,
    chosen: Mapping[tuple[str, Mixture], int],
) -> None:
    """One model for all; where a setting is open, its candidates on the first seed."""
    candidates = treatment.candidates()
    key = (choice_name(of.spec, entry.label, of.task), of.mixture)
    updates = round(of.updates(of.mixture) * entry.updates_factor)
    if len(candidates) > 1 and key not in chosen:
        plain = of.plain(of.spec.seeds[0], updates)
        runs = [of.run(candidate.apply(plain), of.mixture) for candidate in candidates]
        plan.open_choices[key] = [plan.add(run) for run in runs]
        return
    treatment = candidates[chosen.get(key, 0)]
    for seed in of.spec.seeds:
        run = of.run(treatment.apply(of.plain(seed, updates)), of.mixture)
        plan.add(run)
        n = len(candidates)
        plan.roles.append(_role(run, of.mixture, entry.label, treatment, n_candidates=n))


def choice_name(spec: StudySpec, label: str, task: str) -> str:
    """Return under which name a treatment's setting is chosen: for each task anew."""
    return label if len(spec.tasks) == 1 else f"{label} ({task})"


def _role(
    run: Run,
    mixture: Mixture,
    label: str,
    treatment: Treatment,
    *,
    match: str = "",
    n_candidates: int = 1,
) -> Role:
    """Return what a fine-tuning stands for; its source is all that it learned from, hence none."""
    return Role(
        treatment=label,
        mixture=mixture,
        learned=run.sources,
        match=match,
        run_id=run.run_id,
        stage="finetune",
        task=run.task,
        seed=run.plan.seed,
        source_language=None,
        options=treatment_options(treatment),
        n_candidates=n_candidates,
    )
