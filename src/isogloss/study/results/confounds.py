"""What differs between runs besides the languages: the table to read before believing a verdict."""

from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from isogloss.core import TABLES, Language
from isogloss.diagnosis import left_plateau
from isogloss.evaluation import unigram_nats
from isogloss.study.results.outcomes import Outcomes
from isogloss.study.store.prepare import Prepared
from isogloss.study.store.run_folder import run_folder
from isogloss.training import read_metrics


def dev_nats(study: Path, run_id: str) -> dict[str, float]:
    """Return the last dev loss of each language in nats per masked piece; empty if none."""
    rows = [row for row in read_metrics(run_folder(study, run_id).path) if row["kind"] == "dev"]
    return dict(rows[-1]["loss_by_language"]) if rows else {}


def confounds(outcomes: Outcomes, prepared: Prepared) -> pd.DataFrame:
    """Return one row per pretraining and language: budgets, vocabulary, plateau."""

    @cache
    def unigram(language: Language) -> float:
        train, dev = (prepared.corpus(language, split).tokens for split in ("train", "dev"))
        tokenizer = prepared.tokenizer
        return unigram_nats(train, dev, tokenizer.vocabulary_size, ignore=tokenizer.special_ids)

    rows: list[dict[str, Any]] = []
    for role in outcomes.roles:
        if role.stage != "pretrain":
            continue
        outcome = outcomes.trained(role)
        losses = dev_nats(prepared.folder, outcome.run.run_id)
        for language in role.learned:
            name = str(language)
            rows.append(
                {
                    "run_id": outcome.run.run_id,
                    "treatment": role.treatment,
                    "mixture": role.learned_name,
                    "match": role.match,
                    "seed": role.seed,
                    "language": name,
                    "tokens": outcome.result["tokens"][name],
                    "updates": outcome.updates_on(language),
                    # Runs from before this was counted have none.
                    "epochs": outcome.result.get("epochs", {}).get(name),
                    **prepared.facts["confounds"][name],
                    "unigram_nats": unigram(language),
                    "dev_nats": losses.get(name),
                    "left_plateau": name in losses
                    and left_plateau(losses[name], unigram(language)),
                }
            )
    return pd.DataFrame(rows, columns=list(TABLES["confounds"].columns)).drop_duplicates()
