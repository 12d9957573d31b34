"""`isogloss data check`: look at data before training on them."""

import argparse

from isogloss.cli.options import add_json_option, frame_records, print_json, print_table
from isogloss.data import check_data, open_source


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    check = actions.add_parser(
        "check", help="counts, splits, duplicates, label sets, odd characters, broken files"
    )
    check.add_argument("where", metavar="PATH", help="folder of data, or YAML mapping of it")
    add_json_option(check)


def run(args: argparse.Namespace) -> int:
    """Run the command; 2 when something is broken."""
    checked = check_data(open_source(args.where))
    findings = [
        {"severity": one.severity, "where": one.where, "text": one.text} for one in checked.findings
    ]
    broken = any(one.severity == "error" for one in checked.findings)
    if args.json:
        print_json({"counts": frame_records(checked.frame()), "findings": findings})
        return 2 if broken else 0
    print_table(f"Data in {args.where}", checked.frame())
    for one in findings:
        print(f"{one['severity']}: {one['where']}: {one['text']}")
    print("broken: mend the errors before training" if broken else "fit to train on")
    return 2 if broken else 0
