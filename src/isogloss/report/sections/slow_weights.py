"""Sequential Reptile taken apart: its slow outer update, and its batches of one language."""

from collections.abc import Iterator, Mapping
from typing import Final

import pandas as pd

from isogloss.report.exhibit import Column, Exhibit, Section, Table, download
from isogloss.report.study_files import NotAsked, StudyFiles, number
from isogloss.report.text.naming import badge, language_names, mixture_name
from isogloss.report.text.wording import (
    SETTINGS,
    difference,
    interval,
    metric_and_unit,
    score,
    task_name,
    unit,
)

_WHOLE: Final = "sequential_reptile"
_SINGLE: Final = "single_language_batches"
_NEEDED: Final = ("untreated", _SINGLE, "lookahead", _WHOLE)
# Name of a treatment -> what it is called here, what its batches hold, its outer update.
_WAYS: Final[Mapping[str, tuple[str, str, str]]] = {
    "untreated": ("Usual joint fine-tuning", "mixed", "none"),
    _SINGLE: ("Single-language batches", "one language", "none"),
    "lookahead": ("Lookahead", "mixed", "slow"),
    _WHOLE: ("Sequential Reptile", "one language", "slow"),
    "reptile": ("Reptile", "a walk on each language", "slow, to the mean of the walks"),
    "fish": ("Fish", "one language, each once", "slow"),
}
# Ingredient -> pairs (with it, without it, what both sides have in common).
_PARTS: Final[Mapping[str, tuple[tuple[str, str, str], ...]]] = {
    "the slow outer update": (
        (_WHOLE, _SINGLE, "batches of one language"),
        ("lookahead", "untreated", "mixed batches"),
    ),
    "the single-language batch": (
        (_WHOLE, "lookahead", "slow weights"),
        (_SINGLE, "untreated", "no slow weights"),
    ),
}
_TOLD: Final = ("BETTER", "WORSE")
_LEAD: Final = (
    "Sequential Reptile is Lookahead with batches of one language each. To tell what it owes to "
    "which of the two, each is taken away with the other kept. Differences are means over "
    "languages at equal examples, with 95\u00a0% intervals; verdicts are Holm-corrected. A small "
    "outer rate also slows learning: before a loss is one of alignment, look how far the "
    "weights went (What fine-tuning forgot)."
)


def frame(study: StudyFiles) -> pd.DataFrame:
    """Return the averages of the pairs of trainings that differ in one ingredient.

    Columns: those of `averages.csv`, `part` (the ingredient), `same` (what both sides have).

    Raises:
        NotAsked: the study lacks Sequential Reptile or what it is made of.
    """
    table = study.tables.get("averages")
    labels = _labels(study)
    if table is None or not set(_NEEDED) <= set(labels):
        raise NotAsked
    found = [
        table[(table["treatment"] == labels[one]) & (table["reference"] == labels[other])].assign(
            part=part, same=same
        )
        for part, pairs in _PARTS.items()
        for one, other, same in pairs
    ]
    return pd.concat(found, ignore_index=True)


def build(study: StudyFiles) -> Mapping[str, object]:
    """Answer in a sentence an ingredient, then show the six ways to train side by side."""
    contrasts = frame(study)
    names, labels = language_names(study), _labels(study)
    places = list(study.table("averages").groupby(["mixture", "task", "metric"], sort=False))
    said: list[str] = []
    for (mixture, task, metric), _ in places:
        rows = contrasts[(contrasts["mixture"] == mixture) & (contrasts["task"] == task)]
        if len(places) > 1:
            said.append(f"{task_name(str(task))}, {mixture_name(str(mixture), names)}.")
        said += _answers(rows, str(metric))
    said += _pace(study)
    return {
        "statement": " ".join(said),
        "lead": _LEAD,
        "open": True,
        "exhibits": [
            _exhibit(rows, (str(mixture), str(task), str(metric)), labels, names)
            for (mixture, task, metric), rows in places
        ],
    }


def _answers(rows: pd.DataFrame, metric: str) -> Iterator[str]:
    """Whether each ingredient makes a difference, with every contrast that speaks to it."""
    for part in _PARTS:
        chosen = rows[rows["part"] == part]
        told = chosen[chosen["verdict"].isin(_TOLD)]
        verb = "makes a difference" if len(told) else "makes no difference that can be told"
        said = []
        for setting, words in SETTINGS.items():
            here = chosen[chosen["setting"] == setting].to_dict("records")
            sizes = [
                f"{difference(number(row['gain']), metric)} "
                f"{interval(number(row['ci_low']), number(row['ci_high']), metric)}"
                f"{', ' + str(row['verdict']).lower() if row['verdict'] in _TOLD else ''}"
                f" with {row['same']}"
                for row in here
            ]
            if sizes:
                said.append(f"{words} {' and '.join(sizes)}")
        yield f"{part[:1].upper()}{part[1:]} {verb} ({unit(metric)}: {'; '.join(said)})."


def _pace(study: StudyFiles) -> list[str]:
    """Warn where slow weights with and without mixed batches do not go at one pace."""
    found = [
        tuple(options.get(name) for name in ("inner_steps", "outer_learning_rate"))
        for label in (_labels(study)["lookahead"], _labels(study)[_WHOLE])
        for one in study.items("treatments")
        if one.get("label") == label and isinstance(options := one.get("options"), Mapping)
    ]
    if len(found) == 2 and found[0] == found[1] and None not in found[0]:
        return []
    return [
        "Caution: the study does not give Lookahead and Sequential Reptile the same inner steps "
        "and outer rate, so the difference between them is not that of the batches alone."
    ]


def _exhibit(
    rows: pd.DataFrame,
    place: tuple[str, str, str],
    labels: Mapping[str, str],
    names: Mapping[str, str],
) -> Exhibit:
    """Six ways to train, one line each."""
    mixture, task, metric = place
    table = Table(
        caption=f"{mixture_name(mixture, names)}: {metric_and_unit(metric)}, mean of the languages",
        columns=[
            Column("Training"),
            Column("Batches"),
            Column("Outer update"),
            *(
                Column(header, numeric=header != "Verdict", unit=words)
                for words in SETTINGS.values()
                for header in ("Score", "Gain on untreated", "Verdict")
            ),
        ],
        rows=[
            [*_WAYS[name], *(cell for setting in SETTINGS for cell in _cells(rows, label, setting))]
            for name, label in labels.items()
        ],
    )
    shown = rows[rows["treatment"].isin(list(labels.values()))]
    return Exhibit(task_name(task), [], table, download(shown, f"slow_weights_{task}"))


def _cells(rows: pd.DataFrame, label: str, setting: str) -> list[str]:
    """Score, gain with its interval, and verdict of one way to train in one setting."""
    rows = rows[(rows["setting"] == setting) & (rows["reference"] == "untreated")]
    if rows.empty:
        return ["", "", ""]
    metric = str(rows["metric"].iloc[0])
    if label == "untreated":
        return [score(number(rows["reference_value"].iloc[0]), metric), "", "baseline"]
    chosen = rows[rows["treatment"] == label].to_dict("records")
    if not chosen:
        return ["", "", badge("")]
    row = chosen[0]
    low, high = number(row["ci_low"]), number(row["ci_high"])
    gain = f"{difference(number(row['gain']), metric)} {interval(low, high, metric)}"
    return [score(number(row["value"]), metric), gain, badge(str(row["verdict"]))]


def _labels(study: StudyFiles) -> dict[str, str]:
    """Return the study's label of each of the six, the first where it has several settings."""
    found = {str(one.get("name")): str(one.get("label")) for one in study.items("treatments")[::-1]}
    return {name: found[name] for name in _WAYS if name in found}


SECTION = Section(
    "slow-weights", "Slow weights or single-language batches", "exhibits.html.j2", frame, build
)
