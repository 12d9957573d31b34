"""Interference beside what it might come from: corpus size, partners, gradients, sharing."""

import math
from collections.abc import Mapping
from typing import Final

import pandas as pd

from isogloss.report.exhibit import Column, Exhibit, Section, Table, download
from isogloss.report.study_files import NotAsked, NotMeasured, StudyFiles, number
from isogloss.report.text.naming import language_names, mixture_name
from isogloss.report.text.wording import NONE, count, decimal, difference, task_name

FACTORS: Final[Mapping[str, str]] = {
    "corpus_tokens": "corpus in tokens",
    "n_partners": "other languages",
    "gradient_cosine": "gradient cosine",
    "sharing": "shared gates (corrected)",
}
_KEYS: Final = ["mixture", "language"]
_FEWEST: Final = 5
_LEAD: Final = (
    "What Wang, Lipton and Tsvetkov (2020) look at one by one, of the same models: how large a "
    "language's corpus is, with whom it is trained, whether gradients agree and how much of the "
    "model two languages share. Interference is that of untreated training at equal data of the "
    "language; positive: joint training hurt. Rank correlations are over the rows printed, which "
    "are few and share languages: they describe these models and test nothing."
)


def frame(study: StudyFiles) -> pd.DataFrame:
    """Return one row per task, mixture and language with its interference and the factors.

    Raises:
        NotAsked: the study asked for no sharing map.
        NotMeasured: nothing was compared at equal data.
    """
    if "sharing" not in {str(one.get("name")) for one in study.items("measurements")}:
        raise NotAsked
    rows = study.table("verdicts")
    rows = rows[
        (rows["treatment"] == "untreated")
        & (rows["match"] == "language")
        & (rows["setting"] == "within_language")
    ]
    if rows.empty:
        raise NotMeasured("nothing untreated was compared at equal data of a language.")
    keep = [*_KEYS, "task", "metric", "interference", "verdict", "gradient_cosine"]
    table = rows[keep].reset_index(drop=True)
    table["n_partners"] = table["mixture"].str.count(r"\+")
    table = table.merge(_corpora(study), on=_KEYS, how="left")
    return table.merge(_sharing(study), on=_KEYS, how="left")


def _corpora(study: StudyFiles) -> pd.DataFrame:
    """Return how long each language's training text is: tokens read over passes."""
    if "confounds" not in study.tables:
        return pd.DataFrame(columns=[*_KEYS, "corpus_tokens"])
    rows = study.table("confounds")
    rows = rows[(rows["treatment"] == "untreated") & (rows["epochs"] > 0)]
    found = rows.assign(corpus_tokens=rows["tokens"] / rows["epochs"])
    return found.groupby(_KEYS)["corpus_tokens"].mean().reset_index()


def _sharing(study: StudyFiles) -> pd.DataFrame:
    """Return how much of the model a language shares with its partners, over halves of layers."""
    if "sharing" not in study.tables:
        return pd.DataFrame(columns=[*_KEYS, "sharing"])
    rows = study.table("sharing")
    pairs = rows[(rows["treatment"] == "untreated") & (rows["language_a"] != rows["language_b"])]
    sides = [pairs.assign(language=pairs[one]) for one in ("language_a", "language_b")]
    found = pd.concat(sides, ignore_index=True).groupby(_KEYS)["corrected"].mean()
    return found.rename("sharing").reset_index()


def build(study: StudyFiles) -> Mapping[str, object]:
    """Print the table of each task, and the rank correlation of each factor."""
    table, names = frame(study), language_names(study)
    exhibits = [
        _exhibit(rows, f"{task_name(str(task))}", names)
        for (task, _), rows in table.groupby(["task", "metric"], sort=False)
    ]
    return {"lead": _LEAD, "open": True, "exhibits": exhibits}


def _exhibit(rows: pd.DataFrame, title: str, names: Mapping[str, str]) -> Exhibit:
    said = [f"{FACTORS[name]} {_two(value)}" for name, value in correlations(rows).items()]
    table = Table(
        caption=f"{title}: rank correlation with interference: {', '.join(said)}"
        if said
        else f"{title}: fewer than {_FEWEST} rows, too few for a rank correlation",
        columns=[
            Column("Mixture"),
            Column("Language"),
            Column("Interference", numeric=True),
            Column("Verdict"),
            *(Column(name.capitalize(), numeric=True) for name in FACTORS.values()),
        ],
        rows=[
            [
                mixture_name(str(row["mixture"]), names),
                names.get(str(row["language"]), str(row["language"])),
                difference(number(row["interference"]), str(row["metric"])),
                str(row["verdict"]).lower(),
                *(_count(row[one]) for one in ("corpus_tokens", "n_partners")),
                *(_two(row[one]) for one in ("gradient_cosine", "sharing")),
            ]
            for row in rows.to_dict("records")
        ],
    )
    return Exhibit(title, [], table, download(rows, f"factors_{rows['task'].iloc[0]}"))


def correlations(rows: pd.DataFrame) -> dict[str, float]:
    """Return Spearman's correlation of interference with each factor that is known.

    Args:
        rows: of one task.

    Returns:
        By factor; none of fewer than five rows, or of a factor that does not vary.
    """
    found: dict[str, float] = {}
    for name in FACTORS:
        known = rows[["interference", name]].astype(float).dropna()
        if len(known) >= _FEWEST and known[name].nunique() > 1:
            found[name] = float(known["interference"].rank().corr(known[name].rank()))
    return found


def _count(value: object) -> str:
    found = number(value)
    return count(found) if math.isfinite(found) else NONE


def _two(value: object) -> str:
    found = number(value)
    return decimal(found, 2) if math.isfinite(found) else NONE


SECTION = Section("factors", "What interference goes with", "exhibits.html.j2", frame, build)
