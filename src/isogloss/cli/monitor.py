"""`isogloss monitor`: what the conflict monitor measured in a run."""

import argparse

from isogloss.cli.arguments import add_examples, place
from isogloss.cli.options import add_json_option, print_json
from isogloss.cli.printing import say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument(
        "folder",
        type=place,
        metavar="DIR",
        help="folder with `conflict.jsonl`: ConflictMonitor's `folder=`, or OUT/runs/...",
    )
    parser.add_argument(
        "--to", type=place, metavar="FILE", help="picture to write (default: DIR/conflict.html)"
    )
    add_json_option(parser)
    add_examples(parser, "isogloss monitor my-run", "isogloss monitor my-run --json")


def run(args: argparse.Namespace) -> int:
    """Run the command."""
    from isogloss.diagnosis import conflict_lines, read_looks, summarise_conflict
    from isogloss.report import render_conflict

    measured = read_looks(args.folder)
    summary = summarise_conflict(measured)
    lines, control = conflict_lines(measured)
    target = args.to or args.folder / "conflict.html"
    name = args.folder.resolve().name
    page = render_conflict(
        name, summary.as_rows(), lines=lines, control=control, notes=summary.notes, target=target
    )
    if args.json:
        counts = {"not_finite": summary.not_finite, "too_few_rows": summary.too_few_rows}
        print_json(
            {
                "looks": summary.looks,
                "pairs": summary.as_rows(),
                "coverage": summary.coverage,
                "unseen": summary.unseen,
                **counts,
                "picture": str(page.resolve()),
            }
        )
    else:
        say(str(summary))
        say(f"picture: {page.resolve()}")
    return 0
