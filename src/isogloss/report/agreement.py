"""A paper's numbers beside a study's, and whether the signs of the differences agree."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Final

import pandas as pd

from isogloss.core import REFERENCES, SETTINGS, Reference
from isogloss.report.our_differences import Difference, OurNumbers
from isogloss.report.study_files import NotAsked, NotMeasured, StudyFiles

AGREES: Final = "agrees"
DISAGREES: Final = "disagrees"
NOT_TOLD: Final = "not significant"
NOT_MEASURED: Final = "not measured"
NO_SIGN: Final = "no difference in the paper"
NOT_AVAILABLE: Final = "not available"
# Told apart or not, these are the paper's signs; the other two kinds have none to agree with.
SIGNED: Final = (AGREES, DISAGREES, NOT_TOLD, NOT_MEASURED)
# A sign that turns has two sides: one that disagrees settles it, else the less certain one counts.
_WEAKEST_FIRST: Final = (DISAGREES, NOT_MEASURED, NOT_TOLD, AGREES)

MEAN: Final = "mean"
SIGN_COLUMNS: Final = (
    *("task", "metric", "setting", "model", "against", "treatment", "reference", "match"),
    *("language", "paper_language", "paper", "ours", "ci_low", "ci_high", "n_languages"),
    "agreement",
)
VALUE_COLUMNS: Final = (
    *("task", "metric", "setting", "model", "treatment", "match"),
    *("language", "paper_language", "paper", "ours"),
)
_DIGITS: Final = 6  # the paper prints three; more is the noise of subtracting floats


@dataclass(frozen=True)
class Beside:
    """A study and the paper that it names.

    Attributes:
        reference: the paper.
        codes: our language for each code of the paper; languages that the paper does not have stand
            for themselves.
        columns: codes of the languages that the study has beside the pivot.
        ours: the study's numbers.
    """

    reference: Reference
    codes: Mapping[str, str]
    columns: tuple[str, ...]
    ours: OurNumbers

    def team(self, model: str, code: str) -> frozenset[str] | None:
        """Return our languages that a model of the paper learned, or None where we lack one."""
        learned = self.reference.model(model).learned(code)
        if not learned or any(one not in self.codes for one in learned):
            return None
        return frozenset(self.codes[one] for one in learned)

    def places(self) -> Iterator[tuple[str, str, str]]:
        """Yield (task, metric, setting) of what both the paper and the study measured."""
        for task, metric in dict.fromkeys(self.reference.metrics.values()):
            if (task, metric) in self.ours.tasks:
                for setting in SETTINGS:
                    yield task, metric, setting

    def labels(self, *models: str) -> Iterator[tuple[str, ...]]:
        """Yield every choice of one setting of each model's treatment, by their labels."""
        treatments = [self.reference.model(model).treatment for model in models]
        yield from product(*(self.ours.labels(treatment) for treatment in treatments))

    def matches(self, model: str) -> tuple[str, ...]:
        """Return the budget matches under which a model was trained."""
        alone = self.reference.model(model).treatment == "monolingual"
        return self.ours.matches if alone else ("",)

    def published(self, model: str, place: tuple[str, str, str], code: str) -> float:
        """Return the paper's score as a fraction; nan where it has none."""
        return self.reference.scores.get((model, *place, code), math.nan)


def beside(study: StudyFiles) -> Beside:
    """Return a study with the paper it names.

    Raises:
        NotAsked: the study names none, or one without known numbers.
        NotMeasured: it names one that this version does not have, or has no verdicts.
    """
    name = study.text("reference")
    if not name:
        raise NotAsked
    if name not in REFERENCES:
        raise NotMeasured(f"this version of isogloss has no reference {name}.")
    reference = REFERENCES[name]
    if not reference.scores:
        raise NotAsked  # a display of its own says what can be said of such a paper
    ours = OurNumbers(study, pivot=reference.languages[reference.pivot])
    codes = reference.in_study(ours.partners)
    known = {language: code for code, language in codes.items()}
    order = [*reference.languages, *reference.samples]
    columns: list[str] = [known.get(language, language) for language in ours.partners]
    columns.sort(key=lambda code: order.index(code) if code in order else len(order))
    strangers = {code: code for code in columns if code not in codes}
    return Beside(reference, {**codes, **strangers}, tuple(columns), ours)


def agreement(paper: float, ours: Difference | None) -> str:
    """Say whether two differences have the same sign.

    Args:
        paper: the paper's difference; nan where it has none.
        ours: with its interval; None where it was not measured.

    Returns:
        One of the words of this file. Ours has a sign only if its interval leaves out zero.
    """
    if math.isnan(paper):
        return NOT_AVAILABLE
    if paper == 0:
        return NO_SIGN
    if ours is None or math.isnan(ours.value):
        return NOT_MEASURED
    if not (ours.low > 0 or ours.high < 0):
        return NOT_TOLD
    return AGREES if (ours.value > 0) == (paper > 0) else DISAGREES


def signs(found: Beside) -> pd.DataFrame:
    """Return every difference that the paper draws conclusions from, the study's beside it.

    Args:
        found: the study and its paper.

    Returns:
        Columns `SIGN_COLUMNS`, one row a comparison, task, setting and language; differences are
        fractions, > 0: the first model is better. Where the paper prints averages, a row for the
        mean over the languages that both have (language "mean"): of the paper's numbers it is
        recomputed over these languages.
    """
    rows: list[dict[str, object]] = []
    for place in found.places():
        for model, against in found.reference.comparisons:
            if place[2] == "zero_shot" and not found.reference.model(against).company:
                continue  # a monolingual model has no zero-shot score
            for first, second in found.labels(model, against):
                for match in found.matches(against):
                    lines = list(_lines(found, place, (model, against), (first, second), match))
                    rows += [*lines, *_mean(found, place, lines)]
    return pd.DataFrame(rows, columns=list(SIGN_COLUMNS))


def _lines(
    found: Beside,
    place: tuple[str, str, str],
    models: tuple[str, str],
    labels: tuple[str, str],
    match: str,
) -> Iterator[dict[str, object]]:
    """Yield one comparison in one task and setting, language by language."""
    for code in found.columns:
        language = found.codes[code]
        paper = [found.published(model, place, code) for model in models]
        first, second = (found.team(model, code) for model in models)
        ours = None
        if first and second:
            teams = (labels[0], first), (labels[1], second)
            ours = found.ours.difference(*teams, match, place, language)
        difference = round(paper[0] - paper[1], _DIGITS)
        if math.isnan(difference) and ours is None:
            continue
        yield {
            **dict(zip(("task", "metric", "setting"), place, strict=True)),
            **dict(zip(("model", "against"), models, strict=True)),
            **dict(zip(("treatment", "reference"), labels, strict=True)),
            "match": match,
            "language": language,
            "paper_language": code,
            "paper": difference,
            "ours": ours.value if ours else math.nan,
            "ci_low": ours.low if ours else math.nan,
            "ci_high": ours.high if ours else math.nan,
            "n_languages": 1,
            "agreement": agreement(difference, ours),
        }


def _mean(
    found: Beside, place: tuple[str, str, str], lines: list[dict[str, object]]
) -> list[dict[str, object]]:
    """Return the row of the mean, where the paper prints one and two languages have both numbers.

    Languages are tested on different examples by different runs, so the variances of their
    differences add; the half-width is the root of the summed squares over n. With t intervals this
    is never too narrow: the mean has at least as many degrees of freedom as its least certain part.
    """
    if not lines or math.isnan(found.published(str(lines[0]["model"]), place, "avg")):
        return []
    table = pd.DataFrame(lines)
    table = table[~table["paper_language"].isin(list(found.reference.samples))]
    table = table[table[["paper", "ours", "ci_low", "ci_high"]].notna().all(axis=1)]
    if len(table) < 2:
        return []
    half = math.sqrt((((table["ci_high"] - table["ci_low"]) / 2) ** 2).sum()) / len(table)
    value, paper = float(table["ours"].mean()), round(float(table["paper"].mean()), _DIGITS)
    ours = Difference(value, value - half, value + half)
    return [
        {
            **lines[0],
            "language": MEAN,
            "paper_language": MEAN,
            "paper": paper,
            "ours": value,
            "ci_low": ours.low,
            "ci_high": ours.high,
            "n_languages": len(table),
            "agreement": agreement(paper, ours),
        }
    ]


def values(found: Beside) -> pd.DataFrame:
    """Return the scores of the paper's models that the study has, and the paper's beside them.

    Returns:
        Columns `VALUE_COLUMNS`, one row a model, task, setting and language; fractions.
    """
    rows = [
        {
            **dict(zip(("task", "metric", "setting"), place, strict=True)),
            "model": model.name,
            "treatment": label,
            "match": match,
            "language": found.codes[code],
            "paper_language": code,
            "paper": found.published(model.name, place, code),
            "ours": _score(found, place, (label, found.team(model.name, code)), match, code),
        }
        for place in found.places()
        for model in found.reference.models
        for (label,) in found.labels(model.name)
        for match in found.matches(model.name)
        for code in found.columns
    ]
    table = pd.DataFrame(rows, columns=list(VALUE_COLUMNS))
    keys = ["task", "metric", "setting", "model", "treatment", "match"]
    present = table.groupby(keys, sort=False)["ours"].transform(lambda ours: ours.notna().any())
    return table[present.astype(bool)].reset_index(drop=True)


def _score(
    found: Beside,
    place: tuple[str, str, str],
    team: tuple[str, frozenset[str] | None],
    match: str,
    code: str,
) -> float:
    """Our score of one model of the paper in one language; nan where there is none."""
    label, learned = team
    if learned is None:
        return math.nan
    return found.ours.score((label, learned), match, place, found.codes[code])


def flips(found: Beside, table: pd.DataFrame) -> pd.DataFrame:
    """Return where the paper's sign turns from a full to a sampled corpus, and whether ours does.

    Args:
        found: the study and its paper.
        table: as `signs` returns it.

    Returns:
        One row a comparison, task, setting and sampled language: keys, `paper_full`, `full`,
        `paper_sampled`, `sampled` (differences, with `_low` and `_high` of ours) and `agreement`:
        of both signs at once.
    """
    keys = ["task", "metric", "setting", "model", "against", "treatment", "reference", "match"]
    numbers = ["paper", "ours", "ci_low", "ci_high", "agreement"]
    rows: list[dict[str, object]] = []
    for sample, full in found.reference.samples.items():
        sides = [
            table[table["paper_language"] == code].set_index(keys)[numbers]
            for code in (full, sample)
        ]
        both = sides[0].merge(
            sides[1], left_index=True, right_index=True, suffixes=("_full", "_sampled")
        )
        turned = both[both["paper_full"] * both["paper_sampled"] < 0].reset_index()
        for row in turned.to_dict("records"):
            kinds = {str(row["agreement_full"]), str(row["agreement_sampled"])}
            worst = next(kind for kind in _WEAKEST_FIRST if kind in kinds)
            named = {"language": found.codes[full], "sample": found.codes[sample]}
            rows.append({**named, **{str(k): v for k, v in row.items()}, "agreement": worst})
    names = [f"{name}_{side}" for side in ("full", "sampled") for name in numbers]
    return pd.DataFrame(rows, columns=["language", "sample", *keys, *names, "agreement"])
