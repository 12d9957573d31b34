"""Diagnoses: what the verdicts under both budget matches mean together, language by language."""

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
