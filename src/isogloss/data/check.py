"""`data check`: what there is, and what is wrong with it, before anything is trained on it."""

import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Final, Literal

import pandas as pd

from isogloss.core import InputError
from isogloss.data.characters import describe, foreign_letters, is_broken
from isogloss.data.readers import UPOS, DataWarning
from isogloss.data.sources import DataSource, Unit
from isogloss.data.survey import Survey, survey_unit

_FOREIGN_WARNING: Final = 0.1
_FOREIGN_ERROR: Final = 0.5
_REPEATED_WARNING: Final = 0.1
COLUMNS: Final = (
    *("kind", "language", "split", "status", "n_examples", "n_tokens", "n_bytes", "n_blank"),
    *("n_repeated", "n_also_in_train", "foreign_letters", "labels"),
)


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong.

    Args:
        severity: an `error` makes the data unusable; a `warning` should be looked at.
        where: the unit, or the place.
        text: what was found and what to do.
    """

    severity: Literal["error", "warning"]
    where: str
    text: str

    def __str__(self) -> str:
        return f"{self.severity}: {self.where}: {self.text}"


@dataclass(frozen=True)
class DataCheck:
    """The result of a check.

    Args:
        where: the place that was checked.
        rows: one mapping per unit, with the keys `COLUMNS`.
        findings: errors first.
    """

    where: str
    rows: tuple[Mapping[str, object], ...]
    findings: tuple[Finding, ...]

    @property
    def usable(self) -> bool:
        """Tell whether no error was found."""
        return all(finding.severity != "error" for finding in self.findings)

    def frame(self) -> pd.DataFrame:
        """Return the counts, one row per kind, language and split."""
        return pd.DataFrame([dict(row) for row in self.rows], columns=list(COLUMNS))


def check_data(source: DataSource) -> DataCheck:
    """Read everything in `source` once and report counts and findings.

    Text streams: what is kept per unit is eight bytes per example and one count per different
    character, so a file of any size can be checked.

    Args:
        source: the data; broken files become findings, not exceptions.

    Returns:
        Counts per unit, and findings: broken files, absent splits, duplicates within and across
        splits, labels that other splits or languages don't have, damaged characters, letters of
        another script, blank lines, files that were passed over.
    """
    rows: list[Mapping[str, object]] = []
    findings = [
        Finding("warning", path, "its name does not follow the layout; it was passed over")
        for path in source.ignored
    ]
    for kind, units_of_kind in groupby(source.units(), key=lambda unit: unit.kind):
        labels: dict[str, Mapping[str, int]] = {}
        for languages, group in groupby(units_of_kind, key=lambda unit: unit.languages):
            surveys = {unit: _survey(source, unit, findings) for unit in group}
            train = next((s for u, s in surveys.items() if u.split == "train" and s), None)
            for unit, survey in surveys.items():
                findings.extend(_split_findings(unit, survey, train))
                rows.append(_row(unit, survey, train))
            findings.extend(_absent_splits(surveys))
            counts = sum((s.labels for s in surveys.values() if s), Counter[str]())
            labels["+".join(map(str, languages))] = counts
        findings.extend(_label_findings(kind, labels))
    findings.sort(key=lambda finding: finding.severity != "error")
    return DataCheck(source.where, tuple(rows), tuple(findings))


def _survey(source: DataSource, unit: Unit, findings: list[Finding]) -> Survey | None:
    """Survey one unit; what is raised or warned about becomes a finding."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", DataWarning)
        try:
            return survey_unit(source, unit)
        except InputError as error:
            findings.append(Finding("error", str(unit), str(error)))
            return None
        finally:
            repairs = [str(warning.message) for warning in caught]
            findings.extend(Finding("warning", str(unit), text) for text in repairs)


def _row(unit: Unit, survey: Survey | None, train: Survey | None) -> Mapping[str, object]:
    """Return the counts of one unit; a broken one has none."""
    row: dict[str, object] = {
        "kind": unit.kind,
        "language": "+".join(map(str, unit.languages)),
        "split": unit.split,
        "status": "broken" if survey is None else "read",
    }
    if survey is not None:
        shares = [share for share, _ in _foreign(unit, survey).values()]
        row |= {
            "n_examples": survey.n_examples,
            "n_tokens": survey.n_tokens,
            "n_bytes": survey.n_bytes,
            "n_blank": survey.n_blank,
            "n_repeated": survey.n_repeated(),
            "n_also_in_train": 0 if train in (None, survey) else survey.n_shared(train),
            "foreign_letters": max(shares, default=None),
            "labels": " ".join(sorted(survey.labels)),
        }
    return row


def _foreign(unit: Unit, survey: Survey) -> Mapping[str, tuple[float, str]]:
    """Return, per language of the unit, the share of letters of other scripts and the script."""
    found = {
        str(language): foreign_letters(characters, language.script)
        for language, characters in zip(unit.languages, survey.characters, strict=True)
    }
    return {language: value for language, value in found.items() if value is not None}


def _split_findings(unit: Unit, survey: Survey | None, train: Survey | None) -> Iterator[Finding]:
    """Yield what is wrong with one unit."""
    if survey is None:
        return
    where = str(unit)
    if survey.n_blank:
        yield Finding("warning", where, f"{survey.n_blank} blank lines; they are passed over")
    if survey.n_repeated() > _REPEATED_WARNING * survey.n_examples:
        text = f"{survey.n_repeated()} of {survey.n_examples} examples repeat an earlier one"
        yield Finding("warning", where, text)
    yield from _character_findings(unit, survey)
    if train is None or train is survey:
        return
    if shared := survey.n_shared(train):
        text = f"{shared} of {survey.n_examples} examples also stand in train: scores on them "
        yield Finding("warning", where, text + "measure memory; remove them from train")
    if unseen := sorted(set(survey.labels) - set(train.labels)):
        yield Finding("warning", where, f"labels that train does not have: {', '.join(unseen)}")


def _character_findings(unit: Unit, survey: Survey) -> Iterator[Finding]:
    """Yield damaged characters and letters of other scripts."""
    for characters in survey.characters:
        broken = {c: n for c, n in characters.items() if is_broken(c)}
        if broken:
            listed = ", ".join(f"{describe(c)} ({n} times)" for c, n in sorted(broken.items())[:5])
            first = survey.first_broken or 0
            text = f"unknown, replacement or control characters, first in example {first}: {listed}"
            yield Finding("warning", str(unit), text)
    for language, (share, script) in _foreign(unit, survey).items():
        if share > _FOREIGN_WARNING:
            text = f"{share:.0%} of the letters are not of the script of {language}, most of them "
            severity = "error" if share > _FOREIGN_ERROR else "warning"
            step = f"{script.title()}; check the file, or name it by its script, as tel-Latn"
            yield Finding(severity, str(unit), text + step)


def _absent_splits(units: Iterable[Unit]) -> Iterator[Finding]:
    """Yield the splits that a language with training data does not have."""
    there = {unit.split: unit for unit in units}
    if "train" in there:
        for split in ("dev", "test"):
            if split not in there:
                where = str(there["train"]).removesuffix(" train")
                yield Finding("warning", where, f"has train but no {split} split")


def _label_findings(kind: str, labels: Mapping[str, Mapping[str, int]]) -> Iterator[Finding]:
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
