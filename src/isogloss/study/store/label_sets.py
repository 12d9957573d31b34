"""Whether what a language learns to say is what another one is asked: labels by source and target.

A zero-shot score of 0 because one set writes PER and the other PERSON says nothing of transfer, so
it is refused before anything is trained.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from isogloss.core import InputError, Language

_REFUSED: Final = 0.5
_SAID: Final = 0.1
_SHORTEST: Final = 3  # letters by which two names are known to be one: PER and PERSON
Labels = Mapping[Language, Counter[str]]


@dataclass(frozen=True)
class LabelSets:
    """The labels of one task.

    Args:
        task: name.
        trained: labels of the training data, by language.
        scored: labels of the data that are scored, by language.
        where: the place of the data.
        split: the split that is scored.
    """

    task: str
    trained: Labels
    scored: Labels
    where: str
    split: str = "test"


def compare_label_sets(sets: LabelSets, mixtures: Sequence[Sequence[Language]]) -> list[str]:
    """Compare the labels of each language with those of the languages it is tested on.

    Args:
        sets: the labels.
        mixtures: languages that are fine-tuned on one by one and tested on all of the mixture.

    Returns:
        What a reader should know: labels of a target that a source lacks, and their share.

    Raises:
        InputError: one label under two names, or a target most of whose labels a source lacks.
    """
    found: dict[str, None] = {}
    for mixture in mixtures:
        for source in (one for one in mixture if sets.trained.get(one)):
            for target in (one for one in mixture if sets.scored.get(one)):
                found.update(dict.fromkeys(_compared(sets, source, target)))
    return list(found)


def _compared(sets: LabelSets, source: Language, target: Language) -> Iterator[str]:
    """Yield what is to be said of one source and target."""
    known, asked = _kinds(sets.trained[source]), _kinds(sets.scored[target])
    missing = {label: n for label, n in asked.items() if label not in known}
    if not missing:
        return
    renamed = {label: name for label in missing if (name := _same(label, known, asked))}
    share = sum(missing.values()) / asked.total()
    named = ", ".join(f"`{label}`" for label in missing)
    if renamed or share > _REFUSED:
        pairs = ", ".join(f"{label}: {name}" for label, name in renamed.items())
        pairs = (
            pairs
            or f"{next(iter(missing))}: {next(iter(sorted(known.keys() - asked.keys())), 'O')}"
        )
        raise InputError(
            expected=f"labels of {target} that {source} is trained on: {', '.join(sorted(known))}",
            found=f"{named}, {share:.0%} of the labels of {target} {sets.split}",
            where=f"{sets.task} data in {sets.where}",
            next_step=f"Give them one name in a YAML mapping, such as `labels: {{{pairs}}}`; `O` "
            "for an entity type that is not wanted; or leave one of the languages out.",
        )
    if share >= _SAID:
        yield (
            f"{sets.task}: {share:.0%} of the {sets.split} labels of {target} are not in the "
            f"training data of {source} ({named}): no model that learns from {source} can find them"
        )


def _kinds(tags: Counter[str]) -> Counter[str]:
    """Return entity types for entity tags, and other labels as they are."""
    kinds = Counter[str]()
    if all(tag == "O" or tag[:2] in {"B-", "I-"} for tag in tags):
        for tag, n in tags.items():
            if tag.startswith("B-"):
                kinds[tag[2:]] += n
        return kinds
    return Counter(tags)


def _same(label: str, known: Counter[str], asked: Counter[str]) -> str:
    """Return the label that means the same under another name: PER for PERSON; else nothing."""
    own = label.casefold()
    for name in sorted(known.keys() - asked.keys()):
        other = name.casefold()
        if min(len(own), len(other)) >= _SHORTEST and (
            own.startswith(other) or other.startswith(own)
        ):
            return name
    return ""
