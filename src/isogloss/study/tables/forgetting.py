"""Forgetting: what a treated fine-tuning left of the pretrained masked-LM, language by language."""

from typing import Final

import pandas as pd

from isogloss.study.outcomes import Outcomes

FORGETTING_COLUMNS: Final = (
    *("treatment", "mixture", "match", "learned", "task", "seed", "run_id", "language", "seen"),
    *("pretrained_nats", "original_decoder_nats", "tied_decoder_nats"),
    *("forgotten_nats", "forgotten_nats_tied", "distance", "relative_distance"),
)


def forgetting(outcomes: Outcomes) -> pd.DataFrame:
    """Return one row a treated fine-tuning and language of its model.

    Args:
        outcomes: finished runs; those of a study that treats pretraining have no row.

    Returns:
        The columns `FORGETTING_COLUMNS`. `forgotten_nats` is the loss that fine-tuning added under
        the pretrained head, `forgotten_nats_tied` with the fine-tuned embeddings in its decoder;
        `distance` is that of the encoder's weights from the pretrained ones.
    """
    rows = []
    for role in outcomes.roles:
        found = outcomes.by_run[role.run_id].result.get("forgetting")
        if found is None:
            continue
        common = {
            "treatment": role.treatment,
            "mixture": role.mixture_name,
            "match": role.match,
            "learned": role.learned_name,
            "task": role.task,
            "seed": role.seed,
            "run_id": role.run_id,
            "distance": found["distance"],
            "relative_distance": found["relative_distance"],
        }
        rows += [common | row for row in found["languages"]]
    return pd.DataFrame(rows, columns=list(FORGETTING_COLUMNS))
