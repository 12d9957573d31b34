"""What a reader must know before any number: refusals, one seed, plateaus not left."""

from dataclasses import dataclass
from typing import Final

import pandas as pd

from isogloss.report.study_files import StudyFiles
from isogloss.report.text.naming import in_names, language_names
from isogloss.report.text.wording import joined, plural

_LEVELS: Final = ("refusal", "warning")


@dataclass(frozen=True)
class Caution:
    """One box above the answer.

    Attributes:
        level: "refusal" or "warning".
        title: its first words.
        text: what follows them.
        items: of a list that a reader may open.
    """

    level: str
    title: str
    text: str
    items: tuple[str, ...] = ()


def cautions(study: StudyFiles) -> list[Caution]:
    """Collect the warnings of a study; all refused comparisons in one box, the first.

    The study's own notes come first; what its tables show and no note says is added.

    Args:
        study: the contents of the folder.
    """
    found = [note for note in study.notes if note["level"] in _LEVELS]
    said = " ".join(note["text"].lower() for note in found)
    for keyword, text in (("seed", _one_seed(study)), ("plateau", _plateau(study))):
        if text and keyword not in said:
            found.append({"level": "warning", "text": text})
    names = language_names(study)
    refused, warned = (
        tuple(in_names(note["text"], names) for note in found if note["level"] == level)
        for level in _LEVELS
    )
    return [*_refusals(refused), *(Caution("warning", "Warning", text) for text in warned)]


def _refusals(texts: tuple[str, ...]) -> list[Caution]:
    """Return the box of the comparisons that were refused, if any were."""
    if len(texts) < 2:
        return [Caution("refusal", "Comparison refused", text) for text in texts]
    why = "No number stands for them in the tables, because what they cost was not equal."
    return [Caution("refusal", f"{len(texts)} comparisons refused", why, texts)]


def remarks(study: StudyFiles) -> list[str]:
    """Return the notes that warn of nothing."""
    names = language_names(study)
    return [in_names(note["text"], names) for note in study.notes if note["level"] not in _LEVELS]


def _one_seed(study: StudyFiles) -> str:
    """One seed says nothing about the next one."""
    verdicts = study.tables.get("verdicts")
    if verdicts is None or not (verdicts["n_seeds"] == 1).any():
        return ""
    return (
        "One seed. The intervals hold the chance of the test examples only, not that of training: "
        "another seed may give another verdict. Run at least three."
    )


def _plateau(study: StudyFiles) -> str:
    """A run still at the unigram plateau has not begun to learn."""
    table = study.tables.get("confounds")
    if table is None:
        return ""
    stuck = table[[is_false(value) for value in table["left_plateau"]]]
    if stuck.empty:
        return ""
    names = language_names(study)
    who = joined([names.get(code, code) for code in dict.fromkeys(stuck["language"].astype(str))])
    runs = stuck["run_id"].nunique()
    return (
        f"Plateau not left. In {plural(runs, 'run')} the model still predicts {who} no better than "
        "word frequencies do. Comparing such a run with another measures when learning starts, not "
        "interference. Train longer or use a smaller vocabulary."
    )


def is_false(value: object) -> bool:
    """Return whether a cell of a CSV says no; an empty one says nothing."""
    if value is None or (isinstance(value, float) and pd.isna(value)):
        return False
    return str(value).strip().lower() in {"false", "0", "0.0", "no"}


def is_true(value: object) -> bool:
    """Return whether a cell of a CSV says yes; an empty one says nothing."""
    return str(value).strip().lower() in {"true", "1", "1.0", "yes"}
