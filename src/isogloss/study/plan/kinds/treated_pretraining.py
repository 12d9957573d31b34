"""Studies whose treatments are applied to pretraining: all languages of a mixture in one model."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, Final, Literal

from isogloss.core import InputError, Language
from isogloss.models import check_layers
from isogloss.study.plan.budgets import tell_rounded, tell_treated, treated_updates
from isogloss.study.plan.finetuning import finetuning_run, protocols
from isogloss.study.plan.pretraining import (
    base_plan,
    counting_context,
    joint_updates,
    pretraining_run,
    score_run,
    updates_by_language,
)
from isogloss.study.plan.runs import Choice, Mixture, Role, Run, StudyPlan
from isogloss.study.spec.settings import refused
from isogloss.study.spec.spec import StudySpec
from isogloss.study.spec.treatment_entry import CONTROLS, Setting, TreatmentEntry
from isogloss.study.spec.unread import OF_MODULES, Unread
from isogloss.study.store.prepared import Prepared
from isogloss.training import (
    AdamWSettings,
    MaskedLMObjective,
    OptimizerStep,
    TextSampling,
    TrainingPlan,
    WeightedSum,
)

_MATCHED: Final[Mapping[str, str]] = {
    "language": "the same updates on a language (same data)",
    "total": "the same updates in all (same compute)",
}


class TreatedPretraining(StudySpec):
    """Treatments are applied to pretraining; each model is fine-tuned on one language at a time."""

    treated: ClassVar[Literal["pretrain", "finetune"]] = "pretrain"
    learns_together: ClassVar[bool] = False
    always_measured: ClassVar[tuple[str, ...]] = ()

    treat: Literal["pretraining"] = "pretraining"  # type: ignore[assignment]

    def refuse_unfit(self) -> None:
        """Refuse languages without fine-tuning, pseudo-tasks, and no pretraining to be treated."""
        if self.zero_shot_to:
            raise refused(
                "`zero_shot_to` in a study with `treat: finetuning` only",
                f"{', '.join(map(str, self.zero_shot_to))} with `treat: pretraining`",
                "Put the languages into the mixtures: every language of a mixture is tested "
                "zero-shot from every other one.",
            )
        if self.pretraining.updates == 0:
            raise refused(
                "pretraining updates >= 1 where pretraining is what the treatments are applied to",
                "0",
                "Set `pretraining.updates`, or `treat: finetuning` with a pretrained `model`.",
            )
        for key in ("pseudo_tasks", "translations"):
            if getattr(self, key) is not None:
                raise refused(
                    f"`{key}` in a study with `treat: finetuning` only",
                    "it with `treat: pretraining`",
                    "Add `treat: finetuning`, or remove the key.",
                )

    def unread(self) -> Iterator[Unread]:
        """Yield how several languages are sampled, and what is about modules that none has."""
        why = "it is of `treat: finetuning`, several languages at once"
        yield "finetuning", ("exponent",), why
        if not any(_adds_modules(entry, self.mixtures[0]) for entry in self.treatments):
            why = "no treatment here has language-specific modules, which it is about"
            yield "finetuning", OF_MODULES, why
        modules = self.finetuning.language_modules
        if modules.within_language == modules.zero_shot:
            why = "with one `language_modules` for both, one fine-tuning serves all tests"
            yield "finetuning", ("zero_shot_from",), why

    def budgets(self) -> str:
        """Return the updates per language and what monolingual models got."""
        mixtures = "; ".join(" + ".join(map(str, mixture)) for mixture in self.mixtures)
        matches = " and ".join(_MATCHED[match] for match in self.match)
        return (
            f"The budget is {self.pretraining.updates} updates per language; joint mixtures: "
            f"{mixtures}. Monolingual models of the same size got {matches}; with one seed, "
            "monolingual and joint runs read the same sequences of a language in the same order."
        )

    def tests(self) -> str:
        """Return how each model was fine-tuned, and on what it was tested."""
        if not self.tasks:
            return "No task was fine-tuned."
        settings, modules = self.finetuning, self.finetuning.language_modules
        return (
            f"Each model was fine-tuned on one language at a time for {', '.join(self.tasks)} "
            f"({settings.epochs} epochs at {settings.learning_rate:g}{settings.of_single_tasks()}, "
            f"language-specific modules {modules.within_language} for tests on that language and "
            f"{modules.zero_shot} for tests on others) and tested on that language "
            "(within-language) and on the others of its mixture (zero-shot)."
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


def _adds_modules(entry: TreatmentEntry, languages: tuple[Language, ...]) -> bool:
    """Return whether a treatment gives each language modules of its own."""
    if "modules" not in entry.kind.parts:
        return False
    plain = TrainingPlan(
        languages=languages,
        updates=1,
        rows=1,
        length=8,
        seed=0,
        sampler=TextSampling(0.0),
        modules=(),
        objective=MaskedLMObjective(0.3),
        combine=WeightedSum(),
        step=OptimizerStep(AdamWSettings(learning_rate=1e-3), "constant", 0.0, 1.0),
    )
    try:
        return any(not module.shared for module in entry.build().apply(plain).modules)
    except InputError:
        return True  # the plan refuses it, and says where
