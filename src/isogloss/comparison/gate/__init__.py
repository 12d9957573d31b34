"""A release gate: rules for languages, tasks and labels, and GO, NO-GO or INCONCLUSIVE.

    policy = read_policy(Path("policy.yaml"))
    decision = decide(read_scores(Path("old")), read_scores(Path("new")), policy)
    decision.answer, decision.findings

`policy` says what may be asked, `decide` answers it, `files` writes what a pipeline shows.
"""

from isogloss.comparison.gate.decide import Decision, Finding, decide
from isogloss.comparison.gate.files import write_decision
from isogloss.comparison.gate.policy import Policy, Rule, read_policy

__all__ = ["Decision", "Finding", "Policy", "Rule", "decide", "read_policy", "write_decision"]
