"""`isogloss data check`: look at data before training on them."""

import argparse
from typing import Final

from isogloss.cli.arguments import add_examples, share
from isogloss.cli.options import add_json_option, frame_records, print_json
from isogloss.cli.tables import Rows, print_table, say_wrapped
from isogloss.data import LARGEST_OVERLAP, check_data, open_source

_ALWAYS: Final = ("kind", "language", "split", "n_examples")
_SHORT: Final = {
    "n_examples": "examples",
    "n_tokens": "words",
    "n_bytes": "bytes",
    "n_blank": "blank",
    "n_repeated": "repeated",
    "n_also_in_train": "in train",
    "foreign_letters": "foreign letters",
    "n_other_script": "other script",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    check = actions.add_parser(
        "check", help="counts, splits, duplicates, label sets, odd characters, broken files"
    )
    check.add_argument("where", metavar="PATH", help="folder of data, or YAML mapping of it")
    check.add_argument(
        "--largest-overlap",
        type=share,
        default=LARGEST_OVERLAP,
        metavar="SHARE",
        help="of a split's texts that may also stand in another split or under another language "
        "(default: %(default)s)",
    )
    add_json_option(check)
    examples = ("isogloss data check my-texts", "isogloss data check my-layout.yaml --json")
    add_examples(parser, *examples)
    add_examples(check, *examples)


def counted_rows(records: Rows) -> list[dict[str, object]]:
    """Return the counts as the terminal shows them: what is nothing everywhere is left out.

    Args:
        records: with the keys `COLUMNS`.
    """
    used = [
        key
        for key in (records[0] if records else ())
        if key in _ALWAYS or any(row[key] not in (0, None, "", "read") for row in records)
    ]
    return [{_SHORT.get(key, key): row[key] for key in used} for row in records]


def run(args: argparse.Namespace) -> int:
    """Run the command; 2 when something is broken."""
    checked = check_data(open_source(args.where), largest_overlap=args.largest_overlap)
    findings = [
        {"severity": one.severity, "where": one.where, "text": one.text} for one in checked.findings
    ]
    code = 0 if checked.usable else 2
    if args.json:
        print_json({"counts": frame_records(checked.frame()), "findings": findings})
        return code
    print_table(f"Data in {args.where}", counted_rows(frame_records(checked.frame())))
    for one in findings:
        say_wrapped(f"{one['severity']}: {one['where']}: {one['text']}")
    say_wrapped("fit to train on" if checked.usable else "broken: mend the errors before training")
    return code
