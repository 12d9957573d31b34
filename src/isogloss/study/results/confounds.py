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
    curve = _dev_curve(study, run_id)
    return curve[-1] if curve else {}


def _dev_curve(study: Path, run_id: str) -> list[dict[str, float]]:
    """Return the dev losses of each language, in the order of the updates."""
    metrics = read_metrics(run_folder(study, run_id).path)
    return [dict(row["loss_by_language"]) for row in metrics if row["kind"] == "dev"]


def _lowest(curve: list[dict[str, float]], language: str) -> float | None:
    """Return the lowest dev loss of a language; a last one well above it says over-fitting."""
    return min((row[language] for row in curve if language in row), default=None)


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
        curve = _dev_curve(prepared.folder, outcome.run.run_id)
        losses = curve[-1] if curve else {}
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
                    "best_dev_nats": _lowest(curve, name),
                    "left_plateau": name in losses
                    and left_plateau(losses[name], unigram(language)),
                }
            )
    return pd.DataFrame(rows, columns=list(TABLES["confounds"].columns)).drop_duplicates()
