"""Numbers and names as people read them; the only place where fractions become points."""

import math
from collections.abc import Iterable, Sequence
from typing import Final

from isogloss.core import MATCHES, METRICS

# Where there is little room: in tables with a line for each task.
SHORT_TASKS: Final = {
    "masked_lm": "Masked-LM loss",
    "ner": "NER",
    "pos": "POS tagging",
    "topic": "Topic",
    "nli": "NLI",
    "paraphrase": "Paraphrase",
    "parallel": "Retrieval",
    "retrieval": "Retrieval",
    "qa": "QA",
}
MINUS: Final = "\u2212"
DASH: Final = "\u2013"
NONE: Final = "\u2014"

TASKS: Final = {
    "masked_lm": "Masked language modelling",
    "ner": "Named entity recognition",
    "pos": "Part-of-speech tagging",
    "topic": "Topic classification",
    "nli": "Natural language inference",
    "paraphrase": "Paraphrase identification",
    "parallel": "Parallel sentence retrieval",
    "retrieval": "Parallel sentence retrieval",
    "qa": "Question answering",
}
SETTINGS: Final = {"within_language": "within language", "zero_shot": "zero-shot"}
# Verdict -> sign, words. The sign and the word say it without colour.
VERDICTS: Final = {
    "HURT": ("▼", "Hurt"),
    "HELPED": ("▲", "Helped"),
    "INCONCLUSIVE": ("○", "Inconclusive"),
    "UNDERPOWERED": ("?", "Underpowered"),
    "UNDECIDED": ("?", "Undecided"),
    "BETTER": ("▲", "Better"),
    "WORSE": ("▼", "Worse"),
    "NO DIFFERENCE": ("=", "No difference of interest"),
}
_FIRST_TREATMENTS: Final = ("monolingual", "untreated", "temperature")


def in_bits(metric: str) -> bool:
    """Return whether a metric is printed in bits, not in points."""
    return metric in METRICS and METRICS[metric].unit == "bits"


def _as_it_is(metric: str) -> bool:
    """Return whether a metric is printed in its own unit and not in points."""
    return metric in METRICS and METRICS[metric].unit != "fraction"


def factor(metric: str) -> float:
    """Return what a stored score is multiplied with before it is printed."""
    return 1.0 if _as_it_is(metric) else 100.0


def score(value: float, metric: str) -> str:
    """Print a score: points with one decimal, bits with three.

    Example:
        >>> score(0.8134, "entity_f1"), score(1.5, "bits_per_byte"), score(float("nan"), "accuracy")
        ('81.3', '1.500', '—')
    """
    return _fixed(value * factor(metric), 3 if _as_it_is(metric) else 1)


def difference(value: float, metric: str) -> str:
    """Print a difference of scores, with its sign.

    Example:
        >>> difference(0.0123, "entity_f1"), difference(-0.0304, "bits_per_byte")
        ('+1.2', '−0.030')
    """
    text = _fixed(value * factor(metric), 3 if _as_it_is(metric) else 1)
    return f"+{text}" if value > 0 and any(digit in text for digit in "123456789") else text


def interval(low: float, high: float, metric: str) -> str:
    """Print an interval of differences.

    Example:
        >>> interval(-0.01, 0.02, "accuracy")
        '[−1.0, +2.0]'
    """
    if not (math.isfinite(low) and math.isfinite(high)):
        return NONE
    return f"[{difference(low, metric)}, {difference(high, metric)}]"


def amount(value: float, metric: str, *, of_metric: bool = True) -> str:
    """Print a size in a sentence: "4.2 points of entity F1", "0.031 bits per byte"."""
    if in_bits(metric):
        return f"{score(abs(value), metric)} bits per byte"
    if _as_it_is(metric):
        return f"{score(abs(value), metric)} of {metric_name(metric)}"
    words = f" of {metric_name(metric)}" if of_metric else ""
    return f"{score(abs(value), metric)} points{words}"


def probability(value: float) -> str:
    """Print a p-value.

    Example:
        >>> probability(0.0004), probability(0.0312)
        ('<0.001', '0.031')
    """
    if not math.isfinite(value):
        return NONE
    return "<0.001" if value < 0.0005 else f"{value:.3f}"


def count(value: float) -> str:
    """Print a whole number with thousands separated."""
    return f"{value:,.0f}" if math.isfinite(value) else NONE


def decimal(value: float, digits: int) -> str:
    """Print a number with fixed digits, or a dash."""
    return _fixed(value, digits)


def percent(value: float, digits: int = 1) -> str:
    """Print a share as per cent."""
    return f"{_fixed(100 * value, digits)}\u00a0%" if math.isfinite(value) else NONE


def duration(seconds: float) -> str:
    """Print a time a person would say.

    Example:
        >>> duration(42.3), duration(150), duration(7300)
        ('42 s', '2 min 30 s', '2 h 1 min')
    """
    if not math.isfinite(seconds):
        return NONE
    whole = round(seconds)
    if whole < 60:
        return f"{seconds:.1f} s" if seconds < 10 else f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def metric_name(metric: str) -> str:
    """Return the words for a metric."""
    return METRICS[metric].label if metric in METRICS else metric.replace("_", " ")


def metric_and_unit(metric: str) -> str:
    """Return the words for a metric with its unit, once where the name already says it.

    Example:
        >>> metric_and_unit("entity_f1"), metric_and_unit("bits_per_byte")
        ('entity F1, points', 'bits per byte')
    """
    name = metric_name(metric)
    return name if unit(metric) in name else f"{name}, {unit(metric)}"


def unit(metric: str) -> str:
    """Return the unit of the printed number."""
    if in_bits(metric):
        return "bits per byte"
    return metric_name(metric) if _as_it_is(metric) else "points"


def task_name(task: str) -> str:
    """Return the words for a task; a task we do not know keeps its own name."""
    train, _, test = task.partition("-on-")
    known = TASKS.get(train.partition(".")[0])
    if known and train != task:
        return f"{known}, trained on {train}, tested on {test}"
    if known and "." in train:
        return f"{known}, set {train}"
    return known or task.replace("_", " ") or "task not named"


def short_task_name(task: str) -> str:
    """Return few words for a task.

    Example:
        >>> short_task_name("ner"), short_task_name("word_order")
        ('NER', 'word order')
    """
    return SHORT_TASKS.get(task) or task_name(task)


def treatment_name(treatment: str) -> str:
    """Return the words for a treatment."""
    words = treatment.replace("_", " ")
    return words[:1].upper() + words[1:]


def match_name(match: str) -> str:
    """Return the words for a budget match."""
    return MATCHES.get(match, match or "budget match not recorded")


def joined(words: Sequence[str]) -> str:
    """Join with commas and an "and".

    Example:
        >>> joined(["a", "b", "c"])
        'a, b and c'
    """
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def plural(number: int, word: str, words: str = "") -> str:
    """Print a count with its noun.

    Example:
        >>> plural(1, "seed"), plural(3, "seed")
        ('1 seed', '3 seeds')
    """
    return f"{number:,} {word if number == 1 else words or word + 's'}"


def in_order(treatments: Iterable[str]) -> list[str]:
    """Order treatments: the controls first, then by name; each once."""
    names = set(treatments)
    first = [name for name in _FIRST_TREATMENTS if name in names]
    return first + sorted(names - set(first))


def _fixed(value: float, digits: int) -> str:
    """Fixed digits, a real minus, no negative zero."""
    if not math.isfinite(value):
        return NONE
    text = f"{value:.{digits}f}"
    if text.startswith("-"):
        text = text[1:] if float(text) == 0 else MINUS + text[1:]
    return text
