"""An invented study that treats fine-tuning: what the sections about it read."""

import dataclasses

import pandas as pd

from isogloss.core import SEVERAL
from isogloss.report.study_files import StudyFiles

MIXTURE = "eng-Latn+swa-Latn"
# Anchors of the sections that only such a study has.
OF_FINETUNING = {"averages", "forgetting", "claim"}
PACE = {"inner_steps": 10, "outer_learning_rate": 0.3}
SLOW = ("lookahead", "sequential_reptile")
NAMES = ("untreated", "lookahead", "single_language_batches", "sequential_reptile", "pcgrad")


def average(
    treatment: str, reference: str, setting: str, gain: float, verdict: str
) -> dict[str, object]:
    """Return a row of `averages.csv`; the interval is a point to each side."""
    return {
        "treatment": treatment,
        "reference": reference,
        "mixture": MIXTURE,
        "task": "ner",
        "metric": "entity_f1",
        "setting": setting,
        "n_languages": 2,
        "reference_value": 0.4,
        "value": 0.4 + gain,
        "gain": gain,
        "ci_low": gain - 0.01,
        "ci_high": gain + 0.01,
        "p": 0.01,
        "p_holm": 0.03,
        "verdict": verdict,
        "mde": 0.015,
        "n_seeds": 3,
        "n_examples": 900,
    }


def finetuning_study(study: StudyFiles, rows: list[dict[str, object]]) -> StudyFiles:
    """Return a study that treats fine-tuning, with these averages."""
    forgetting = [
        {
            "run_id": f"{name}-{seed}",
            "treatment": name,
            "task": "ner",
            "seed": seed,
            "language": language,
            "seen": seen,
            "forgotten_nats": lost + 0.2 * seed,
            "relative_distance": 0.1,
        }
        for name in NAMES
        for seed in (0, 1)
        for language, seen, lost in (("a", True, 1.0), ("b", True, 2.0), ("c", False, -0.5))
    ]
    about = {
        **study.about,
        "treat": "finetuning",
        "reference": "lee2022",
        "languages": [*study.items("languages"), {"code": str(SEVERAL), "name": "several"}],
        "treatments": [
            {"label": name, "name": name, "options": PACE if name in SLOW else {}} for name in NAMES
        ],
    }
    tables = {
        **study.tables,
        "averages": pd.DataFrame(rows),
        "forgetting": pd.DataFrame(forgetting),
    }
    return dataclasses.replace(study, about=about, tables=tables)
