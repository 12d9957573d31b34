"""The answer in plain language: who is hurt, who is helped, by how much, how sure."""

from collections.abc import Mapping

import pandas as pd

from isogloss.report.exhibit import Section
from isogloss.report.flips import mark_flips, primary_match
from isogloss.report.naming import badge, language_names, mixture_name, named
from isogloss.report.study_files import NotMeasured, StudyFiles
from isogloss.report.wording import (
    amount,
    difference,
    in_bits,
    in_order,
    interval,
    joined,
    match_name,
    metric_name,
    plural,
    score,
    task_name,
    treatment_name,
)

_SHOWN = 3


def frame(study: StudyFiles) -> pd.DataFrame:
    """Return the comparisons that the answer rests on: untreated joint training, within language.

    Raises:
        NotMeasured: the study made no such comparison.
    """
    verdicts = mark_flips(study.table("verdicts"))
    within = verdicts[verdicts["setting"] == "within_language"]
    if within.empty:
        raise NotMeasured("verdicts.csv has no within-language comparison.")
    present = in_order(within["treatment"])
    subject = "untreated" if "untreated" in present else present[0]
    within = within[within["treatment"] == subject]
    return within[within["match"] == primary_match(within)].reset_index(drop=True)


def build(study: StudyFiles) -> Mapping[str, object]:
    """Write the headline, the paragraph and the grid of verdicts."""
    table = frame(study)
    names = language_names(study)
    sentences = [
        *_effects(table, names),
        _rest(table),
        _certainty(table),
        _flips(table),
        _treatments(study),
    ]
    return {
        "headline": headline(table, names),
        "sentences": [sentence for sentence in sentences if sentence],
        "tally": _tally(table),
        "tasks": [
            (task_name(task), metric_name(metric))
            for task, metric in dict.fromkeys(zip(table["task"], table["metric"], strict=True))
        ],
        "grid": _grid(table, names),
        "subject": treatment_name(str(table["treatment"].iloc[0])).lower(),
        "match": match_name(str(table["match"].iloc[0])),
    }


def headline(table: pd.DataFrame, names: Mapping[str, str]) -> str:
    """Say the result in one sentence.

    Args:
        table: as `frame` returns it.
        names: of the languages.

    Returns:
        The sentence. "No interference found" names the smallest harm that would have been seen.
    """
    hurt, helped = (_languages(table, verdict) for verdict in ("HURT", "HELPED"))
    both = [code for code in hurt if code in helped]
    only_hurt = [names.get(code, code) for code in hurt if code not in both]
    only_helped = [names.get(code, code) for code in helped if code not in both]
    clauses = []
    if only_hurt:
        clauses.append(f"hurts {joined(only_hurt)}")
    if only_helped:
        clauses.append(f"helps {joined(only_helped)}")
    if both:
        mixed = joined([names.get(code, code) for code in both])
        clauses.append(f"hurts and helps {mixed}, depending on the task")
    if clauses:
        return f"Learning together {joined(clauses)}."
    if (table["verdict"] == "UNDERPOWERED").all():
        return "This study is too small to tell whether learning together hurts."
    return f"No interference found. {_power(table)}"


def _languages(table: pd.DataFrame, verdict: str) -> list[str]:
    """The languages with a verdict, the largest effect first."""
    chosen = table[table["verdict"] == verdict]
    order = chosen["interference"].abs().sort_values(ascending=False).index
    return list(dict.fromkeys(chosen.loc[order, "language"]))


def _effects(table: pd.DataFrame, names: Mapping[str, str]) -> list[str]:
    """One sentence for the largest harms, one for the largest gains."""
    return [
        _effect_sentence(table[table["verdict"] == verdict], names, verdict)
        for verdict in ("HURT", "HELPED")
    ]


def _effect_sentence(rows: pd.DataFrame, names: Mapping[str, str], verdict: str) -> str:
    """Name who, with whom, how much and how surely."""
    if rows.empty:
        return ""
    rows = rows.assign(
        size=rows["interference"].abs() * [1 if in_bits(m) else 100 for m in rows["metric"]]
    )
    rows = rows.sort_values("size", ascending=False)
    said = [_effect(row, names, verdict) for row in rows.head(_SHOWN).to_dict("records")]
    more = len(rows) - len(said)
    tail = f", and {plural(more, 'further comparison')} likewise" if more else ""
    return f"{'; '.join(said)}{tail}."


def _effect(row: Mapping[str, object], names: Mapping[str, str], verdict: str) -> str:
    """One clause: "Swahili, trained with English, loses 4.2 points of entity F1 (...)"."""
    code, metric = str(row["language"]), str(row["metric"])
    partners = [
        names.get(other, other) for other in str(row["mixture"]).split("+") if other != code
    ]
    company = (
        f", trained with {joined(partners)},"
        if 0 < len(partners) <= 3
        else ", trained with the others,"
    )
    size = amount(_number(row["interference"]), metric)
    if in_bits(metric):
        effect = f"needs {size} {'more' if verdict == 'HURT' else 'fewer'}"
    else:
        effect = f"{'loses' if verdict == 'HURT' else 'gains'} {size}"
    low, high = _number(row["ci_low"]), _number(row["ci_high"])
    certain = f" (interference {difference(_number(row['interference']), metric)}, 95 % interval {interval(low, high, metric)})"
    return f"{names.get(code, code)}{company} {effect}{certain}"


def _rest(table: pd.DataFrame) -> str:
    """What was not told apart from zero, and what would have been seen."""
    open_ = table[~table["verdict"].isin(["HURT", "HELPED"])]
    if open_.empty:
        return ""
    which = "In all" if len(open_) == len(table) else "In the other"
    return (
        f"{which} {plural(len(open_), 'comparison')} no difference was told apart from zero. "
        f"{_power(open_)}"
    )


def _power(table: pd.DataFrame) -> str:
    """The largest of the smallest detectable effects, per metric: a promise kept everywhere."""
    seen = [
        amount(float(group["mde"].max()), str(metric))
        for metric, group in table.groupby("metric", sort=False)
        if group["mde"].notna().any()
    ]
    if not seen:
        return "The study does not say how small an effect the test could have seen."
    return f"The test could have seen {joined(seen)}."


def _certainty(table: pd.DataFrame) -> str:
    """Seeds, examples and the correction behind the verdicts."""
    parts = []
    if table["n_seeds"].notna().any():
        low, high = int(table["n_seeds"].min()), int(table["n_seeds"].max())
        parts.append(plural(low, "seed") if low == high else f"{low} to {high} seeds")
    if table["n_examples"].notna().any():
        low, high = int(table["n_examples"].min()), int(table["n_examples"].max())
        parts.append(
            plural(low, "test example") if low == high else f"{low:,} to {high:,} test examples"
        )
    rests = f"The verdicts rest on {joined(parts)} a comparison" if parts else "The verdicts"
    return (
        f"{rests} and on {match_name(str(table['match'].iloc[0]))}; "
        "p-values are corrected for the number of languages (Holm)."
        if parts
        else "p-values are corrected for the number of languages (Holm)."
    )


def _flips(table: pd.DataFrame) -> str:
    """How many verdicts the other budget match changes."""
    changed = int((table["flip"] != "").sum())
    if not changed:
        return ""
    reversed_ = int((table["flip"] == "reverses").sum())
    more = f", {reversed_} of them to the opposite" if reversed_ else ""
    return (
        f"{changed} of {plural(len(table), 'verdict')} change{'s' if changed == 1 else ''} when the "
        f"budgets are matched by the updates in all{more}."
    )


def _treatments(study: StudyFiles) -> str:
    """The treatment that gains most within language on the tuned temperature, with its price."""
    table = study.tables.get("comparisons")
    if table is None:
        return ""
    table = table[[not in_bits(metric) for metric in table["metric"]]]
    for reference in ("temperature", "untreated"):
        rows = table[(table["reference"] == reference) & (table["treatment"] != reference)]
        within = rows[rows["setting"] == "within_language"].groupby("treatment")["gain"].mean()
        if within.dropna().empty:
            continue
        best = str(within.idxmax())
        zero = rows[(rows["setting"] == "zero_shot") & (rows["treatment"] == best)]["gain"].mean()
        against = "the tuned sampling temperature" if reference == "temperature" else "no treatment"
        price = (
            f"and {difference(float(zero), 'accuracy')} points zero-shot"
            if pd.notna(zero)
            else "(zero-shot not measured)"
        )
        return (
            f"Of the treatments, {treatment_name(best).lower()} does best within language: "
            f"{difference(float(within.max()), 'accuracy')} points against {against} on average, "
            f"{price}."
        )
    return ""


def _tally(table: pd.DataFrame) -> list[dict[str, object]]:
    """How many comparisons have which verdict."""
    counts = table["verdict"].value_counts()
    known = ["HURT", "HELPED", "INCONCLUSIVE", "UNDERPOWERED"]
    others = [str(verdict) for verdict in counts.index if verdict not in known]
    return [
        {"badge": badge(verdict), "count": int(counts.get(verdict, 0))}
        for verdict in known + others
    ]


def _grid(table: pd.DataFrame, names: Mapping[str, str]) -> list[dict[str, object]]:
    """One line a mixture and language, one cell a task."""
    tasks = list(dict.fromkeys(zip(table["task"], table["metric"], strict=True)))
    lines = []
    for (mixture, language), rows in table.groupby(["mixture", "language"], sort=False):
        by_task = {(row["task"], row["metric"]): row for row in rows.to_dict("records")}
        lines.append(
            {
                "mixture": mixture_name(str(mixture), names),
                "language": named(str(language), names),
                "cells": [_grid_cell(by_task.get(task)) for task in tasks],
            }
        )
    return lines


def _grid_cell(row: Mapping[str, object] | None) -> dict[str, object] | None:
    """Badge, estimate and power of one comparison."""
    if row is None:
        return None
    metric = str(row["metric"])
    return {
        "badge": badge(str(row["verdict"])),
        "estimate": difference(_number(row["interference"]), metric),
        "mde": score(_number(row["mde"]), metric),
        "flip": str(row["flip"]),
    }


def _number(value: object) -> float:
    """A cell as a number; empty is nan."""
    return float(value) if isinstance(value, int | float) else float("nan")


SECTION = Section("answer", "The answer", "answer.html.j2", frame, build)
