"""What a reader must know before any number: refusals, one seed, plateaus not left."""

from typing import Final

import pandas as pd

from isogloss.report.naming import language_names
from isogloss.report.study_files import StudyFiles
from isogloss.report.wording import joined, plural

_ORDER: Final = {"refusal": 0, "warning": 1}
_TITLES: Final = {"refusal": "Comparison refused", "warning": "Warning"}


def cautions(study: StudyFiles) -> list[dict[str, str]]:
    """Collect the warnings of a study, the refusals first.

    The study's own notes come first; what its tables show and no note says is added.

    Args:
        study: the contents of the folder.

    Returns:
        Mappings with "level" (refusal or warning), "title" and "text".
    """
    found = [note for note in study.notes if note["level"] in _ORDER]
    said = " ".join(note["text"].lower() for note in found)
    for keyword, text in (("seed", _one_seed(study)), ("plateau", _plateau(study))):
        if text and keyword not in said:
            found.append({"level": "warning", "text": text})
    found.sort(key=lambda note: _ORDER[note["level"]])
    return [{**note, "title": _TITLES[note["level"]]} for note in found]


def remarks(study: StudyFiles) -> list[str]:
    """Return the notes that warn of nothing."""
    return [note["text"] for note in study.notes if note["level"] not in _ORDER]


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
