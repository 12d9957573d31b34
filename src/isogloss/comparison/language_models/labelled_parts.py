"""What two models are scored on: the data sets and languages that fit their heads."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from isogloss.core import InputError, Language
from isogloss.data import TASKS, DataSource
from isogloss.tasks import FORMS

_SPLITS: Final = ("test", "dev")
_PARALLEL: Final = "parallel"


@dataclass(frozen=True)
class Part:
    """What is scored at once: one data set of one language; parallel text is of the second one."""

    kind: str
    languages: tuple[Language, ...]
    split: str

    @property
    def name(self) -> str:
        """Its name."""
        return f"{self.kind}-{'+'.join(map(str, self.languages))}"


def _kinds(source: DataSource, form: str) -> list[str]:
    """Return the kinds of data that tasks of a form are tested on."""
    forms = {card.kind.partition(".")[0]: card.form for card in reversed(tuple(TASKS.values()))}
    return [kind for kind in source.kinds() if forms.get(kind.partition(".")[0]) == form]


def _with_split(source: DataSource, kind: str) -> list[Part]:
    """Return the parts of a kind: each language with its test data, or else its dev data."""
    return [
        Part(kind, (language,), split)
        for language in source.languages(kind)
        for split in _SPLITS
        if source.has(kind, language, split)
        and not (split == "dev" and source.has(kind, language, "test"))
    ]


def labelled_parts(
    source: DataSource, form: str, heads: Sequence[str] | None
) -> tuple[list[Part], dict[str, dict[str, str]] | None, list[str]]:
    """Return what there is for the heads of a form of task.

    Labels that differ in case alone are the same.

    Args:
        source: of data.
        form: key of `FORMS`.
        heads: labels of the heads; None where answers are places and have no labels.

    Returns:
        The parts; for each kind of data how they spell the labels of the heads; what is left out.

    Raises:
        InputError: there is nothing, or nothing with a label that the heads know.
    """
    parts: list[Part] = []
    names: dict[str, dict[str, str]] = {}
    said: list[str] = []
    for kind in _kinds(source, form):
        here = _with_split(source, kind)
        if heads is not None and here:
            found = {
                label
                for part in here
                for example in FORMS[form].read(source, kind, part.languages[0], part.split)
                for label in FORMS[form].labels(example)
            }
            names[kind] = _as_in_the_data(heads, found)
            known = found & set(names[kind].values())
            unknown = ", ".join(sorted(found - known)[:8])
            if not known - {"O"}:
                said.append(f"{kind} is left out: the heads know none of its labels ({unknown}).")
                continue
            if unknown:
                said.append(f"{kind}: the heads do not know {unknown}, which count as missed.")
        parts += here
    if not parts:
        raise _no_data(form, heads or (), source, said)
    return parts, None if heads is None else names, said


def _as_in_the_data(heads: Sequence[str], found: Collection[str]) -> dict[str, str]:
    """Return how the data spell each label of the heads, where they have it or its entity type."""
    spelled = {one.casefold(): one for one in found}
    for one in found:
        if one[:2] in {"B-", "I-"}:
            spelled |= {f"{part}-{one[2:]}".casefold(): f"{part}-{one[2:]}" for part in "BI"}
    return {one: spelled[one.casefold()] for one in heads if one.casefold() in spelled}


def parallel_parts(source: DataSource) -> list[Part]:
    """Return the parallel text; of two languages the one that has fewer partners comes second.

    Raises:
        InputError: there is none.
    """
    units = [one for one in source.units() if one.task == _PARALLEL and one.split in _SPLITS]
    tested = {(one.kind, one.languages) for one in units if one.split == "test"}
    chosen = [one for one in units if one.split == "test" or one[:2] not in tested]
    if not chosen:
        raise _refusal(
            "heads of a task in both folders, or parallel text for encoders without one",
            f"no such heads, and data of {', '.join(source.kinds()) or 'no kind'}",
            source.where,
            "Fine-tune both models on the task, give parallel text, or compare language models on "
            "raw text (--text).",
        )
    met = [language for one in chosen for language in one.languages]
    return [
        Part(one.kind, tuple(sorted(one.languages, key=lambda x: -met.count(x))), one.split)
        for one in chosen
    ]


def same_labels(labels: Sequence[Sequence[str]], folders: Sequence[Path]) -> tuple[str, ...]:
    """Return the labels of both heads.

    Raises:
        InputError: they differ.
    """
    first, second = map(set, labels)
    if first == second:
        return tuple(labels[0])
    only = [
        f"only {name} has {', '.join(sorted(own)[:5])}"
        for name, own in zip(("BASE", "NEW"), (first - second, second - first), strict=True)
        if own
    ]
    raise _refusal(
        "heads with the same labels (id2label of config.json), in any order",
        "; ".join(only),
        " and ".join(map(str, folders)),
        "Models that tell other things apart are compared by per-example scores (--scores).",
    )


def _no_data(form: str, labels: Sequence[str], source: DataSource, said: list[str]) -> InputError:
    known = f" with labels of the heads ({', '.join(labels[:8])})" if labels else ""
    return _refusal(
        f"test or dev data for {form.replace('_', ' ')}{known}",
        " ".join(said) or f"data of {', '.join(source.kinds()) or 'no kind'}",
        source.where,
        "Give data of that form; labels are called as under id2label of config.json.",
    )


def _refusal(expected: str, found: str, where: str, next_step: str) -> InputError:
    return InputError(expected=expected, found=found, where=where, next_step=next_step)
