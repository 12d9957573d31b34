"""What meta-learning runs log: how large the cross-lingual term is, and where it points."""

from pathlib import Path
from typing import Final

import pandas as pd

from isogloss.report.curves import events, pretrainings, update_of

SIGNAL_COLUMNS: Final = (
    *("run_id", "treatment", "options", "mixture", "match", "seed"),
    *("update", "meta_ratio", "meta_cosine", "meta_validation_epochs"),
)


def read_signals(runs: Path) -> pd.DataFrame:
    """Read the meta-gradient's terms out of `runs/*/metrics.jsonl`.

    The gradient of a language's modules is g_dir - beta m: g_dir is the direct term, the gradient
    of the language's own validation loss, and m the cross-lingual one, which alone carries what
    other languages say. A run logs beta ||m|| / ||g_dir||, the cosine of beta m and g_dir, and how
    often its validation text has been read.

    Args:
        runs: the folder `runs` of a study; may be absent.

    Returns:
        One row per run and logged update, columns `SIGNAL_COLUMNS`; empty where no run logged any.

    Reference:
        Wang, Lipton, Tsvetkov. On Negative Interference in Multilingual Models: Findings and A
        Meta-Learning Treatment. EMNLP 2020, equations of the meta-gradient.
        https://arxiv.org/abs/2010.03017
    """
    rows = [
        {
            **run,
            "update": update_of(event),
            "meta_ratio": _number(event["meta_ratio"]),
            "meta_cosine": _number(event.get("meta_cosine")),
            "meta_validation_epochs": _number(event.get("meta_validation_epochs")),
        }
        for log, run in pretrainings(runs)
        for event in events(log, "train", "meta_ratio")
    ]
    return pd.DataFrame(rows, columns=list(SIGNAL_COLUMNS))


def no_signals() -> pd.DataFrame:
    """Return the table of a study that logged none."""
    return pd.DataFrame(columns=list(SIGNAL_COLUMNS))


def _number(value: object) -> float:
    """A number, or nan for anything else."""
    return float(value) if isinstance(value, int | float) else float("nan")
