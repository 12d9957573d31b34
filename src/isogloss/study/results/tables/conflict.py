"""Gradient conflict: the cosines of every pair of languages, over the updates of a training."""

from collections.abc import Iterable
from typing import Any, Final

import pandas as pd

from isogloss.core import TABLES
from isogloss.study.plan.runs import Role
from isogloss.study.results.outcomes import Outcome, Outcomes

_SIDES: Final = ("language_a", "language_b")
_SUMMARY: Final = ("gradient_cosine", "gradient_control", "conflict_rate")


def conflict(outcomes: Outcomes) -> pd.DataFrame:
    """Return one row a joint training, pair of languages and look, and one a layer and kind.

    A pair of which one language's gradient was not finite has no row for that look.

    Args:
        outcomes: finished runs; runs without a look (monolingual, switched off, or from before
            there was a monitor) have no row.

    Returns:
        The columns of `TABLES["conflict"]`. `level` is "model" (a row an update), or "layer" or
        "kind" (the mean over the training; `update` is empty). `half` and `control` (the mean of
        the two languages' same-language cosines) have the same noise; `corrected` has no bias of
        noise.
    """
    rows = [row for role in outcomes.roles for row in _rows(role, outcomes.trained(role))]
    return pd.DataFrame(rows, columns=list(TABLES["conflict"].columns))


def _rows(role: Role, trained: Outcome) -> Iterable[dict[str, Any]]:
    """Yield the rows of one training."""
    looks = trained.conflict
    common = {
        "treatment": role.treatment,
        "mixture": role.mixture_name,
        "task": role.task,
        "seed": role.seed,
        "run_id": trained.run.run_id,
    }
    for look in looks:
        for pair, cosine in look["cosine"].items():
            yield (
                common
                | _pair(pair)
                | {
                    "level": "model",
                    "name": "",
                    "update": look["update"],
                    "cosine": cosine,
                    "corrected": look["corrected"][pair],
                    "half": look["half"][pair],
                    "control": _control(look, pair),
                }
            )
    for level, key in (("layer", "layers"), ("kind", "kinds")):
        found = pd.DataFrame(
            [
                {"name": name, "pair": pair, "cosine": cosine}
                for look in looks
                for name, by_pair in look[key].items()
                for pair, cosine in by_pair.items()
            ],
            columns=["name", "pair", "cosine"],
        )
        for (name, pair), cosines in found.groupby(["name", "pair"], sort=False)["cosine"]:
            yield (
                common
                | _pair(str(pair))
                | {
                    "level": level,
                    "name": name,
                    "cosine": cosines.astype(float).mean(),
                }
            )


def _pair(name: str) -> dict[str, str]:
    first, _, second = name.partition("|")
    return {"language_a": first, "language_b": second}


def _control(look: dict[str, Any], pair: str) -> float | None:
    """Return the mean of the two languages' cosines with themselves."""
    # Runs that were trained before this word are read as well.
    control = look["control"] if "control" in look else look["same_language"]
    values = [control[language] for language in pair.split("|")]
    return None if None in values else sum(values) / 2


def with_conflict(
    verdicts: pd.DataFrame, found: pd.DataFrame, *, of_task: bool = False
) -> pd.DataFrame:
    """Add to every verdict what the gradients of its language said in the treated training.

    Over the second half of each training, all seeds, and the pairs that hold the language:
    `gradient_cosine` (mean of `half`), `gradient_control` (mean of `control`), and `conflict_rate`,
    the share of looks at which the cosine of the whole gradients was below 0. Empty where nobody
    looked.

    Args:
        verdicts: as `verdicts` makes them.
        found: as `conflict` makes it.
        of_task: whether a training of the verdict's own task was treated, not the pretraining.
    """
    keys = ["treatment", "mixture", "language", *(["task"] if of_task else [])]
    looks = found[found["level"] == "model"].copy()
    looks["update"] = looks["update"].astype(float)
    last = looks.groupby("run_id")["update"].transform("max")
    late = looks[looks["update"] >= last / 2]
    by_language = pd.concat([late.assign(language=late[side]) for side in _SIDES])
    summary = by_language.groupby(keys, as_index=False).agg(
        gradient_cosine=("half", lambda values: values.astype(float).mean()),
        gradient_control=("control", lambda values: values.astype(float).mean()),
        conflict_rate=("cosine", lambda values: (values.astype(float) < 0).mean()),
    )
    judged = verdicts.drop(columns=list(_SUMMARY), errors="ignore")
    return judged.merge(summary, how="left", on=keys)
