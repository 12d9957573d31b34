"""How a model is pretrained and scored: where it starts, the untreated plan, the runs."""

import dataclasses
from typing import Any, Final

from isogloss.core import Language
from isogloss.study.plan.measures import measured_with_run
from isogloss.study.plan.plain_step import plain_step
from isogloss.study.plan.runs import Mixture, Run, Translations
from isogloss.study.spec.spec import StudySpec
from isogloss.study.store.prepared import CountedText, Prepared
from isogloss.training import (
    AdamWSettings,
    BuildContext,
    MaskedLMObjective,
    OptimizerStep,
    TextSampling,
    TrainingPlan,
    WeightedSum,
)

# A new head on a body of 384 dimensions comes from 12.7 to 8.0 nats in 150 updates at this rate,
# and the body at its own rate then brings masked LM below the unigram (docs/checkpoints.md).
HEAD_UPDATES: Final = 300
HEAD_LEARNING_RATE: Final = 1e-3


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


def head_updates(spec: StudySpec, prepared: Prepared) -> int:
    """Return how long the masked-LM head of a study's checkpoint is trained alone, in updates."""
    given = spec.pretraining.head_updates
    if given is not None:
        return given
    return HEAD_UPDATES if prepared.lacks_head else 0


def measures_masked_lm(spec: StudySpec, prepared: Prepared) -> bool:
    """Return whether the models have a masked-LM head that somebody has trained."""
    trained = head_updates(spec, prepared) + spec.pretraining.updates
    return not prepared.lacks_head or trained > 0


def starts(spec: StudySpec, prepared: Prepared) -> bool:
    """Return whether a study has runs that prepare a checkpoint, or measure it untrained."""
    trained = head_updates(spec, prepared) + spec.pretraining.updates
    return spec.has_checkpoint and trained > 0


def start_run(spec: StudySpec, prepared: Prepared, seed: int) -> Run:
    """Return what all pretrainings of a seed start from: the checkpoint, its head trained alone.

    All languages of the study share it, so that every model starts from the same weights, and is
    held against the same losses. Without a head to make or to train it is one run for all seeds.
    """
    updates = head_updates(spec, prepared)
    is_random = prepared.lacks_head or updates > 0
    plan = base_plan(spec, spec.languages, updates, seed if is_random else spec.every_seed[0])
    adamw = AdamWSettings(learning_rate=HEAD_LEARNING_RATE, weight_decay=0.0)
    step = OptimizerStep(adamw, "linear", 0.1, spec.pretraining.clip)
    pairs = _translations(spec, prepared, spec.languages) if spec.pretraining.updates else ()
    return Run(
        stage="start",
        plan=dataclasses.replace(plan, sampler=TextSampling(0.0), step=step),
        model=spec.model,
        material=_material(prepared, spec.languages, pairs),
        task="masked_lm",
        targets=(),
        translations=pairs,
        dev_points=1,
        checkpoint_seconds=spec.logging.checkpoint_seconds,
    )


def _translations(
    spec: StudySpec, prepared: Prepared, languages: Mixture
) -> tuple[Translations, ...]:
    """Return the pairs of pivots and others that models of some languages are tested on.

    A monolingual model has no language-specific modules: it reads any language that its checkpoint
    knows, and is tested on the pairs of its language. Dev data where there are some: a study scored
    on dev data and the one that follows it share their pretrainings.
    """
    pairs = dict.fromkeys((pivot, one) for pivot, *others in spec.mixtures for one in others)
    return tuple(
        (*pair, splits[0])
        for pair in pairs
        if set(languages).issuperset(pair) or (len(languages) == 1 and languages[0] in pair)
        if (splits := [one for one in ("dev", "test") if prepared.has_parallel(*pair, one)])
    )


def _material(
    prepared: Prepared, languages: Mixture, translations: tuple[Translations, ...]
) -> dict[str, str]:
    """Return the content hashes of what a start or a pretraining reads."""
    material = prepared.text_material(languages, "train", "dev")
    for pivot, other, split in translations:
        material |= prepared.translation_material((pivot, other), split)
    return material


def pretraining_run(spec: StudySpec, prepared: Prepared, plan: TrainingPlan) -> Run:
    """Return the pretraining of a plan."""
    pairs = _translations(spec, prepared, plan.languages) if spec.has_checkpoint else ()
    return Run(
        stage="pretrain",
        plan=plan,
        model=spec.model,
        material=_material(prepared, plan.languages, pairs),
        task="masked_lm",
        targets=(),
        starts_from=start_run(spec, prepared, plan.seed).run_id if starts(spec, prepared) else None,
        translations=pairs,
        masked_lm=measures_masked_lm(spec, prepared),
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
        translations=(),
        scored_on=split,
        conflict=0,
        measures=measured_with_run(spec, "score"),
    )
