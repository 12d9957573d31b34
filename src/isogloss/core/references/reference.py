"""The tables of a paper as data, and the words that turn its rows into ours."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources import files
from typing import Final

from isogloss.core.records import SETTINGS

_POINTS: Final = 100.0


@dataclass(frozen=True)
class PublishedModel:
    """One row of a paper's tables: a model for each language of the columns.

    Attributes:
        name: the paper's.
        treatment: ours.
        company: learn together with the language of the column, the paper's codes.
        third: one more language, by language of the column; only these have such a model.
    """

    name: str
    treatment: str
    company: tuple[str, ...] = ()
    third: Mapping[str, str] = field(default_factory=dict)

    def learned(self, language: str) -> tuple[str, ...]:
        """Return what the model of a column learned; nothing where the row has no such model."""
        if not self.third:
            return (*self.company, language)
        return (*self.company, language, self.third[language]) if language in self.third else ()


@dataclass(frozen=True)
class Reference:
    """A paper's numbers and what they mean.

    Attributes:
        name: key in `REFERENCES`.
        paper: authors and year, as one writes it in a sentence.
        key: BibTeX key.
        text: authors, title, year, URL.
        bibtex: the entry.
        file: table beside this code, "" where the numbers are not known; columns table, setting,
            task, model, language, metric, value.
        models: the rows that have a treatment of ours.
        comparisons: pairs (model, model it is held against) that the paper draws conclusions from.
        metrics: the paper's (task, metric) -> ours.
        pivot: the language with labelled data of the zero-shot tests.
        languages: the paper's code -> our language, as `str(Language)`.
        samples: the paper's name of a sampled corpus -> code of the language it is cut from.
        remarks: what to know before comparing values, by our task.
        claim: what the paper concludes, where its numbers are not known.
    """

    name: str
    paper: str
    key: str
    text: str
    bibtex: str
    file: str
    models: tuple[PublishedModel, ...]
    comparisons: tuple[tuple[str, str], ...]
    metrics: Mapping[tuple[str, str], tuple[str, str]]
    pivot: str
    languages: Mapping[str, str]
    samples: Mapping[str, str]
    remarks: Mapping[str, str]
    claim: str = ""

    @cached_property
    def scores(self) -> Mapping[tuple[str, str, str, str, str], float]:
        """Return the published scores of the two settings, as fractions.

        Returns:
            By (model, task, metric, setting, language): model and language are the paper's words
            ("avg" is its mean over languages), task and metric ours.
        """
        if not self.file:
            return {}
        text = files("isogloss.core.references").joinpath(self.file).read_text(encoding="utf-8")
        return {
            (
                row["model"],
                *self.metrics[row["task"], row["metric"]],
                row["setting"],
                row["language"],
            ): float(row["value"]) / _POINTS
            for row in csv.DictReader(text.splitlines())
            if row["setting"] in SETTINGS
        }

    def model(self, name: str) -> PublishedModel:
        """Return the row of that name."""
        return next(model for model in self.models if model.name == name)

    def in_study(self, languages: Sequence[str]) -> dict[str, str]:
        """Return our language for each code of the paper.

        Args:
            languages: of a study. The first variant of a language (`fra-Latn-x-low`, a sample of
                its text) is what the paper's sampled corpus of it stands for.
        """
        found = dict(self.languages)
        for sample, full in self.samples.items():
            variants = [one for one in languages if one.startswith(f"{self.languages[full]}-x-")]
            if variants:
                found[sample] = variants[0]
        return found
