"""The numbers of a study by who learned with whom: scores, and differences with their intervals."""

import math
from collections.abc import Hashable, Mapping
from typing import Final, NamedTuple

import pandas as pd

from isogloss.report.study_files import Row, StudyFiles, number

Team = tuple[str, frozenset[str]]
Place = tuple[str, str, str]
_PLACE: Final = ("task", "metric", "setting", "source_language", "language")


class Difference(NamedTuple):
    """A difference of scores with its interval, > 0: the first is better."""

    value: float
    low: float
    high: float


class OurNumbers:
    """Finds the numbers of a study by treatment and by the set of languages that learned together.

    Args:
        study: with `verdicts.csv`; `comparisons.csv` and `mixtures.csv` where there are any.
        pivot: our language with the labelled data of zero-shot tests.

    Raises:
        NotMeasured: the study has no verdicts.
    """

    def __init__(self, study: StudyFiles, *, pivot: str) -> None:
        verdicts = study.table("verdicts")
        self._pivot = pivot
        self._scores = _by_place(verdicts, ("treatment", "match"), ("mixture",))
        self._gains = _by_place(
            study.tables.get("comparisons"), ("treatment", "reference"), ("mixture",)
        )
        self._wider = _by_place(
            study.tables.get("mixtures"), ("treatment",), ("mixture", "reference_mixture")
        )
        self.tasks = set(zip(verdicts["task"], verdicts["metric"], strict=True))
        self.matches = tuple(dict.fromkeys(verdicts["match"].astype(str)))
        teams = [str(mixture).split("+") for mixture in dict.fromkeys(verdicts["mixture"])]
        pairs = [team for team in teams if len(team) == 2 and pivot in team]
        named = study.items("treatments")
        self._labels = {str(one.get("label")): str(one.get("name")) for one in named}
        self.partners: tuple[str, ...] = tuple(
            dict.fromkeys(code for team in pairs for code in team if code != pivot)
        )

    def labels(self, treatment: str) -> tuple[str, ...]:
        """Return what a study calls its settings of a treatment; its name where it has none."""
        return tuple(one for one, name in self._labels.items() if name == treatment) or (treatment,)

    def score(self, team: Team, match: str, place: Place, language: str) -> float:
        """Return the score on a language; nan where it was not measured.

        Args:
            team: label of a treatment, and the languages that one model learned.
            match: of a monolingual model; "" for a joint one.
            place: task, metric, setting.
            language: tested on it.
        """
        treatment, _ = team
        if treatment == "monolingual":
            pair = frozenset({self._pivot, language})
            return number(self._verdict(("untreated", pair), match, place, language).get(treatment))
        scores = (
            number(self._verdict(team, one, place, language).get("multilingual"))
            for one in self.matches
        )
        return next((score for score in scores if not math.isnan(score)), math.nan)

    def difference(
        self, first: Team, second: Team, match: str, place: Place, language: str
    ) -> Difference | None:
        """Return score(first) - score(second) with its interval; None where not measured.

        Args:
            first: label of a treatment, and the languages that one model learned.
            second: likewise; "monolingual" is the model of `language` alone.
            match: of the monolingual side, else "".
            place: task, metric, setting.
            language: tested on it.
        """
        tested = self._tested(place, language)
        if second[0] == "monolingual":
            row = self._verdict(first, match, place, language)
            return _difference(row, "interference", sign=-1.0)
        if first[0] != second[0]:
            row = self._gains.get((first[0], second[0], first[1], *tested), {})
        else:
            row = self._wider.get((first[0], first[1], second[1], *tested), {})
        return _difference(row, "gain", sign=1.0)

    def _verdict(self, team: Team, match: str, place: Place, language: str) -> Row:
        """The row of a joint model, which holds the monolingual side too; empty where none is."""
        return self._scores.get((team[0], match, team[1], *self._tested(place, language)), {})

    def _tested(self, place: Place, language: str) -> tuple[str, ...]:
        """Where a number stands, with the language of the labelled data."""
        source = language if place[2] == "within_language" else self._pivot
        return (*place, source, language)


def _by_place(
    table: pd.DataFrame | None, names: tuple[str, ...], mixtures: tuple[str, ...]
) -> Mapping[tuple[Hashable, ...], Row]:
    """Rows by names, sets of languages and place; the first of equal ones."""
    found: dict[tuple[Hashable, ...], Row] = {}
    for row in [] if table is None else table.to_dict("records"):
        teams = tuple(frozenset(str(row[name]).split("+")) for name in mixtures)
        found.setdefault(
            (*(str(row[name]) for name in names), *teams, *(str(row[name]) for name in _PLACE)), row
        )
    return found


def _difference(row: Row, column: str, *, sign: float) -> Difference | None:
    """The number of a row with its interval, turned where the sign is; None for an empty row."""
    value = sign * number(row.get(column))
    if math.isnan(value):
        return None
    ends = sorted(sign * number(row.get(name)) for name in ("ci_low", "ci_high"))
    return Difference(value, ends[0], ends[1])
