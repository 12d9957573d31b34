"""Forgetting: what each joint fine-tuning lost of its pretraining, language by language."""

from typing import Any

import pandas as pd

from isogloss.core import TABLES
from isogloss.study.results.outcomes import Outcomes


def forgetting(outcomes: Outcomes) -> pd.DataFrame:
    """Return one row a fine-tuning and language that its model was pretrained on.

    Args:
        outcomes: finished runs; those that did not measure it have no row.

    Returns:
        The columns of `TABLES["forgetting"]`; losses are mean nats of a masked piece, `mixture` is
        what the model was fine-tuned on, distances are those of the whole encoder.
    """
    rows: list[dict[str, Any]] = []
    for role in outcomes.roles:
        found = outcomes.by_run[role.run_id].result.get("forgetting")
        if found is None:
            continue
        rows += [
            {
                "run_id": role.run_id,
                "treatment": role.treatment,
                "mixture": role.learned_name,
                "match": role.match,
                "task": role.task,
                "seed": role.seed,
                **row,
                "distance": found["distance"]["encoder"],
                "relative_distance": found["distance"]["relative"],
            }
            for row in found["languages"]
        ]
    return pd.DataFrame(rows, columns=list(TABLES["forgetting"].columns))
