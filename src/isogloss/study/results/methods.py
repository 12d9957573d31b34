"""The paragraph that says what a study did, written from its spec alone."""

from collections.abc import Mapping
from typing import Final

from isogloss.core import MATCHES
from isogloss.study.spec.spec import StudySpec

_MATCHED: Final[Mapping[str, str]] = {
    "language": "the same updates on a language (same data)",
    "total": "the same updates in all (same compute)",
}


def methods(spec: StudySpec) -> str:
    """Return the methods paragraph: training, budgets, tests, statistics."""
    return " ".join((_pretraining(spec), _budgets(spec), _finetuning(spec), _statistics(spec)))


def _pretraining(spec: StudySpec) -> str:
    settings = spec.pretraining
    vocabulary = (
        "its own tokenizer"
        if spec.has_checkpoint
        else f"one {spec.tokenizer.kind} vocabulary of {spec.tokenizer.vocabulary_size} tokens for "
        "the whole study"
    )
    models = f"Models ({spec.model})"
    if spec.has_checkpoint:
        models = f"Models started from the checkpoint {spec.model} and"
    if settings.updates == 0:
        return f"{models} were not trained further before fine-tuning, with {vocabulary}."
    return (
        f"{models} were trained by masked language modelling "
        f"({settings.masking:.0%} of tokens) with {vocabulary}, AdamW at a peak rate of "
        f"{settings.learning_rate:g}, {settings.rows} sequences of {settings.length} tokens per "
        "update."
    )


def _budgets(spec: StudySpec) -> str:
    if spec.treat == "finetuning":
        return _joint_finetuning(spec)
    mixtures = "; ".join(" + ".join(map(str, mixture)) for mixture in spec.mixtures)
    matches = " and ".join(_MATCHED[match] for match in spec.match)
    return (
        f"The budget is {spec.pretraining.updates} updates per language; joint mixtures: "
        f"{mixtures}. Monolingual models of the same size got {matches}; with "
        "one seed, monolingual and joint runs read the same sequences of a language in the same "
        "order."
    )


def _joint_finetuning(spec: StudySpec) -> str:
    mixtures = "; ".join(" + ".join(map(str, mixture)) for mixture in spec.mixtures)
    unseen = ", ".join(map(str, spec.zero_shot_to)) or "none"
    settings = spec.finetuning
    alone = " and ".join(MATCHES[match] for match in spec.match)
    learned = f"all languages of a mixture ({mixtures}) together"
    if spec.pseudo_tasks is not None:
        source, n_groups = spec.pseudo_tasks.language, spec.pseudo_tasks.groups
        learned = f"{n_groups} groups of {source}'s examples, by character n-grams, as pseudo-tasks"
    return (
        "One untreated model was pretrained for each mixture and seed "
        f"({spec.pretraining.updates} updates per language, languages without fine-tuning "
        f"included). Every treatment fine-tuned that model on {learned}, with equally many "
        f"examples ({settings.epochs} passes over all of "
        f"them, {settings.rows} per update, sampled by size^{settings.exponent:g}, AdamW at a peak "
        f"rate of {settings.learning_rate:g}{_of_tasks(spec)}). Models fine-tuned on one language "
        f"alone from the same base are the monolingual ones ({alone}). Zero-shot tests are "
        f"on languages without fine-tuning: {unseen}."
    )


def _finetuning(spec: StudySpec) -> str:
    if spec.treat == "finetuning":
        return f"Tasks: {', '.join(spec.tasks)}."
    if not spec.tasks:
        return "No task was fine-tuned."
    settings, modules = spec.finetuning, spec.finetuning.language_modules
    return (
        f"Each model was fine-tuned on one language at a time for {', '.join(spec.tasks)} "
        f"({settings.epochs} epochs at {settings.learning_rate:g}{_of_tasks(spec)}, "
        f"language-specific modules {modules.within_language} for tests on that language and "
        f"{modules.zero_shot} for tests on others) and tested on that language "
        "(within-language) and on the others of its mixture (zero-shot)."
    )


def _of_tasks(spec: StudySpec) -> str:
    """Return the settings of fine-tuning that single tasks have of their own."""
    said = {task: own.model_dump(exclude_none=True) for task, own in spec.finetuning.tasks.items()}
    return "".join(
        f"; {task}: " + ", ".join(f"{key} {value:g}" for key, value in one.items())
        for task, one in said.items()
    )


def _statistics(spec: StudySpec) -> str:
    return (
        f"Seeds: {', '.join(map(str, spec.every_seed))}. Interference is score(monolingual) - "
        "score(multilingual) on the same test examples, positive = hurt. The "
        f"{100 * (1 - spec.statistics.alpha):g}\u00a0% intervals hold what the test does not "
        "reject. Its variance adds the test examples' part and the seeds' part; p-values are "
        "averaged over what the seeds leave unknown of theirs, and adjusted by Holm over the "
        "languages of a table. The minimum detectable effect is an estimate for power 0.8."
    )
