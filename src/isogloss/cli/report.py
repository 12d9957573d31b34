"""`isogloss report`: the report again, from the tables of a study."""

import argparse

from isogloss.cli.arguments import add_examples, place
from isogloss.cli.options import add_json_option, print_json
from isogloss.cli.printing import say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("study", type=place, metavar="DIR", help="folder of a study or a matrix")
    parser.add_argument(
        "--to", type=place, metavar="FILE", help="where to write (default: DIR/report.html)"
    )
    add_json_option(parser)
    add_examples(parser, "isogloss report my-study", "isogloss report my-study --to to-send.html")


def run(args: argparse.Namespace) -> int:
    """Run the command."""
    from isogloss.report import is_matrix, render_matrix, render_report

    render = render_matrix if is_matrix(args.study) else render_report
    report = render(args.study, args.to)
    if args.json:
        print_json({"report": str(report)})
    else:
        say(f"report: {report.resolve()}")
    return 0
