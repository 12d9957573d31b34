"""`isogloss cite`: what to cite for a study."""

import argparse
import json
from pathlib import Path

from isogloss.cli.options import add_json_option, print_json
from isogloss.core import InputError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("study", type=Path, metavar="DIR", help="folder of a study")
    add_json_option(parser)


def run(args: argparse.Namespace) -> int:
    """Run the command."""
    path = args.study / "study.json"
    if not path.is_file():
        raise InputError(
            expected="a study folder with study.json",
            found="no such file",
            where=str(args.study),
            next_step="Give the folder that `isogloss run --out` wrote.",
        )
    citations = json.loads(path.read_text())["citations"]
    if args.json:
        print_json(citations)
    else:
        print("\n\n".join(one["bibtex"] for one in citations))
    return 0
