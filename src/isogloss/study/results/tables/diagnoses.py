"""Beside the verdicts: what the gradients said, and what both budget matches mean together."""

from typing import Final

import pandas as pd

from isogloss.core import DIAGNOSIS_COLUMNS, diagnosis_rows


def diagnoses(verdicts: pd.DataFrame, confounds: pd.DataFrame) -> pd.DataFrame:
    """Return one diagnosis per treatment, mixture, language and task, and one over all tasks.

    Args:
        verdicts: as `verdicts` makes them.
        confounds: as `confounds` makes them: which controls over-fit, and who is on the plateau.

    Returns:
        The columns `DIAGNOSIS_COLUMNS`; `task` is empty in the row over all tasks.
    """
    rows = diagnosis_rows(verdicts.to_dict("records"), confounds.to_dict("records"))
    table = pd.DataFrame(rows, columns=list(DIAGNOSIS_COLUMNS))
    whole = ["n_seeds", "seeds_needed", "updates_needed"]
    return table.astype(dict.fromkeys(whole, "Int64"))


_SIDES: Final = ("language_a", "language_b")
_SUMMARY: Final = ("gradient_cosine", "gradient_control", "conflict_rate")


def with_conflict(
    verdicts: pd.DataFrame, found: pd.DataFrame, *, of_task: bool = False
) -> pd.DataFrame:
    """Add to every verdict what the gradients of its language said in the treated training.

    Over the second half of each training, all seeds, and the pairs that hold the language:
    `gradient_cosine` (mean of `half`), `gradient_control` (mean of `control`), and `conflict_rate`,
    the share of measurements at which the cosine of the whole gradients was below 0. Empty where
    none was made.

    Args:
        verdicts: as `verdicts` makes them.
        found: table of the measurement `conflict`.
        of_task: whether a training of the verdict's own task was treated, not the pretraining.
    """
    keys = ["treatment", "mixture", "language", *(["task"] if of_task else [])]
    measured = found[found["level"] == "model"].copy()
    measured["update"] = measured["update"].astype(float)
    last = measured.groupby("run_id")["update"].transform("max")
    late = measured[measured["update"] >= last / 2]
    by_language = pd.concat([late.assign(language=late[side]) for side in _SIDES])
    summary = by_language.groupby(keys, as_index=False).agg(
        gradient_cosine=("half", lambda values: values.astype(float).mean()),
        gradient_control=("control", lambda values: values.astype(float).mean()),
        conflict_rate=("cosine", lambda values: (values.astype(float) < 0).mean()),
    )
    judged = verdicts.drop(columns=list(_SUMMARY), errors="ignore")
    return judged.merge(summary, how="left", on=keys)
