"""From a study that treats fine-tuning to its runs: one base, then joint fine-tunings."""

from dataclasses import dataclass, replace
from typing import Final

from isogloss.core import SEVERAL, InputError, Language
from isogloss.data import language_shares
from isogloss.study.plan.budgets import tell_rounded, treated_updates
from isogloss.study.plan.finetuning import finetune_updates
from isogloss.study.plan.measures import measured_with_run
from isogloss.study.plan.plain_step import plain_step
from isogloss.study.plan.pretraining import base_plan, pretraining_run, score_run
from isogloss.study.plan.pseudo_tasks import group_names
from isogloss.study.plan.runs import Choice, Mixture, Role, Run, StudyPlan
from isogloss.study.spec.spec import StudySpec
from isogloss.study.spec.treatment_entry import Setting, TreatmentEntry
from isogloss.study.store.prepared import Prepared
from isogloss.tasks import task_form
from isogloss.training import (
    MixedTaskSampling,
    PairedObjective,
    Reads,
    TrainingPlan,
    WeightedSum,
)

BASE: Final = "base"
"""Label of the pretraining that all fine-tunings of such a study start from."""

# Curves of a fine-tuning, and the dev loss that a setting is chosen by.
_DEV_POINTS = 4


@dataclass(frozen=True)
class _Place:
    """One mixture and task of a study, with what is fine-tuned on together.

    Attributes:
        spec: of the study.
        prepared: material, for numbers of examples.
        mixture: as the study names it.
        task: name.
        languages: of the mixture, with training data of the task; or the groups of the source.
        source: language of the pseudo-tasks or of the translated examples, where there are any.
        translated: whether it is that of translated examples.
    """

    spec: StudySpec
    prepared: Prepared
    mixture: Mixture
    task: str
    languages: Mixture
    source: Language | None = None
    translated: bool = False

    @property
    def learned(self) -> Mixture:
        """The languages whose examples are fine-tuned on."""
        return self.languages if self.source is None else (self.source,)

    def n_rows(self, language: Language) -> int:
        """Return the training rows of a language, as many as the study takes."""
        settings = self.spec.finetuning.of(self.task)
        return self.prepared.n_rows(self.task, language, settings.max_examples, settings.length)

    def updates(self) -> int:
        """Return the updates of a joint fine-tuning: the epochs over all examples."""
        settings = self.spec.finetuning.of(self.task)
        total = sum(map(self.n_rows, self.learned))
        return finetune_updates(total, settings.rows, settings.epochs)

    def updates_on(self, language: Language) -> int:
        """Return the updates' worth of examples of a language in the untreated joint run."""
        return self.updates() if self.source else max(round(self.shares()[language]), 1)

    def shares(self) -> dict[Language, float]:
        """Return the updates' worth of examples of each language in the untreated joint run."""
        sizes = {one: float(self.n_rows(one)) for one in self.languages}
        shares = language_shares(sizes, self.spec.finetuning.exponent)
        return {
            one: self.updates() * float(share)
            for one, share in zip(self.languages, shares, strict=True)
        }


def plan_joint_finetuning(
    spec: StudySpec, prepared: Prepared, chosen: dict[Choice, int]
) -> StudyPlan:
    """Expand the spec into runs.

    Args:
        spec: of a study with `treat: finetuning`.
        prepared: material, for budgets and numbers of examples.
        chosen: for treatments with several candidates, the index of the chosen one; where it is
            missing, only the settings' fine-tunings on the choice seed are planned.
    """
    plan = StudyPlan(treated="finetune")
    for mixture in spec.mixtures:
        bases = {seed: _plan_base(plan, spec, prepared, mixture, seed) for seed in spec.every_seed}
        for task in spec.tasks:
            place = _place(plan, spec, prepared, mixture, task)
            if place is None:
                continue
            for entry in spec.treatments:
                if entry.kind.separate:
                    _plan_monolingual(plan, place, bases, entry)
                else:
                    _plan_treated(plan, place, bases, entry, chosen)
    return plan


def _base(spec: StudySpec, prepared: Prepared, mixture: Mixture, seed: int) -> Run:
    """Return the untreated pretraining on the languages of a mixture and the unseen ones."""
    languages = (*mixture, *spec.zero_shot_to)
    updates = spec.pretraining.updates * len(languages)
    return pretraining_run(spec, prepared, base_plan(spec, languages, updates, seed))


def _plan_base(
    plan: StudyPlan, spec: StudySpec, prepared: Prepared, mixture: Mixture, seed: int
) -> Run:
    """Plan what all fine-tunings of a mixture and seed start from, and its scores."""
    languages = (*mixture, *spec.zero_shot_to)
    run = _base(spec, prepared, mixture, seed)
    plan.add(run)
    score = plan.add(score_run(spec, prepared, run))
    role = Role(BASE, mixture, languages, "", score, "pretrain", "masked_lm", seed, None)
    plan.roles.append(role)
    return run


def _place(
    plan: StudyPlan, spec: StudySpec, prepared: Prepared, mixture: Mixture, task: str
) -> _Place | None:
    """Return where fine-tuning is possible, noting the languages and tasks that are left out."""
    if spec.translations is not None:
        return _place_of_translations(plan, spec, prepared, mixture, task)
    if spec.pseudo_tasks is not None:
        return _place_of_groups(plan, spec, prepared, mixture, task)
    languages = tuple(one for one in mixture if prepared.n_examples(task, one) > 0)
    for language in mixture:
        if language not in languages:
            _note(plan, f"{task}: no training data for {language}, so no fine-tuning on it.")
    _note_untested(plan, spec, prepared, mixture, task)
    if len(languages) < 2:
        names = " + ".join(map(str, mixture))
        _note(plan, f"{task}: fewer than two languages with training data in {names}, left out.")
        return None
    return _Place(spec, prepared, mixture, task, languages)


def _place_of_groups(
    plan: StudyPlan, spec: StudySpec, prepared: Prepared, mixture: Mixture, task: str
) -> _Place | None:
    """Return where groups of the source language are fine-tuned on in place of languages."""
    assert spec.pseudo_tasks is not None
    source, n_groups = spec.pseudo_tasks.language, spec.pseudo_tasks.groups
    _note_untested(plan, spec, prepared, mixture, task)
    if prepared.n_examples(task, source) == 0:
        _note(plan, f"{task}: no training data for {source}, so no pseudo-tasks of it.")
        return None
    return _Place(spec, prepared, mixture, task, group_names(source, n_groups), source)


def _place_of_translations(
    plan: StudyPlan, spec: StudySpec, prepared: Prepared, mixture: Mixture, task: str
) -> _Place | None:
    """Return where the source's examples are fine-tuned on, and their translations."""
    assert spec.translations is not None
    source = spec.translations.source
    _note_untested(plan, spec, prepared, mixture, task)
    if prepared.n_examples(task, source) == 0:
        _note(plan, f"{task}: no training data for {source}, so nothing to translate.")
        return None
    return _Place(spec, prepared, mixture, task, mixture, source, translated=True)


def _note_untested(
    plan: StudyPlan, spec: StudySpec, prepared: Prepared, mixture: Mixture, task: str
) -> None:
    for language in (*mixture, *spec.zero_shot_to):
        if prepared.n_examples(task, language, spec.scored_on) == 0:
            text = f"{task}: no {spec.scored_on} data for {language}, so no score for it."
            _note(plan, text)


def _note(plan: StudyPlan, text: str) -> None:
    if text not in plan.notes:
        plan.notes.append(text)


def _plan_treated(
    plan: StudyPlan,
    place: _Place,
    bases: dict[int, Run],
    entry: TreatmentEntry,
    chosen: dict[Choice, int],
) -> None:
    """Plan a treatment on every seed, or its settings on the choice seed."""
    settings = entry.settings()
    key = (entry.label, place.mixture, place.task)
    updates = treated_updates(place.updates(), entry)
    if len(settings) > 1 and key not in chosen:
        _refuse_without_dev(place, entry.label)
        seed = place.spec.seed_of_choices
        start = bases.get(seed) or _base(place.spec, place.prepared, place.mixture, seed)
        plan.add(start)
        untreated = _untreated(place, place.languages, updates, seed)
        plan.open_choices[key] = [
            plan.add(_run(place, start, one.apply(untreated))) for one in settings
        ]
        return
    setting = settings[chosen.get(key, 0)]
    for seed in place.spec.every_seed:
        treated = setting.apply(_untreated(place, place.languages, updates, seed))
        run_id = plan.add(_run(place, bases[seed], treated))
        role = _role(place, entry.label, setting, run_id, seed)
        plan.roles.append(replace(role, n_candidates=len(settings)))


def _refuse_without_dev(place: _Place, label: str) -> None:
    """Refuse a choice that no data can settle."""
    if not any(place.prepared.n_examples(place.task, one, "dev") for one in place.learned):
        raise InputError(
            expected=f"{place.task} dev data of a language, to choose the setting of `{label}` by",
            found=f"none for {', '.join(map(str, place.learned))}",
            where=place.prepared.source.where,
            next_step="Add dev data, or give the treatment one setting.",
        )


def _plan_monolingual(
    plan: StudyPlan, place: _Place, bases: dict[int, Run], entry: TreatmentEntry
) -> None:
    """Plan a fine-tuning on each language alone, for each way of matching budgets and seed."""
    (setting,) = entry.settings()
    if place.source is None:
        tell_rounded(plan, place.spec, place.languages, place.shares(), "finetuning.epochs")
    for match in place.spec.match:
        for language in place.learned:
            updates = place.updates() if match == "total" else place.updates_on(language)
            for seed in place.spec.every_seed:
                alone = setting.apply(_untreated(place, (language,), updates, seed))
                run = _run(place, bases[seed], alone)
                role = _role(place, entry.label, setting, plan.add(run), seed)
                plan.roles.append(
                    replace(role, learned=(language,), match=match, source_language=language)
                )


def _role(place: _Place, label: str, setting: Setting, run_id: str, seed: int) -> Role:
    """Return the role of a fine-tuning on all languages of a place."""
    return Role(
        treatment=label,
        mixture=place.mixture,
        learned=place.learned,
        match="",
        run_id=run_id,
        stage="finetune",
        task=place.task,
        seed=seed,
        source_language=place.source or SEVERAL,
        options=setting.options,
    )


def _untreated(place: _Place, languages: Mixture, updates: int, seed: int) -> TrainingPlan:
    """Return the untreated fine-tuning plan of some languages."""
    settings = place.spec.finetuning.of(place.task)
    return TrainingPlan(
        languages=languages,
        updates=updates,
        rows=settings.rows,
        length=settings.length,
        seed=seed,
        sampler=MixedTaskSampling(settings.exponent),
        modules=(),
        objective=task_form(place.task).objective(),
        combine=WeightedSum(),
        step=plain_step(settings),
        precision=place.spec.precision,
    )


def _run(place: _Place, base: Run, plan: TrainingPlan) -> Run:
    """Return the fine-tuning of a base, tested on all languages of the study with test data."""
    spec, prepared, task = place.spec, place.prepared, place.task
    if place.translated:
        return _run_of_translations(place, base, plan)
    known = base.plan.languages
    targets = tuple(one for one in known if prepared.n_examples(task, one, spec.scored_on) > 0)
    alone = len(plan.languages) == 1
    source = plan.languages[0] if alone else place.source or SEVERAL
    learned = (source,) if alone or place.source else plan.languages
    return Run(
        stage="finetune",
        plan=plan,
        model=spec.model,
        material=prepared.task_material(task, tuple(dict.fromkeys((*learned, *targets))))
        | prepared.text_material(known, spec.scored_on),  # on which forgetting is measured
        task=task,
        targets=targets,
        source_language=source,
        starts_from=base.run_id,
        max_examples=spec.finetuning.of(task).max_examples,
        dev_points=_DEV_POINTS,
        measures=measured_with_run(spec, "finetune", masked_lm=base.masked_lm),
        scored_on=spec.scored_on,
        translations=base.translations,
        groups=0 if alone or place.source is None else len(plan.languages),
        checkpoint_seconds=spec.logging.checkpoint_seconds,
        tensorboard=spec.logging.tensorboard,
        conflict=0 if alone else spec.logging.conflict,
    )


def _run_of_translations(place: _Place, base: Run, plan: TrainingPlan) -> Run:
    """Return a fine-tuning on one language's examples, or on these and their translations.

    What reads the source's examples alone is one run, whichever treatment asks for it.
    """
    prepared, task, source = place.prepared, place.task, place.source
    settings, objective = place.spec.translations, plan.objective
    assert settings is not None
    assert source is not None
    reads = objective.reads if isinstance(objective, PairedObjective) else Reads()
    if reads.languages == "source" and reads.altered is None:
        plan = replace(plan, languages=(source,))
    provider = settings.as_provider() if reads != Reads() else {}
    # As if learned on the source alone: these are the tests, and the data that they depend on.
    alone = _run(replace(place, translated=False), base, replace(plan, languages=(source,)))
    languages = tuple(dict.fromkeys((source, *plan.languages, *alone.targets)))
    material = prepared.task_material(task, languages)
    if provider:
        material |= prepared.translated_material(task, provider, languages)
    return replace(alone, plan=plan, material=alone.material | material, provider=provider)
