"""`data check`: what there is, and what is wrong with it, before anything is trained on it."""

import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from isogloss.core import InputError
from isogloss.data.overlap import LARGEST_OVERLAP, Side, overlap_findings
from isogloss.data.plausible import (
    Finding,
    character_findings,
    differing_labels,
    differing_pairs,
    foreign_shares,
    foreign_text_findings,
    label_findings,
)
from isogloss.data.readers import DataWarning, UnmetLabels
from isogloss.data.sources import DataSource, Unit
from isogloss.data.survey import Survey, survey_unit
from isogloss.data.testbed import is_test_bed

if TYPE_CHECKING:
    import pandas as pd

_REPEATED_WARNING: Final = 0.1
COLUMNS: Final = (
    *("kind", "language", "split", "status", "n_examples", "n_tokens", "n_bytes", "n_blank"),
    *("n_repeated", "n_also_in_train", "foreign_letters", "n_other_script", "labels"),
)


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

    def frame(self) -> "pd.DataFrame":
        """Return the counts, one row per kind, language and split."""
        import pandas as pd

        return pd.DataFrame([dict(row) for row in self.rows], columns=list(COLUMNS))


def check_data(
    source: DataSource,
    units: Sequence[Unit] | None = None,
    *,
    largest_overlap: float = LARGEST_OVERLAP,
) -> DataCheck:
    """Read data once and report counts and findings.

    Text streams: what is kept per unit is eight bytes per example and one count per different
    character, so a file of any size can be checked.

    Args:
        source: the data; broken files become findings, not exceptions.
        units: what a study uses; everything that is there where none are given.
        largest_overlap: share of the texts of a split that may also stand in another split, or
            under another language, before that is an error.

    Returns:
        Counts per unit, and findings: broken files, absent splits, the same text in two splits or
        under two languages (white space, case and the form of composed letters do not count),
        labels that other splits or languages don't have, damaged characters, letters of another
        script, blank lines, files that were passed over.
    """
    findings = [
        Finding("warning", path, reason)
        for path, reason in (source.ignored if units is None else {}).items()
    ]
    unmet: dict[Unit, UnmetLabels] = {}
    surveys = {
        unit: _survey(source, unit, findings, unmet)
        for unit in (source.units() if units is None else units)
    }
    findings.extend(_unmet(surveys, unmet))
    rows: list[Mapping[str, object]] = []
    for kind, of_kind in groupby(surveys.items(), key=lambda one: one[0].kind):
        labels: dict[str, Mapping[str, int]] = {}
        for languages, group in groupby(of_kind, key=lambda one: one[0].languages):
            members = dict(group)
            train = next((s for u, s in members.items() if u.split == "train" and s), None)
            for unit, survey in members.items():
                findings.extend(_unit_findings(unit, survey, train))
                rows.append(_row(unit, survey, train))
            findings.extend(foreign_text_findings({u: s for u, s in members.items() if s}))
            if units is None:
                findings.extend(_absent_splits(members))
            counts = sum((s.labels for s in members.values() if s), Counter[str]())
            labels["+".join(map(str, languages))] = counts
        findings.extend(differing_labels(kind, labels))
        findings.extend(differing_pairs({u: s for u, s in surveys.items() if u.kind == kind and s}))
    findings.extend(_held_out(source, surveys))
    findings.extend(
        _overlaps(
            surveys,
            largest=largest_overlap,
            planted=any(map(is_test_bed, (source.where, Path(source.where).parent))),
            in_use=units is not None,
        )
    )
    findings.sort(key=lambda finding: finding.severity != "error")
    return DataCheck(source.where, tuple(rows), tuple(findings))


def _unmet(
    surveys: Mapping[Unit, Survey | None], unmet: Mapping[Unit, UnmetLabels]
) -> Iterator[Finding]:
    """Yield the labels that a mapping renames and that no file of a kind has."""
    for kind in dict.fromkeys(unit.kind for unit in unmet):
        read = [unit for unit, survey in surveys.items() if unit.kind == kind and survey]
        told = [unmet[unit] for unit in read if unit in unmet]
        nowhere = set.intersection(*(set(one.names) for one in told)) if told else set[str]()
        if nowhere and len(told) == len(read):
            names = ", ".join(f"`{one}`" for one in told[0].names if one in nowhere)
            found = ", ".join(f"`{label}`" for label in told[0].found)
            text = f"`labels` maps {names}, which is no label in any file; found {found}"
            yield Finding("warning", kind, text)


def _survey(
    source: DataSource, unit: Unit, findings: list[Finding], unmet: dict[Unit, UnmetLabels]
) -> Survey | None:
    """Survey one unit; what is raised or warned about becomes a finding, or is noted in `unmet`."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", DataWarning)
        try:
            return survey_unit(source, unit)
        except InputError as error:
            findings.append(Finding("error", str(unit), str(error), error))
            return None
        finally:
            for one in caught:
                if isinstance(one.message, UnmetLabels):
                    unmet[unit] = one.message
                else:
                    findings.append(Finding("warning", str(unit), str(one.message)))


def _overlaps(
    surveys: Mapping[Unit, Survey | None], *, largest: float, planted: bool, in_use: bool
) -> Iterator[Finding]:
    """Yield the overlaps of each kind of data, its sets together."""
    by_task: dict[str, list[Side]] = {}
    for unit, survey in surveys.items():
        for side in survey.sides if survey else ():
            digests = np.asarray(side.digests, dtype=np.int64)
            by_task.setdefault(unit.task, []).append(Side(unit, side.language, digests))
    for sides in by_task.values():
        yield from overlap_findings(sides, largest=largest, planted=planted, in_use=in_use)


def _held_out(source: DataSource, surveys: Mapping[Unit, Survey | None]) -> Iterator[Finding]:
    """Yield which dev data are part of the training data that lie there."""
    for unit in source.held_out():
        own, train = surveys.get(unit), surveys.get(unit._replace(split="train"))
        if own and train:
            text = (
                f"no dev data: {own.n_examples} of the {own.n_examples + train.n_examples} "
                "training examples are held out from training as dev data, chosen by their "
                "content and always the same"
            )
            yield Finding("warning", str(unit).removesuffix(" dev"), text)


def _row(unit: Unit, survey: Survey | None, train: Survey | None) -> Mapping[str, object]:
    """Return the counts of one unit; a broken one has none."""
    row: dict[str, object] = {
        "kind": unit.kind,
        "language": "+".join(map(str, unit.languages)),
        "split": unit.split,
        "status": "broken" if survey is None else "read",
    }
    if survey is not None:
        shares = [share for share, _ in foreign_shares(survey).values()]
        row |= {
            "n_examples": survey.n_examples,
            "n_tokens": survey.n_tokens,
            "n_bytes": survey.n_bytes,
            "n_blank": survey.n_blank,
            "n_repeated": survey.n_repeated(),
            "n_also_in_train": 0 if train in (None, survey) else survey.n_shared(train),
            "foreign_letters": max(shares, default=None),
            "n_other_script": sum(side.n_foreign for side in survey.sides),
            "labels": " ".join(sorted(survey.labels)),
        }
    return row


def _unit_findings(unit: Unit, survey: Survey | None, train: Survey | None) -> Iterator[Finding]:
    """Yield what is wrong with one unit."""
    if survey is None:
        return
    where = str(unit)
    if survey.n_blank:
        yield Finding("warning", where, f"{survey.n_blank} blank lines; they are passed over")
    if survey.n_repeated() > _REPEATED_WARNING * survey.n_examples:
        text = f"{survey.n_repeated()} of {survey.n_examples} examples repeat an earlier one"
        yield Finding("warning", where, text)
    yield from character_findings(unit, survey)
    yield from label_findings(unit, survey, train)


def _absent_splits(units: Iterable[Unit]) -> Iterator[Finding]:
    """Yield the splits that a language with training data does not have."""
    there = {unit.split: unit for unit in units}
    if "train" in there:
        for split in ("dev", "test"):
            if split not in there:
                where = str(there["train"]).removesuffix(" train")
                yield Finding("warning", where, f"has train but no {split} split")
