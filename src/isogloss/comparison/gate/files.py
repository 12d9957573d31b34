"""What a pipeline shows of a decision: JUnit XML, a Markdown summary, and baselines to commit."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

import pandas as pd

from isogloss.comparison.gate.decide import Decision, Finding
from isogloss.comparison.scored import COUNTS, KEYS, Scored
from isogloss.comparison.writing import write_comparison
from isogloss.core import METRICS, printable, replacing, write_atomically

_MOST_ROWS: Final = 50
# What Markdown, its tables, and mentions of people or issues would act on.
_MARKS: Final = re.compile(r"[\\`*_{}\[\]()#+!|~@:/$-]|\.(?!\d)")
# Characters that XML 1.0 has no way to write.
_NO_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TOLD: Final = {"fail": "FAIL", "open": "open", "pass": "pass"}
_WHAT: Final = {
    "GO": "Every rule passes.",
    "NO-GO": "A language, task or label got worse by more than the policy allows.",
    "INCONCLUSIVE": "Nothing fails, but a critical rule has too few examples to pass.",
}


def write_decision(decision: Decision, folder: Path, base: Scored, new: Scored) -> None:
    """Write a decision and what it rests on.

    `gate.json` (the answer and every finding), `junit.xml`, `summary.md`, the tables of the
    comparison, and per-example scores as `isogloss compare --scores` reads them: `baseline/` of
    the baseline, and `next-baseline/` of NEW, each to be committed or kept.

    Args:
        decision: of `decide`.
        folder: new, empty, or of an earlier comparison.
        base: the baseline's scores.
        new: the candidate's.

    Raises:
        InputError: the folder holds something else, or cannot be written.
    """
    write_comparison(decision.comparison, folder)
    findings = [_plain(one) for one in decision.findings]
    content = {"answer": decision.answer, "findings": findings}
    text = json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False)
    write_atomically(folder / "gate.json", text + "\n")
    write_atomically(folder / "junit.xml", junit(decision))
    write_atomically(folder / "summary.md", markdown(decision))
    write_baseline(base, folder / "baseline")
    write_baseline(new, folder / "next-baseline")


def _plain(one: Finding) -> dict[str, object]:
    """Return a finding as JSON can hold it."""
    numbers = ("metric", "base", "new", "harm", "ci_low", "ci_high", "p_adjusted", "verdict")
    row = {key: one.row.get(key) for key in (*numbers, "power", "n_examples", "smallest_effect")}
    names = ("rule", "tier", "check", "language", "task", "label", "outcome", "reason")
    return {
        **{name: getattr(one, name) for name in names},
        **{
            key: None if isinstance(value, float) and not math.isfinite(value) else value
            for key, value in row.items()
        },
    }


def junit(decision: Decision) -> bytes:
    """Return a decision as JUnit XML: a suite for each rule, a case for each cell.

    An open cell of a critical rule is an error, of another rule skipped; a loss under an advisory
    rule is skipped too, so that a pipeline fails on what makes the gate fail.
    """
    root = Element("testsuites", name="isogloss gate")
    for rule in dict.fromkeys(one.rule for one in decision.findings):
        cases = [one for one in decision.findings if one.rule == rule]
        kinds = [_kind(one) for one in cases]
        suite = SubElement(root, "testsuite", name=_xml(rule), tests=str(len(cases)))
        for name, plural in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
            suite.set(plural, str(kinds.count(name)))
        for one, kind in zip(cases, kinds, strict=True):
            name, group = _xml(f"{one.check}: {one.cell}"), _xml(f"{one.tier}.{rule}")
            case = SubElement(suite, "testcase", name=name, classname=group)
            if kind:
                SubElement(case, kind, message=_xml(one.reason)).text = _xml(one.reason)
    indent(root)
    return tostring(root, encoding="utf-8", xml_declaration=True)


def _kind(one: Finding) -> str:
    if one.outcome == "pass":
        return ""
    if one.tier == "advisory" or (one.outcome == "open" and one.tier == "supporting"):
        return "skipped"
    return "failure" if one.outcome == "fail" else "error"


def _xml(text: str) -> str:
    return _NO_XML.sub("\ufffd", printable(text, one_line=True))


def markdown(decision: Decision) -> str:
    """Return a decision as a comment for a merge request."""
    rules: dict[tuple[str, str], list[Finding]] = {}
    for one in decision.findings:
        rules.setdefault((one.rule, one.tier), []).append(one)
    lines = [f"## Languages: {decision.answer}", "", _WHAT[decision.answer], ""]
    lines += ["| rule | tier | pass | fail | open |", "|---|---|---:|---:|---:|"]
    for (rule, tier), found in rules.items():
        counts = [sum(one.outcome == name for one in found) for name in ("pass", "fail", "open")]
        lines.append(f"| {_md(rule)} | {tier} | " + " | ".join(map(str, counts)) + " |")
    told = [*decision.of("fail"), *decision.of("open")]
    if told:
        lines += ["", "| outcome | rule | check | cell | BASE | NEW | why |"]
        lines.append("|---|---|---|---|---:|---:|---|")
        lines += [_line(one) for one in told[:_MOST_ROWS]]
    if len(told) > _MOST_ROWS:
        lines += ["", f"{len(told) - _MOST_ROWS} more in gate.json."]
    notices = [f"- {_md(one)}" for one in decision.comparison.notices[1:]]
    return "\n".join([*lines, "", *notices]).rstrip() + "\n"


def _line(one: Finding) -> str:
    scores = [f"{one.row[key]:.4g}" if key in one.row else "" for key in ("base", "new")]
    words = [_md(one.rule), one.check.replace("_", " "), _md(one.cell), *scores, _md(one.reason)]
    return f"| {_TOLD[one.outcome]} | {' | '.join(words)} |"


def _md(text: str) -> str:
    """Return text that Markdown shows as it is: no link, mention, mark-up or cell."""
    safe = escape(printable(text, one_line=True), quote=False)
    return _MARKS.sub(lambda found: f"&#{ord(found.group())};", safe)


def write_baseline(scores: Scored, folder: Path) -> None:
    """Write per-example scores so that they can be read again without the system.

    Args:
        scores: of one system.
        folder: gets a Parquet file for each metric.

    Raises:
        InputError: it cannot be written.
    """
    for name in scores.frame["metric"].astype("str").unique():
        rows = scores.frame[scores.frame["metric"] == name]
        table = rows[[*KEYS, "cluster", *scores.slices]].assign(**_columns(rows, str(name)))
        with replacing(folder / f"{name}.parquet") as partial:
            table.reset_index(drop=True).to_parquet(partial)


def _columns(rows: pd.DataFrame, metric: str) -> Mapping[str, Sequence[float]]:
    """Return the counts under names that `make_scored` reads back as the same metric."""
    first, second, third = (rows[name].to_numpy() for name in COUNTS)
    if metric in ("mean_score", "mean_loss", "accuracy"):
        has_weights = bool((second != 1).any())
        name = "loss" if metric == "mean_loss" else "score"
        if not has_weights:
            return {name: first}
        if metric == "accuracy":
            return {"correct": first, "total": second}
        return {name: first / second, "weight": second}
    names = METRICS[metric].counts
    return dict(zip(names, (first, second, third), strict=False))
