"""`isogloss compare`: two studies, language by language."""

import argparse
from pathlib import Path

from isogloss.cli.options import add_json_option, frame_records, print_json, print_table
from isogloss.study import compare_studies


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("first", type=Path, metavar="A", help="folder of the reference study")
    parser.add_argument("second", type=Path, metavar="B", help="folder of the other study")
    add_json_option(parser)


def run(args: argparse.Namespace) -> int:
    """Run the command."""
    frame = compare_studies(args.first, args.second)
    if args.json:
        print_json(frame_records(frame))
        return 0
    print_table(f"{args.second} against {args.first}, positive gain = B is better", frame)
    counts = frame["verdict"].value_counts().to_dict()
    print(", ".join(f"{n} {verdict}" for verdict, n in counts.items()))
    return 0
