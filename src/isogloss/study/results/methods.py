"""The paragraph that says what a study did, written from its spec alone."""

from isogloss.study.spec.spec import StudySpec


def methods(spec: StudySpec) -> str:
    """Return the methods paragraph: training, budgets, tests, statistics."""
    return " ".join((_pretraining(spec), spec.budgets(), spec.tests(), _statistics(spec)))


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


def _statistics(spec: StudySpec) -> str:
    return (
        f"Seeds: {', '.join(map(str, spec.every_seed))}. Interference is score(monolingual) - "
        "score(multilingual) on the same test examples, positive = hurt. The "
        f"{100 * (1 - spec.statistics.alpha):g}\u00a0% intervals hold what the test does not "
        "reject. Its variance adds the test examples' part and the seeds' part; p-values are "
        "averaged over what the seeds leave unknown of theirs, and adjusted by Holm over the "
        "languages of a table. The minimum detectable effect is an estimate for power 0.8."
    )
