"""What a reader must know beside the tables."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pandas as pd

from isogloss.core import MATCHES, write_atomically
from isogloss.study.plan.runs import Role, StudyPlan
from isogloss.study.results.outcomes import Outcomes
from isogloss.study.spec.spec import StudySpec

Note = dict[str, str]


def write_notes(out: Path, notes: list[Note]) -> None:
    """Write `notes.json`: warnings first, then refusals, then notes."""
    order = ("warning", "refusal", "note")
    ordered = sorted(notes, key=lambda note: order.index(note["level"]))
    write_atomically(out / "notes.json", json.dumps(ordered, indent=1, ensure_ascii=False))


def notes_of(
    spec: StudySpec,
    plan: StudyPlan,
    outcomes: Outcomes,
    *,
    confounds: pd.DataFrame,
) -> list[Note]:
    """Return what the tables and the runs themselves give cause to say."""
    warnings = [
        *_scored_on_dev(spec),
        *_few_seeds(spec),
        *_destroyed(confounds),
        *_destroyed_in_finetuning(outcomes),
        *_plateau(confounds),
        *_not_finite(outcomes),
    ]
    return [
        *({"level": "warning", "text": text} for text in warnings),
        *(
            {"level": "note", "text": text}
            for text in (*_chosen(plan, spec), *_cut(outcomes), *_not_measured(outcomes))
        ),
    ]


def _scored_on_dev(spec: StudySpec) -> list[str]:
    """Warn that no score comes from test data."""
    if spec.scored_on == "test":
        return []
    return [
        "SCORED ON DEV DATA: every score of this study, whatever a table calls it, comes from the "
        "dev split. That is right for choosing a setting and wrong for reporting one: take what is "
        "chosen here to a study with `scored_on: test`, best on other languages."
    ]


def _few_seeds(spec: StudySpec) -> list[str]:
    """Warn of one seed, and of two."""
    if len(spec.every_seed) == 1:
        return [
            "ONE SEED: intervals cover the test examples only, not the next training. "
            "Run three seeds or more before you act on a verdict."
        ]
    if len(spec.every_seed) == 2:
        return [
            "TWO SEEDS: the spread between trainings is hardly known; a nominal 5 % test rejects "
            "up to 8 %. Run three seeds or more."
        ]
    return []


def _destroyed(confounds: pd.DataFrame) -> list[str]:
    """Warn of trainings that made the checkpoint worse: one text for the whole study."""
    worse = confounds[confounds["destroyed"].eq(True)]
    if worse.empty:
        return []
    return [
        f"DESTROYED: {worse['run_id'].nunique()} of {confounds['run_id'].nunique()} pretrainings "
        "made the checkpoint worse than it was: dev loss "
        f"{_fell(worse, 'start_nats', 'dev_nats', ' nats')}, retrieval of translations "
        f"{_fell(worse, 'start_retrieval', 'retrieval')} in the mean. No verdict rests on them: "
        f"lower the learning rate. They are: {'; '.join(_places(worse))}."
    ]


def _destroyed_in_finetuning(outcomes: Outcomes) -> list[str]:
    """Warn of fine-tunings that left nothing of the checkpoint: one text for the whole study."""
    worse = outcomes.destroyed_in_finetuning()
    if not worse:
        return []
    guards = [one.result["guard"] for one in worse.values()]
    n_all = sum(one.run.stage == "finetune" for one in outcomes.by_run.values())
    dev, chance = (
        _mean_of([value for guard in guards for value in guard["end"][key].values()])
        for key in ("dev", "dev_chance")
    )
    before, after = (
        _mean_of([value for guard in guards for value in guard[key]["retrieval"].values()])
        for key in ("start", "end")
    )
    return [
        f"DESTROYED: {len(worse)} of {n_all} fine-tunings left nothing of the checkpoint, or "
        f"taught it nothing: dev loss {dev} nats, where class frequencies alone reach {chance}; "
        f"retrieval of translations {before} -> {after}. No verdict rests on them: lower the "
        f"learning rate, or train longer. They are: {'; '.join(sorted(worse))}."
    ]


def _mean_of(values: list[float]) -> str:
    return f"{sum(values) / len(values):.2f}" if values else "not measured"


def _fell(rows: pd.DataFrame, before: str, after: str, unit: str = "") -> str:
    """Return from where to where a number went, in the mean of what was measured."""
    known = rows.dropna(subset=[before, after])
    if known.empty:
        return "not measured"
    return f"{known[before].mean():.2f} -> {known[after].mean():.2f}{unit}"


def _plateau(confounds: pd.DataFrame) -> list[str]:
    """Warn of models that are still at the unigram plateau: one text for the whole study."""
    stuck = confounds[confounds["left_plateau"].eq(False)]
    if stuck.empty:
        return []
    return [
        f"PLATEAU: {stuck['run_id'].nunique()} of {confounds['run_id'].nunique()} pretrainings "
        "have not left the unigram plateau. Verdicts that rest on them compare how fast models "
        f"leave the plateau, not where they end: train longer. They are: "
        f"{'; '.join(_places(stuck))}."
    ]


def _places(rows: pd.DataFrame) -> list[str]:
    """Return which trainings some rows of the confounds are of, and in which languages."""
    groups = rows.groupby(["treatment", "mixture", "match"], sort=False)
    return [
        f"{treatment} on {mixture}"
        + (f" ({MATCHES[str(match)]})" if match else "")
        + f" in {', '.join(sorted(set(group['language'])))}"
        for (treatment, mixture, match), group in groups
    ]


def _chosen(plan: StudyPlan, spec: StudySpec) -> list[str]:
    """Say which settings were chosen by dev score."""
    found = {
        (role.treatment, role.mixture_name, role.task if plan.treated == "finetune" else ""): (
            role.options,
            role.n_candidates,
        )
        for role in plan.roles
        if role.n_candidates > 1
    }
    return [
        f"{treatment} on {mixture}{', ' if task else ''}{task}: {_in_words(options)} was chosen "
        f"from {n} candidates by mean dev loss on seed {spec.seed_of_choices}."
        for (treatment, mixture, task), (options, n) in found.items()
    ]


def _in_words(options: dict[str, Any]) -> str:
    """Return options as text."""
    return ", ".join(f"{key} = {value}" for key, value in options.items())


def _cut(outcomes: Outcomes) -> list[str]:
    """Say how many training examples did not fit."""
    found = {
        (one.run.task, "+".join(map(str, one.run.learned))): one.result["n_truncated"]
        for one in outcomes.by_run.values()
        if one.result.get("n_truncated")
    }
    return [
        f"{task}, {language}: {n} training examples were cut to the max length; words cut "
        "off in test examples count as wrong."
        for (task, language), n in found.items()
    ]


def _not_finite(outcomes: Outcomes) -> list[str]:
    """Warn of languages whose gradient was not a finite number."""
    found: dict[str, Counter[str]] = {}
    for role in outcomes.roles:
        measured = outcomes.trained(role).conflict
        lost = Counter(language for row in measured for language in row.get("not_finite", ()))
        if lost:
            found[f"{_place(role)} (of {len(measured)} measurements)"] = lost
    if not found:
        return []
    places = [
        f"{place}: " + ", ".join(f"{language} in {n}" for language, n in lost.items())
        for place, lost in found.items()
    ]
    return [
        "NOT FINITE: gradients with NaN or infinity were seen and left out of every cosine: "
        f"{'; '.join(places)}."
    ]


def _place(role: Role) -> str:
    """Return which training is meant, as text."""
    task = "" if role.stage == "pretrain" else f", {role.task}"
    return f"{role.treatment} on {role.mixture_name}{task}, seed {role.seed}"


def _not_measured(outcomes: Outcomes) -> list[str]:
    """Say where gradient conflict was asked for and no run says anything of it."""
    asked = {
        run.run_id: _place(role)
        for role in outcomes.roles
        if (run := outcomes.trained(role).run).conflict and run.plan.updates
    }
    without = [place for run_id, place in asked.items() if not outcomes.by_run[run_id].conflict]
    if not without:
        return []
    return [
        f"Gradient conflict not measured in {len(without)} of {len(asked)} joint trainings, "
        f"which were finished without gradient measurements: {'; '.join(without)}. Their weights "
        "are the same; only training them anew in another folder would measure it."
    ]
