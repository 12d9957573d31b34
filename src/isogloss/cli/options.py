"""Options that several commands share, and how their answers are printed."""

import argparse
import json
import os
import shlex
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from isogloss.cli.arguments import place, processes
from isogloss.cli.printing import say
from isogloss.core import InputError, Language, printable


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


def frame_records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as plain data, missing values as None."""
    return json.loads(frame.to_json(orient="records"))


def print_rows(title: str, rows: Sequence[Mapping[str, object]]) -> None:
    """Print a table for people from its rows, of which the first names the columns."""
    table = Table(title=_safe(title), title_justify="left")
    for name, value in rows[0].items() if rows else ():
        table.add_column(
            _safe(name), justify="right" if _is_number(value) else "left", overflow="fold"
        )
    for row in rows:
        table.add_row(*(_cell(value) for value in row.values()))
    if rows:
        _print(table)


def _is_number(value: object) -> bool:
    """Tell whether a cell begins with a digit: such columns stand to the right."""
    return str(value)[:1].isdigit()


def print_table(title: str, frame: pd.DataFrame, *, caption: str = "") -> None:
    """Print a table for people."""
    table = Table(
        title=_safe(title),
        caption=_safe(caption) or None,
        title_justify="left",
        caption_justify="left",
    )
    for column in frame.columns:
        numeric = pd.api.types.is_numeric_dtype(frame[column])
        table.add_column(
            _safe(str(column)), justify="right" if numeric else "left", overflow="fold"
        )
    for row in frame.itertuples(index=False):
        table.add_row(*(_cell(value) for value in row))
    _print(table)


def _print(table: Table) -> None:
    # Into a file or a pipe a row stays one line, however long.
    console = Console(width=None if sys.stdout.isatty() else 400)
    # Printed by us: rich ends the process with code 1 when the reader of a pipe has gone away.
    with console.capture() as captured:
        console.print(table)
    say(captured.get().rstrip("\n"), is_safe=True)


def _cell(value: object) -> str:
    """Return one value as text."""
    if value is None or (isinstance(value, float) and pd.isna(value)):
        return "-"
    return _safe(f"{value:.4g}" if isinstance(value, float) else str(value))


def _safe(text: str) -> str:
    """Return text of one line, safe from the terminal and from rich's markup."""
    return escape(printable(text, one_line=True))
