"""`isogloss gate`: may the new model be released? GO, NO-GO or INCONCLUSIVE by a policy."""

import argparse
from typing import TYPE_CHECKING

from isogloss.cli.arguments import add_examples, place
from isogloss.cli.compare_models import add_text_options, read_systems
from isogloss.cli.options import add_json_option, print_json
from isogloss.cli.printing import say
from isogloss.cli.tables import print_table, say_wrapped

if TYPE_CHECKING:
    from isogloss.comparison import Decision

_MOST_ROWS = 40
_EPILOGUE = """
exit codes: 0 GO, 1 NO-GO, 2 the input is wrong, 3 INCONCLUSIVE"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument(
        "new",
        type=place,
        metavar="NEW",
        help="candidate: scores, or with --text or --tasks a model folder",
    )
    parser.add_argument(
        "--baseline",
        type=place,
        required=True,
        metavar="OLD",
        help="what it is compared with: scores, `baseline/` of an earlier gate, or a model folder",
    )
    parser.add_argument(
        "--policy", type=place, required=True, metavar="FILE", help="rules, see docs/gate.md"
    )
    parser.add_argument(
        "--out",
        type=place,
        metavar="DIR",
        help="write junit.xml, summary.md, gate.json, report.html and baselines into this folder",
    )
    parser.add_argument(
        "--languages", type=place, metavar="FILE", help="mapping of tasks to languages, YAML or CSV"
    )
    parser.add_argument("--score", metavar="NAME", help="which of several scores of an example")
    add_text_options(parser)
    add_json_option(parser)
    add_examples(
        parser,
        "isogloss gate new-run --baseline old-run --policy policy.yaml --out gate",
        "isogloss gate new-run --baseline gate/baseline --policy policy.yaml",
        "isogloss gate new-model --baseline old-model --policy policy.yaml --text texts --out gate",
    )
    parser.epilog = f"{parser.epilog}\n{_EPILOGUE}"


def run(args: argparse.Namespace) -> int:
    """Run the command."""
    from isogloss.comparison import decide, read_policy, refuse_other_folder, write_decision

    policy = read_policy(args.policy)
    if args.out is not None:
        refuse_other_folder(args.out)
    base, new = read_systems(args, args.baseline, args.new)
    decision = decide(base, new, policy)
    report = None
    if args.out is not None:
        from isogloss.report import render_comparison

        write_decision(decision, args.out, base, new)
        report = render_comparison(args.out)
    if args.json:
        findings = [
            {"rule": one.rule, "check": one.check, "cell": one.cell}
            | {"outcome": one.outcome, "reason": one.reason}
            for one in decision.findings
        ]
        print_json({"answer": decision.answer, "findings": findings, "report": report})
    else:
        _print(decision)
        if report is not None:
            say_wrapped(f"report: {report.resolve()}")
    return decision.exit_code


def _print(decision: "Decision") -> None:
    """Print the answer, and what stands in the way."""
    told = [*decision.of("fail"), *decision.of("open")]
    rows = [
        {"outcome": one.outcome, "tier": one.tier, "rule": one.rule}
        | {"check": one.check.replace("_", " "), "cell": one.cell, "why": one.reason}
        for one in told[:_MOST_ROWS]
    ]
    if rows:
        more = len(told) - len(rows)
        print_table(
            "What does not pass", rows, caption=f"{more} more in --json or --out." if more else ""
        )
    for notice in decision.comparison.notices[1:]:
        say_wrapped(notice)
    passed = len(decision.of("pass"))
    say(f"{decision.answer}: {passed} of {len(decision.findings)} checks pass.")
