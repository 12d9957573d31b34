"""Whether what was read can be what it is called: letters, their script, labels."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from isogloss.core import InputError
from isogloss.data.characters import describe, foreign_letters, is_broken, letter_share
from isogloss.data.readers import UPOS
from isogloss.data.sources import Unit
from isogloss.data.survey import Survey

_FOREIGN_WARNING: Final = 0.1
_FOREIGN_ERROR: Final = 0.5
# A language has 80 to 100 letters and marks in 100 characters that are no blanks.
_FEWEST_LETTERS: Final = 0.3
_UNSEEN_ERROR: Final = 0.1
_FEWEST_CLASSES: Final = 2


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong.

    Args:
        severity: an `error` makes the data unusable; a `warning` should be looked at.
        where: the unit, or the place.
        text: what was found and what to do.
        cause: what reading the unit raised, where it cannot be read.
    """

    severity: Literal["error", "warning"]
    where: str
    text: str
    cause: InputError | None = None

    def __str__(self) -> str:
        return f"{self.severity}: {self.where}: {self.text}"


def foreign_shares(survey: Survey) -> Mapping[str, tuple[float, str]]:
    """Return, per language of a unit, the share of letters of other scripts and the script."""
    found = {
        str(side.language): foreign_letters(side.characters, side.language.script)
        for side in survey.sides
    }
    return {language: value for language, value in found.items() if value is not None}


# Unicode's word for a script -> ISO 15924, of those that text is written in by another language.
_CODES: Final = {
    "LATIN": "Latn",
    "CYRILLIC": "Cyrl",
    "ARABIC": "Arab",
    "DEVANAGARI": "Deva",
    "GREEK": "Grek",
    "HEBREW": "Hebr",
}


def character_findings(unit: Unit, survey: Survey) -> Iterator[Finding]:
    """Yield damaged characters, texts without letters and letters of other scripts."""
    for side in survey.sides:
        broken = {c: n for c, n in side.characters.items() if is_broken(c)}
        if broken:
            listed = ", ".join(f"{describe(c)} ({n} times)" for c, n in sorted(broken.items())[:5])
            text = (
                "unknown, replacement or control characters, first in example "
                f"{side.first_broken}: {listed}"
            )
            yield Finding("warning", str(unit), text)
        letters = letter_share(side.characters)
        if letters < _FEWEST_LETTERS:
            text = f"{letters:.0%} of the characters are letters: is another column the text?"
            yield Finding("error", str(unit), text)
    yield from _script_findings(unit, survey)


def _script_findings(unit: Unit, survey: Survey) -> Iterator[Finding]:
    """Yield what is written in another script than the language's."""
    shares = foreign_shares(survey)
    for side in survey.sides:
        share, script = shares.get(str(side.language), (0.0, ""))
        if share > _FOREIGN_WARNING:
            severity = "error" if share > _FOREIGN_ERROR else "warning"
            code = _CODES.get(script)
            rename = f", or name it {side.language.code}-{code}" if code else ""
            text = (
                f"{share:.0%} of the letters are not of the script of {side.language}, most of "
                f"them {script.title()}; check the file{rename}"
            )
            yield Finding(severity, str(unit), text)


def foreign_text_findings(surveys: Mapping[Unit, Survey]) -> Iterator[Finding]:
    """Yield single texts of another script, for all splits of a language at once."""
    found = {
        unit: side
        for unit, survey in surveys.items()
        for side in survey.sides
        if side.n_foreign
        and foreign_shares(survey).get(str(side.language), (0, ""))[0] <= _FOREIGN_ERROR
    }
    if not found:
        return
    first = next(iter(found))
    counts = ", ".join(f"{side.n_foreign} in {unit.split}" for unit, side in found.items())
    text = (
        f"single texts are of another script: {counts}; the first is example "
        f"{found[first].first_foreign} of {first.split}"
    )
    yield Finding("warning", str(first).removesuffix(f" {first.split}"), text)


def label_findings(unit: Unit, survey: Survey, train: Survey | None) -> Iterator[Finding]:
    """Yield labels of one unit that cannot be learnt, or from which nothing is."""
    if unit.task not in _LABELLED:
        return
    where = str(unit)
    # Dev data may be few; what is scored on them is looked at by the study.
    fatal = "warning" if unit.split == "dev" else "error"
    known = survey.labels if train is None else train.labels
    unseen = {label: n for label, n in survey.labels.items() if label not in known}
    if unseen:
        share = sum(unseen.values()) / sum(survey.labels.values())
        names = ", ".join(sorted(unseen))
        text = f"labels that train does not have: {names} ({share:.0%} of the labels)"
        if share < _UNSEEN_ERROR:
            yield Finding("warning", where, text)
        else:
            step = f"; train has {', '.join(sorted(known))}: map one set to the other"
            yield Finding(fatal, where, text + step)
    if unit.task != "ner" and len(survey.labels) < _FEWEST_CLASSES and survey.n_examples > 1:
        only = ", ".join(survey.labels)
        text = f"one class only, {only}: there is nothing to learn and every answer is right"
        yield Finding(fatal, where, text)
    if unit.task == "ner" and not survey.labels and survey.n_examples:
        yield Finding(fatal, where, "no entity: are the tags in another column?")


_LABELLED: Final = ("pos", "ner", "topic", "nli")


def differing_labels(kind: str, labels: Mapping[str, Mapping[str, int]]) -> Iterable[Finding]:
    """Yield labels that only one language has, or that one language lacks."""
    task = kind.partition(".")[0]
    for language, own in labels.items():
        where = f"{kind} {language}"
        others = [set(theirs) for name, theirs in labels.items() if name != language and theirs]
        known = set(UPOS) if task == "pos" else set().union(*others)
        if (strange := sorted(set(own) - known)) and known:
            text = "labels outside UPOS" if task == "pos" else "labels that no other language has"
            yield Finding("warning", where, f"{text}: {', '.join(strange)}")
        # Rare tags are absent from small treebanks; a class without examples is a fault.
        if task in {"nli", "topic"} and own and (lacking := sorted(known - set(own))):
            yield Finding("warning", where, f"lacks labels of others: {', '.join(lacking)}")


def differing_pairs(surveys: Mapping[Unit, Survey]) -> Iterator[Finding]:
    """Yield splits of single texts where others of the same kind have pairs of texts.

    Args:
        surveys: of one kind, of all languages and splits.
    """
    paired = next((unit for unit, survey in surveys.items() if survey.n_pairs), None)
    for unit, survey in surveys.items():
        if paired is not None and survey.n_examples and not survey.n_pairs:
            text = f"single texts, where {paired} has pairs of texts: name the columns of both in "
            step = "a mapping, `columns: {text: ..., pair: ..., label: ...}`, or in a header"
            yield Finding("error", str(unit), text + step)
