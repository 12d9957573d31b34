"""Two studies side by side: the same models trained otherwise, on the same test examples."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from isogloss.core import METRICS, InputError, read_records
from isogloss.evaluation import read_predictions
from isogloss.statistics import GAIN_WORDS, Difference, difference, judge
from isogloss.study.results.outcomes import Counts
from isogloss.study.results.same_test import (
    Provenance,
    refuse_other_examples,
    refuse_other_tests,
)
from isogloss.study.store.run_folder import run_folder

_KEYS = (
    *("treatment", "mixture", "match", "task", "metric", "setting"),
    *("source_language", "target_language"),
)
_CELL = ("task", "metric", "setting", "source_language", "target_language")


def compare_studies(first: Path, second: Path) -> pd.DataFrame:
    """Compare every number that both studies have, B against A, paired by test example.

    Args:
        first: folder of study A, the reference.
        second: folder of study B.

    Returns:
        One row per number: keys, the scores of both, gain (positive = B is better), interval, p,
        Holm-adjusted p, verdict (BETTER, WORSE, INCONCLUSIVE, UNDERPOWERED, UNDECIDED),
        mde and seeds needed at Holm's level, seeds, examples.

    Raises:
        InputError: one of them is no study, they are scored on different splits or share no
            number, or their tokenizers or test examples are not the same.
    """
    if first.resolve() == second.resolve():
        raise InputError(
            expected="two studies",
            found="the same folder twice",
            where=str(first),
            next_step="Name the folder of another study.",
        )
    grouped = [dict(list(read_records(folder).groupby(list(_KEYS)))) for folder in (first, second)]
    both = Provenance.read(first), Provenance.read(second)
    refuse_other_tests(*both)
    common = [key for key in grouped[0] if key in grouped[1]]
    if not common:
        raise InputError(
            expected="two studies with a treatment, mixture, task and language in common",
            found="nothing that both measured",
            where=f"{first} and {second}",
            next_step="The spec.yaml in each folder shows what it holds.",
        )
    for key in common:
        refuse_other_examples(*both, dict(zip(_KEYS, map(str, key), strict=True)))
    rows = [
        _compared(key, _counts(first, grouped[0][key]), _counts(second, grouped[1][key]))
        for key in common
    ]
    frame = pd.DataFrame([row for row, _ in rows])
    differences = [found for _, found in rows]
    for metric in dict.fromkeys(frame["metric"]):
        chosen = [index for index, name in enumerate(frame["metric"]) if name == metric]
        judged = judge(
            [differences[i] for i in chosen],
            METRICS[metric],
            words=GAIN_WORDS,
            on_plateau=[
                any(
                    _is_spoiled(folder, common[i], records[common[i]])
                    for folder, records in zip((first, second), grouped, strict=True)
                )
                for i in chosen
            ],
        )
        frame.loc[chosen, "mde"] = [one.mde for one in judged]
        frame.loc[chosen, "seeds_needed"] = [one.seeds_needed for one in judged]
        frame.loc[chosen, "p_holm"] = [one.p_holm for one in judged]
        frame.loc[chosen, "verdict"] = [one.verdict for one in judged]
    return frame


def _is_spoiled(study: Path, key: tuple[object, ...], records: pd.DataFrame) -> bool:
    """Return whether a training behind a number is on the plateau, or destroyed its start."""
    folders = [run_folder(study, run_id) for run_id in records["run_id"]]
    results = [folder.read_result() for folder in folders if folder.is_finished()]
    if any(result.get("guard", {}).get("destroyed") for result in results):
        return True
    path = study / "confounds.csv"
    if not path.is_file():
        return False
    named = dict(zip(_KEYS, map(str, key), strict=True))
    table = pd.read_csv(path, keep_default_na=False, dtype=str)
    mine = table[
        (table["treatment"] == named["treatment"])
        & (table["mixture"] == named["mixture"])
        & (table["match"] == named["match"])
        & table["language"].isin([named["source_language"], named["target_language"]])
    ]
    worse = mine["destroyed"].eq("True").any() if "destroyed" in mine else False
    return bool(mine["left_plateau"].eq("False").any() or worse)


def _counts(study: Path, records: pd.DataFrame) -> Counts:
    """Return the counts behind the records of one number, shape [seeds, n_examples, k]."""
    found = []
    for record in records.sort_values("seed").to_dict("records"):
        wanted = [str(record[key]) for key in _CELL]
        folder = run_folder(study, record["run_id"])
        folder.refuse_damaged(model=False)
        tables = read_predictions(folder.predictions)
        found += [
            table.counts
            for table in tables
            if [str(getattr(table.cell, key)) for key in _CELL] == wanted
        ]
    return np.stack(found)


def _compared(
    key: tuple[object, ...], reference: Counts, treated: Counts
) -> tuple[dict[str, Any], Difference]:
    """Return the row of one number and its difference."""
    named = dict(zip(_KEYS, map(str, key), strict=True))
    if reference.shape[1:] != treated.shape[1:]:
        raise InputError(
            expected="the same test examples in both studies",
            found=f"{reference.shape[1]} and {treated.shape[1]}",
            where=f"{named['task']}, {named['target_language']}",
            next_step="Compare studies that were tested on the same files.",
        )
    found = difference(reference, treated, METRICS[named["metric"]]).as_gain()
    row = {
        **named,
        "a": found.reference,
        "b": found.treated,
        "gain": found.estimate,
        "ci_low": found.ci_low,
        "ci_high": found.ci_high,
        "p": found.p,
        "p_holm": found.p,
        "verdict": "",
        "mde": math.nan,
        "seeds_needed": math.nan,
        "n_seeds": found.n_seeds,
        "n_examples": found.n_examples,
    }
    return row, found
