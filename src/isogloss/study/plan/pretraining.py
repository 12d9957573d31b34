"""How a model is pretrained and scored: the untreated plan, what it is built from, the runs."""

import dataclasses
from typing import Any

from isogloss.core import Language
from isogloss.study.plan.measures import measured_with_run
from isogloss.study.plan.plain_step import plain_step
from isogloss.study.plan.runs import Run
from isogloss.study.plan.study_plan import Mixture
from isogloss.study.spec.spec import StudySpec
from isogloss.study.store.prepared import CountedText, Prepared
from isogloss.training import (
    BuildContext,
    MaskedLMObjective,
    TextSampling,
    TrainingPlan,
    WeightedSum,
)


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
        step=plain_step(settings),
        precision=spec.precision,
    )


def counting_context(prepared: Prepared, plan: TrainingPlan) -> BuildContext:
    """Return what samplers count rows from; it has no tokenizer, because no batch is drawn."""
    no_tokenizer: Any = None
    texts = {one: CountedText(prepared.n_tokens(one)) for one in plan.languages}
    return BuildContext(plan.languages, plan.rows, plan.length, plan.seed, no_tokenizer, texts)


def text_context(prepared: Prepared, plan: TrainingPlan) -> BuildContext:
    """Return what the parts of a pretraining plan are built from."""
    corpora = {language: prepared.corpus(language, "train") for language in plan.languages}
    return BuildContext(
        plan.languages, plan.rows, plan.length, plan.seed, prepared.tokenizer, corpora
    )


def updates_by_language(prepared: Prepared, plan: TrainingPlan) -> dict[Language, float]:
    """Return the updates' worth of rows that each language gets under a pretraining plan."""
    sampler = plan.sampler.build(counting_context(prepared, plan))
    rows = sampler.rows_per_language(plan.updates)
    return {
        language: float(n) / plan.rows
        for language, n in zip(plan.languages, rows.tolist(), strict=True)
    }


def pretraining_run(spec: StudySpec, prepared: Prepared, plan: TrainingPlan) -> Run:
    """Return the pretraining of a plan."""
    return Run(
        stage="pretrain",
        plan=plan,
        model=spec.model,
        material=prepared.text_material(plan.languages, "train", "dev"),
        task="masked_lm",
        targets=(),
        dev_points=spec.pretraining.dev_points,
        checkpoint_seconds=spec.logging.checkpoint_seconds,
        tensorboard=spec.logging.tensorboard,
        conflict=spec.logging.conflict if len(plan.languages) > 1 else 0,
        measures=measured_with_run(spec, "pretrain"),
    )


def score_run(spec: StudySpec, prepared: Prepared, pretraining: Run) -> Run:
    """Return the tests of a pretrained model: masked LM and, of several languages, retrieval."""
    languages, split = pretraining.plan.languages, spec.scored_on
    return dataclasses.replace(
        pretraining,
        stage="score",
        material=prepared.text_material(languages, split)
        | prepared.translation_material(languages, split),
        targets=languages,
        starts_from=pretraining.run_id,
        scored_on=split,
        conflict=0,
        measures=measured_with_run(spec, "score"),
    )
