"""From two systems and a policy to GO, NO-GO or INCONCLUSIVE, with a finding for every cell."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from math import isnan
from typing import Final, Literal

import pandas as pd

from isogloss.comparison.compare import Choices, Comparison, compare_scores
from isogloss.comparison.gate.policy import Policy, Rule
from isogloss.comparison.scored import Scored
from isogloss.core import InputError, closest

Answer = Literal["GO", "NO-GO", "INCONCLUSIVE"]
Outcome = Literal["pass", "fail", "open"]
EXIT_CODES: Final[Mapping[str, int]] = {"GO": 0, "NO-GO": 1, "INCONCLUSIVE": 3}


@dataclass(frozen=True)
class Finding:
    """What one rule says about one cell.

    Attributes:
        rule: its name.
        tier: of the rule.
        check: the key of the rule that is asked here.
        language: as `swa-Latn`; "" where the check is about all.
        task: "" where the cell is of several.
        label: "" where the cell is of all.
        outcome: pass, fail or open.
        reason: in words.
        row: of the comparison, as keys and values; empty where there is none.
    """

    rule: str
    tier: str
    check: str
    language: str
    task: str
    label: str
    outcome: Outcome
    reason: str
    row: Mapping[str, object]

    @property
    def cell(self) -> str:
        """Language, task and label in one."""
        return " ".join(one for one in (self.language, self.task, self.label) if one) or "all"


@dataclass(frozen=True)
class Decision:
    """The answer of a gate.

    Attributes:
        answer: GO, NO-GO or INCONCLUSIVE.
        findings: of all rules, in the policy's order.
        comparison: behind them, for tables and report.
    """

    answer: Answer
    findings: tuple[Finding, ...]
    comparison: Comparison

    @property
    def exit_code(self) -> int:
        """0 GO, 1 NO-GO, 3 INCONCLUSIVE."""
        return EXIT_CODES[self.answer]

    def of(self, outcome: str) -> list[Finding]:
        """Return the findings of an outcome, those of critical rules first."""
        tiers = ("critical", "supporting", "advisory")
        found = [one for one in self.findings if one.outcome == outcome]
        return sorted(found, key=lambda one: tiers.index(one.tier))


def decide(base: Scored, new: Scored, policy: Policy) -> Decision:
    """Ask every rule of a policy.

    A cell *fails* where NEW is significantly worse, all cells taken together, and by more than the
    limit. It *passes* where its interval excludes a loss above the limit, or where nothing
    significant was found although a loss of the size of the limit would have been found with the
    required power. Everything else is *open*: a cell without enough examples, or without a partner
    on the other side, never passes. That all cells pass needs no correction for their number, for
    each must pass by itself.

    Args:
        base: the baseline.
        new: the candidate.
        policy: what it must keep.

    Returns:
        NO-GO where a critical or supporting rule fails; else INCONCLUSIVE where a critical one is
        open; else GO.

    Raises:
        InputError: the systems share no example, or a rule names a language, task or label that is
            on neither side.
    """
    asked = _Asked(base, new, policy)
    findings = tuple(one for rule in policy.rules for one in asked.findings(rule))
    hard = {one.tier for one in findings if one.outcome == "fail"} & {"critical", "supporting"}
    is_open = any(one.outcome == "open" and one.tier == "critical" for one in findings)
    answer: Answer = "NO-GO" if hard else "INCONCLUSIVE" if is_open else "GO"
    compared = asked.compared("metric")
    said = f"Gate: {answer}. " + _counted(findings)
    return Decision(answer, findings, replace(compared, notices=(said, *compared.notices)))


def _counted(findings: Sequence[Finding]) -> str:
    counts = {name: sum(one.outcome == name for one in findings) for name in ("fail", "open")}
    return f"Of {len(findings)} checks {counts['fail']} fail and {counts['open']} are open."


class _Asked:
    """Two systems, compared once for each limit."""

    def __init__(self, base: Scored, new: Scored, policy: Policy) -> None:
        self.sides = (base, new)
        self.policy = policy
        self._by_limit: dict[float | str, Comparison] = {}
        here, there = (set(one.frame["language"].cat.categories) for one in self.sides)
        self.known, self.shared = here | there, here & there

    def compared(self, limit: float | str) -> Comparison:
        """Return the comparison with a limit as the smallest effect of interest."""
        if limit not in self._by_limit:
            has_labels = any(rule.labels for rule in self.policy.rules)
            choices = Choices(
                by=("label",) if has_labels else (),
                smallest_effect=None if isinstance(limit, str) else limit,
                alpha=self.policy.alpha,
                correction=self.policy.correction,
            )
            self._by_limit[limit] = compare_scores(*self.sides, choices)
        return self._by_limit[limit]

    def findings(self, rule: Rule) -> Iterator[Finding]:
        """Yield what a rule says about each of its cells."""
        languages = self._languages(rule)
        if rule.largest_loss is not None:
            rows = self._rows(rule, rule.largest_loss)
            yield from self._of_cells(rule, "largest_loss", rows, languages)
        if rule.worst_language is not None:
            rows = self.compared(rule.worst_language).languages
            yield from self._of_cells(rule, "worst_language", rows, languages)
        if rule.share_hurt is not None:
            yield self._of_share(rule, languages)

    def _languages(self, rule: Rule) -> list[str]:
        named = self.policy.languages_of(rule)
        if named is None:
            return sorted(self.known)
        absent = [one for one in named if one not in self.known]
        if absent:
            raise InputError(
                expected=f"scores of every language that the rule `{rule.name}` names",
                found=f"none of {', '.join(absent)} on either side",
                where=" and ".join(one.source for one in self.sides),
                next_step=f"There are {', '.join(sorted(self.known))}. Score the missing ones, or "
                "take them out of the policy.",
            )
        return list(named)

    def _rows(self, rule: Rule, limit: float | str) -> pd.DataFrame:
        """Return the rows of the comparison that a rule is about.

        Raises:
            InputError: a pattern matches no task or no label.
        """
        rows = self.compared(limit).rows
        if rule.labels:
            rows = _matching(rows[rows["view"] == "label"], "slice", rule.labels, rule)
        else:
            has_tasks = (rows["view"] == "task").any()
            rows = rows[rows["view"] == ("task" if has_tasks else "language")]
        return _matching(rows, "task", rule.tasks, rule) if rule.tasks else rows

    def _of_cells(
        self, rule: Rule, check: str, rows: pd.DataFrame, languages: Sequence[str]
    ) -> Iterator[Finding]:
        records = rows[rows["language"].isin(languages)].to_dict("records")
        for row in records:
            outcome, reason = self._judged({str(key): one for key, one in row.items()}, rule)
            label = str(row["slice"]) if row["view"] == "label" else ""
            yield Finding(
                rule.name,
                rule.tier,
                check,
                str(row["language"]),
                str(row["task"]),
                label,
                outcome,
                reason,
                {str(key): value for key, value in row.items()},
            )
        for language in languages:
            if not any(row["language"] == language for row in records):
                said = "no scores of it on both sides"
                yield Finding(rule.name, rule.tier, check, language, "", "", "open", said, {})

    def _of_share(self, rule: Rule, languages: Sequence[str]) -> Finding:
        """Return what a rule says about the share of languages that are HURT."""
        rows = self.compared("metric").languages
        rows = rows[rows["language"].isin(languages)]
        hurt = set(rows["language"][rows["verdict"] == "HURT"])
        judged = [(str(row["language"]), row) for row in rows.to_dict("records")]
        sure = [
            self._judged({str(key): one for key, one in row.items()}, rule)[0] == "pass"
            for _, row in judged
        ]
        left = {code for (code, _), one in zip(judged, sure, strict=True) if not one}
        unsure = (left | (set(languages) - set(rows["language"]))) - hurt
        share = rule.share_hurt or 0.0
        allowed = share * len(languages)
        outcome: Outcome = "pass"
        if len(hurt) > allowed:
            outcome = "fail"
        elif len(hurt) + len(unsure) > allowed:
            outcome = "open"
        said = f"{len(hurt)} of {len(languages)} languages HURT, {len(unsure)} open; {share:g} may"
        return Finding(rule.name, rule.tier, "share_hurt", "", "", "", outcome, said, {})

    def _judged(self, row: Mapping[str, object], rule: Rule) -> tuple[Outcome, str]:
        """Return the outcome of one cell, and why."""
        harm, high, power = (_number(row, key) for key in ("harm", "ci_high", "power"))
        limit = _number(row, "smallest_effect")
        # HURT, or significant and smaller than the limit.
        is_worse = _number(row, "p_adjusted") < self.policy.alpha and harm > 0
        size = f"harm {harm:+.4g}, limit {limit:.4g}"
        if is_worse and harm > limit:
            return "fail", f"significantly worse: {size}"
        if few := self._too_few(row):
            return "open", few
        if high <= limit:
            return "pass", f"a loss above the limit is excluded: {size}"
        if is_worse:
            return "open", f"significantly worse, perhaps by more than the limit: {size}"
        if power >= rule.required_power and harm <= limit:
            return "pass", f"no significant loss with power {power:.2f}: {size}"
        return "open", f"power {power:.2f}, {rule.required_power:g} is required: {size}"

    def _answered(self, language: str) -> float:
        """Return the share of the baseline's examples of a language that have a partner."""
        return self.compared("metric").answered.get(language, 0.0)

    def _too_few(self, row: Mapping[str, object]) -> str:
        """Return why a cell cannot pass whatever its numbers are; nothing where it can."""
        units, paired = _units(row), self._answered(str(row["language"]))
        if units < self.policy.least_examples:
            return f"{units:.0f} examples, {self.policy.least_examples} are needed"
        if paired < self.policy.least_paired:
            return f"NEW answered {100 * paired:.3g} % of the baseline's examples"
        return ""


def _matching(rows: pd.DataFrame, column: str, patterns: Sequence[str], rule: Rule) -> pd.DataFrame:
    """Return the rows whose task or label matches a pattern; each pattern must match some.

    Raises:
        InputError: one matches none.
    """
    names = [str(one) for one in rows[column].unique()]
    for pattern in patterns:
        if not any(fnmatchcase(name, pattern) for name in names):
            what = "label" if column == "slice" else "task"
            near = closest(pattern, names)
            raise InputError(
                expected=f"a {what} of the scores for each pattern of the rule `{rule.name}`",
                found=f"none like `{pattern}`",
                where=f"the policy, {what}s",
                next_step=f"Did you mean `{near}`?"
                if near
                else f"There are {', '.join(sorted(one for one in names if one)[:10]) or 'none'}.",
            )
    chosen = [name for name in names if any(fnmatchcase(name, one) for one in patterns)]
    return rows[rows[column].isin(chosen)]


def _number(row: Mapping[str, object], key: str) -> float:
    value = row.get(key)
    return float(value) if isinstance(value, int | float) else float("nan")


def _units(row: Mapping[str, object]) -> float:
    """Return the number of clusters, or of examples where they stand alone."""
    clusters = _number(row, "n_clusters")
    return _number(row, "n_examples") if isnan(clusters) else clusters
