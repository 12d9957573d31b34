"""A small invented transfer matrix that keeps the file contract; no number in it was measured."""

import itertools
import json
from pathlib import Path

import numpy as np
import pandas as pd

from isogloss.core import MATRIX_TABLES, digests_of, sealed

NAMES = {"eng-Latn": "English", "swa-Latn": "Swahili", "tel-Telu": "<b>Telugu</b>"}
FAMILIES = {"eng-Latn": "Indo-European", "swa-Latn": "Niger-Congo", "tel-Telu": "Dravidian"}
PART = {"task": "pos", "metric": "pos_accuracy", "arm": "tune", "updates": 10}


def cells() -> list[dict[str, object]]:
    """Return cells at two numbers of updates, and a control."""
    found = []
    for updates, arm in ((10, "tune"), (100, "tune"), (10, "shuffled")):
        for number, (giver, taker) in enumerate(itertools.product(NAMES, NAMES)):
            gain = 0.01 * (number - 4)
            word = "harmful" if gain < -0.01 else "undecided" if gain < 0.02 else "beneficial"
            found.append(
                {
                    **PART,
                    "updates": updates,
                    "arm": arm,
                    "transfer": giver,
                    "target": taker,
                    "unseen_transfer": giver == "swa-Latn",
                    "unseen_target": taker == "swa-Latn",
                    "baseline": 0.5,
                    "value": 0.5 + gain,
                    "gain": gain,
                    "ci_low": gain - 0.01,
                    "ci_high": gain + 0.01,
                    "p_adjusted": 0.04,
                    "verdict": word,
                    "n_runs": 3,
                    "n_examples": 500,
                }
            )
    return found


def rows() -> dict[str, list[dict[str, object]]]:
    """Return the rows of all tables."""
    one = {"ci_low": 0.01, "ci_high": 0.03}
    company = {"task": "pos", "metric": "pos_accuracy", "language": "eng-Latn", "n_companies": 2}
    measures = [("score", 1), ("score", 2), ("interference", 2), ("culprit", 2)]
    shares = {"beneficial": 0.5, "harmful": 0.0, "neutral": 0.0, "undecided": 0.5}
    return {
        "cells": cells(),
        "runs": [{**PART, "transfer": "eng-Latn", "target": "swa-Latn", "run": 0, "score": 0.5}],
        "languages": [
            {**PART, "language": "eng-Latn", "role": "transfer", "category": "donor", **shares}
        ],
        "asymmetry": [
            {**PART, "a": "eng-Latn", "b": "swa-Latn", "difference": 0.02, "a_to_b": 0.03, **one}
        ],
        "recommended": [
            {
                "transfer": "eng-Latn",
                "target": "tel-Telu",
                "least_gain": 0.01,
                "gain": 0.03,
                "where": "pos k=10",
            }
        ],
        "company": [
            *({**company, "measure": name, "size": n, "value": 0.4, **one} for name, n in measures),
            {**company, "measure": "category", "size": 0, "verdict": "robust"},
        ],
        "seen": [
            {
                **PART,
                "transfer_is": "seen",
                "target_is": "unseen",
                "gain": 0.02,
                "n_cells": 2,
                **one,
            }
        ],
        "factors": [
            {**PART, "factor": "same script", "controls": "", "correlation": 0.5, "p": 0.02, **one}
        ],
        "cost": [{"what": "language units", "n": 6, "core_seconds": 12.5, "each": 2.1}],
    }


def write(folder: Path, *, empty: tuple[str, ...] = ()) -> Path:
    """Write the folder; the tables named in `empty` have no row."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in rows().items():
        frame = pd.DataFrame([] if name in empty else content)
        frame = frame.reindex(columns=list(MATRIX_TABLES[name].columns))
        frame.replace({np.nan: None}).to_csv(folder / f"{name}.csv", index=False)
    about = {
        "spec": {
            "name": "toy",
            "method": "tune",
            "model": "some/body",
            "runs": 3,
            "most_runs": 6,
            "alpha": 0.05,
            "margin": 0.005,
        },
        "languages": {
            code: {"name": name, "family": FAMILIES[code]} for code, name in NAMES.items()
        },
        "notes": ["A note."],
        "files": digests_of(folder, folder.glob("*.csv")),
    }
    (folder / "matrix.json").write_text(json.dumps(sealed(about)), encoding="utf-8")
    return folder
