"""The result in sentences: who is hurt, who is helped, by how much, how surely."""

import math
from collections import Counter
from collections.abc import Mapping
from typing import Final

import pandas as pd

from isogloss.report.study_files import Row, StudyFiles, number
from isogloss.report.wording import (
    amount,
    difference,
    in_bits,
    joined,
    match_name,
    plural,
    score,
    treatment_name,
)

_CLEAR: Final = ("HURT", "HELPED")
_SHOWN: Final = 3
_POINTS: Final = "accuracy"  # any metric that is printed in points


def headline(table: pd.DataFrame, names: Mapping[str, str]) -> str:
    """Say the result in one sentence.

    Args:
        table: the comparisons of the answer, with columns of `verdicts.csv`.
        names: of the languages.

    Returns:
        The sentence. "No interference found" names the smallest harm that would have been seen.
    """
    hurt, helped = (_languages(table, verdict) for verdict in _CLEAR)
    both = [code for code in hurt if code in helped]
    groups = (
        ("hurts", [code for code in hurt if code not in both], ""),
        ("helps", [code for code in helped if code not in both], ""),
        ("hurts and helps", both, ", depending on the task or the partner"),
    )
    clauses = [f"{verb} {_named(who, names)}{tail}" for verb, who, tail in groups if who]
    if clauses:
        return f"Learning together {joined(clauses)}."
    n_weak = int((table["verdict"] == "UNDERPOWERED").sum())
    if n_weak == len(table):
        return "This study is too small to tell whether learning together hurts."
    if n_weak > len(table) / 2:
        weak = f"{n_weak} of {plural(len(table), 'comparison')}"
        return f"No interference found, but {weak} were too small to tell. {_power(table)}"
    return f"No interference found. {_power(table)}"


def effects(table: pd.DataFrame, names: Mapping[str, str]) -> list[str]:
    """Tell the harms and the gains with their sizes, the largest first, then what stayed open.

    Args:
        table: as for `headline`.
        names: of the languages.

    Returns:
        Sentences.
    """
    told = [
        sentence
        for verdict in _CLEAR
        if (sentence := _effect_sentences(table[table["verdict"] == verdict], names, verdict))
    ]
    open_ = table[~table["verdict"].isin(_CLEAR)]
    if open_.empty:
        return told
    which = "In the other" if told else "In all"
    rest = f"{which} {plural(len(open_), 'comparison')} no difference was told apart from zero"
    return [*told, f"{rest}. {_power(open_)}" if told else f"{rest}."]


def certainty(table: pd.DataFrame) -> list[str]:
    """Tell what the verdicts rest on, and how many the other budget match changes.

    Args:
        table: as for `headline`, with the column `flip`.

    Returns:
        Sentences.
    """
    parts = []
    for column, word in (("n_seeds", "seed"), ("n_examples", "test example")):
        if table[column].notna().any():
            low, high = int(table[column].min()), int(table[column].max())
            parts.append(plural(low, word) if low == high else f"{low:,} to {high:,} {word}s")
    match = match_name(str(table["match"].iloc[0]))
    rests = f"rest on {joined(parts)} a comparison and " if parts else ""
    said = [f"The verdicts {rests}compare at {match}; p-values are Holm-corrected."]
    if table["verdict"].isin(_CLEAR).any():
        said.insert(0, "Parentheses hold 95\u00a0% intervals.")
    changed = int((table["flip"] != "").sum())
    if changed:
        reversed_ = int((table["flip"] == "reverses").sum())
        verb = "changes" if changed == 1 else "change"
        tail = f", {reversed_} of them to the opposite" if reversed_ else ""
        said.append(
            f"{changed} of {plural(len(table), 'verdict')} {verb} when the budgets are matched "
            f"by updates in all{tail} (marked ⇄)."
        )
    return said


def best_treatment(study: StudyFiles) -> str:
    """Name the treatment that gains most within language on the tuned temperature, and its price.

    Points of unlike tasks are averaged, which no interval is given for: so it is told in how many
    of the comparisons the gain, or the loss, is beyond doubt.

    Args:
        study: with `comparisons.csv`.

    Returns:
        One sentence, or "" where no treatment was compared.
    """
    table = study.tables.get("comparisons")
    if table is None:
        return ""
    table = table[[not in_bits(metric) for metric in table["metric"]]]
    for reference in ("temperature", "untreated"):
        rows = table[(table["reference"] == reference) & (table["treatment"] != reference)]
        rows = rows[rows["gain"].notna()]
        within = rows[rows["setting"] == "within_language"].groupby("treatment")["gain"].mean()
        if within.empty:
            continue
        best = str(within.idxmax())
        gains, price = (
            _on_average(rows[(rows["setting"] == setting) & (rows["treatment"] == best)])
            for setting in ("within_language", "zero_shot")
        )
        against = "the tuned temperature" if reference == "temperature" else "no treatment"
        return (
            f"Against {against}, the best treatment within language is "
            f"{treatment_name(best).lower()}: on average {gains}; zero-shot {price}."
        )
    return ""


def _on_average(rows: pd.DataFrame) -> str:
    """The mean gain in points, and in how many of the comparisons it is beyond doubt."""
    if rows.empty:
        return "not measured"
    n = Counter(rows["verdict"])
    proof = f"better beyond doubt in {n['BETTER']} of {plural(len(rows), 'comparison')}"
    proof += f", worse in {n['WORSE']}" if n["WORSE"] else ""
    return f"{difference(rows['gain'].mean(), _POINTS)} points ({proof})"


def _languages(table: pd.DataFrame, verdict: str) -> list[str]:
    """The languages with a verdict, the largest effect first."""
    chosen = table[table["verdict"] == verdict]
    order = chosen["interference"].abs().sort_values(ascending=False).index
    return [str(code) for code in dict.fromkeys(chosen.loc[order, "language"])]


def _named(codes: list[str], names: Mapping[str, str]) -> str:
    """At most five names, then a count."""
    said = [names.get(code, code) for code in codes[:5]]
    more = len(codes) - len(said)
    return joined([*said, plural(more, "other language")] if more else said)


def _effect_sentences(rows: pd.DataFrame, names: Mapping[str, str], verdict: str) -> str:
    """One clause a language and mixture, the largest effects first."""
    if rows.empty:
        return ""
    sizes = rows["interference"].abs() * [1.0 if in_bits(m) else 100.0 for m in rows["metric"]]
    rows = rows.assign(size=sizes).sort_values("size", ascending=False)
    groups = list(rows.groupby(["mixture", "language"], sort=False))
    said = []
    for (mixture, language), group in groups[:_SHOWN]:
        sized = [_size(row, verdict) for row in group.to_dict("records")]
        who = names.get(str(language), str(language))
        said.append(f"{who}{_company(str(mixture), str(language), names)} {joined(sized)}")
    more = len(groups) - len(said)
    likewise = f"; likewise in {plural(more, 'further case')}" if more else ""
    return f"{'; '.join(said)}{likewise}."


def _company(mixture: str, language: str, names: Mapping[str, str]) -> str:
    """With whom a language was trained."""
    partners = [names.get(code, code) for code in mixture.split("+") if code != language]
    if not partners:
        return ""
    who = joined(partners) if len(partners) <= 3 else plural(len(partners), "other language")
    return f", trained with {who},"


def _size(row: Row, verdict: str) -> str:
    """How much, with the interval of the size itself."""
    metric = str(row["metric"])
    sign = 1.0 if verdict == "HURT" else -1.0
    estimate, low, high = (
        sign * number(row[name]) for name in ("interference", "ci_low", "ci_high")
    )
    low, high = min(low, high), max(low, high)
    verb = {
        (True, "HURT"): "needs {} more",
        (True, "HELPED"): "needs {} fewer",
        (False, "HURT"): "loses {}",
        (False, "HELPED"): "gains {}",
    }[in_bits(metric), verdict]
    said = verb.format(amount(estimate, metric))
    if not (math.isfinite(low) and math.isfinite(high)):
        return said
    show = score if low >= 0 else difference
    return f"{said} ({show(low, metric)} to {show(high, metric)})"


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
