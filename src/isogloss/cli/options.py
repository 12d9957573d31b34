"""Options that several commands share, and their answers as plain data."""

import argparse
import json
import os
import shlex
import sys
from typing import TYPE_CHECKING, Any

from isogloss.cli.arguments import place, processes
from isogloss.cli.printing import say
from isogloss.core import InputError, Language, printable

if TYPE_CHECKING:
    import pandas as pd


def add_launch_options(parser: argparse.ArgumentParser, *, planned: bool = False) -> None:
    """Add the options of commands that train.

    Args:
        parser: of the command.
        planned: the command is only planned, so that it needs no folder.
    """
    what = "folder of the study" + (", to see what is finished" if planned else "")
    parser.add_argument("--out", type=place, required=not planned, metavar="DIR", help=what)
    parser.add_argument(
        "--launcher",
        choices=("pool", "inline"),
        default="pool",
        help="pool = several runs at a time on this machine (default), inline = one by one",
    )
    parser.add_argument(
        "--workers",
        type=processes,
        default=os.cpu_count() or 1,
        metavar="N",
        help="processes of the pool (default: one per core, %(default)s here)",
    )
    add_json_option(parser)


def add_json_option(parser: argparse.ArgumentParser) -> None:
    """Add `--json`."""
    parser.add_argument("--json", action="store_true", help="print the answer as JSON")


def parse_languages(text: str) -> tuple[Language, ...]:
    """Return the languages of a comma-separated list.

    Raises:
        InputError: one of them is unknown or there twice.
    """
    languages = tuple(Language.parse(part.strip(), where="--languages") for part in text.split(","))
    if len(set(languages)) != len(languages):
        raise InputError(
            expected="each language once",
            found=", ".join(map(str, languages)),
            where="--languages",
            next_step="Remove the repeated language (aliases count as the same).",
        )
    return languages


def command_line() -> str:
    """Return what the user typed, for the record."""
    return shlex.join(["isogloss", *sys.argv[1:]])


def print_json(content: object) -> None:
    """Print plain data as JSON; a figure that is missing is null."""
    text = json.dumps(content, indent=1, ensure_ascii=False, default=str)
    # JSON escapes the first 32 characters by itself; the other active ones keep their value so.
    active = "".join(dict.fromkeys(found for found in text if printable(found) != found))
    say(text.translate({ord(one): f"\\u{ord(one):04x}" for one in active}), is_safe=True)


def frame_records(frame: "pd.DataFrame") -> list[dict[str, Any]]:
    """Return the rows of a table as plain data, missing values as None."""
    return json.loads(frame.to_json(orient="records"))
