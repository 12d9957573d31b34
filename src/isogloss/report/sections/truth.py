"""What was planted in a synthetic test bed, beside what the study found."""

from collections.abc import Mapping
from typing import Final

import pandas as pd

from isogloss.core import MATCHES, TRUTH_OUTCOMES
from isogloss.report.exhibit import Column, Exhibit, Section, Table, download
from isogloss.report.study_files import NotAsked, Row, StudyFiles, number
from isogloss.report.text.known_truth import known_truth
from isogloss.report.text.naming import language_names, mixture_name
from isogloss.report.text.wording import difference, interval

_METRIC: Final = "bits_per_byte"
_LEAD: Final = (
    "The data are a synthetic test bed: who must hurt or help whom follows from how the languages "
    "were made, and was written down before anything was trained. Masked-LM prediction, positive = "
    "joint training hurt."
)


def frame(study: StudyFiles) -> pd.DataFrame:
    """Return `truth.csv`: one row per pair, language and budget match.

    Raises:
        NotAsked: the data have no truth to be held against.
    """
    if "truth" not in study.tables:
        raise NotAsked
    return study.tables["truth"]


def build(study: StudyFiles) -> Mapping[str, object]:
    """Say in a sentence what was found, then print truth and verdict side by side."""
    table = frame(study)
    names = language_names(study)
    exhibit = Exhibit(
        title="",
        figures=[],
        table=Table(
            caption="What was planted, and what was found",
            columns=[
                Column("Trained together"),
                Column("Language"),
                Column("Compared at"),
                Column("Planted"),
                Column("Interference", numeric=True, unit="bits per byte"),
                Column("Verdict"),
                Column("Outcome"),
            ],
            rows=[_row(row, names) for row in table.to_dict("records")],
        ),
        download=download(table, "truth"),
    )
    return {
        "statement": known_truth(study),
        "lead": _LEAD,
        "open": True,
        "exhibits": [exhibit],
    }


def _row(row: Row, names: Mapping[str, str]) -> list[str]:
    """One language of one pair as printed."""
    language = str(row["language"])
    spread = interval(number(row["ci_low"]), number(row["ci_high"]), _METRIC)
    return [
        mixture_name(str(row["mixture"]), names),
        names.get(language, language),
        MATCHES[str(row["match"])],
        {"none": "no effect", "unknown": "not known"}.get(str(row["planted"]), str(row["planted"])),
        f"{difference(number(row['interference']), _METRIC)} {spread}",
        str(row["verdict"]) or "not compared",
        TRUTH_OUTCOMES[str(row["outcome"])],
    ]


SECTION = Section("truth", "Beside the truth", "exhibits.html.j2", frame, build)
