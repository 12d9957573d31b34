"""Tables for people: never wider than the terminal, or than 100 columns where there is none."""

import math
import shutil
import sys
import textwrap
from collections.abc import Mapping, Sequence
from typing import Final

from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from isogloss.cli.printing import say
from isogloss.core import printable

Rows = Sequence[Mapping[str, object]]
# Of what goes into a file or a pipe.
_WIDTH: Final = 100
_INDENT: Final = "    "
_MISSING: Final = "-"


def print_table(title: str, rows: Rows, *, caption: str = "") -> None:
    """Print rows as a table; as a block each where even the longest words do not fit.

    Args:
        title: above the table.
        rows: the first names the columns.
        caption: below the table.
    """
    texts = [{name: _cell(value) for name, value in row.items()} for row in rows]
    names = [_safe(name) for name in rows[0]] if rows else []
    columns = [
        [name, *(row[key] for row in texts)]
        for name, key in zip(names, rows[0] if rows else (), strict=True)
    ]
    # Two blanks and a line for each column, and the line on the left.
    widths = _widths(columns, screen_width() - 3 * len(columns) - 1)
    say_wrapped(title)
    if widths is None:
        print_blocks(rows)
    elif rows:
        _print(names, [tuple(row.values()) for row in texts], widths)
    if caption:
        say_wrapped(caption)


def print_blocks(rows: Rows) -> None:
    """Print each row as a block: its first value, below it the others that it has."""
    for row in rows:
        texts = [(_safe(name), _cell(value)) for name, value in row.items()]
        say_wrapped(texts[0][1])
        for name, text in texts[1:]:
            if text != _MISSING:
                say_wrapped(f"{name}: {text}", indent=_INDENT)


def say_wrapped(text: str, *, indent: str = "") -> None:
    """Print prose in lines that fit; a word that is longer than a line is broken."""
    lines = textwrap.wrap(
        _safe(text),
        screen_width(),
        initial_indent=indent,
        subsequent_indent=indent and indent + "  ",
        break_on_hyphens=False,
    )
    say("\n".join(lines), is_safe=True)


def screen_width() -> int:
    """Return how many columns there are."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else _WIDTH


def _widths(columns: Sequence[Sequence[str]], room: int) -> list[int] | None:
    """Return the width of each column, the widest narrowed first, no word broken; None = no room.

    Args:
        columns: cells of each, its name first.
        room: for all cells of a row.
    """
    widths = [max(map(cell_len, column)) for column in columns]
    least = [max(cell_len(word) for cell in column for word in cell.split()) for column in columns]
    while sum(widths) > room:
        wide = [i for i, width in enumerate(widths) if width > least[i]]
        if not wide:
            return None
        widths[max(wide, key=lambda i: widths[i])] -= 1
    return widths


def _print(names: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int]) -> None:
    table = Table()
    for i, (name, width) in enumerate(zip(names, widths, strict=True)):
        numeric = all(row[i].lstrip("+-")[:1].isdigit() or row[i] == _MISSING for row in rows)
        justify = "right" if numeric else "left"
        table.add_column(escape(name), justify=justify, width=width, overflow="fold")
    for row in rows:
        table.add_row(*map(escape, row))
    console = Console(width=screen_width())
    # Printed by us: rich ends the process with code 1 when the reader of a pipe has gone away.
    with console.capture() as captured:
        console.print(table)
    say(captured.get().rstrip("\n"), is_safe=True)


def _cell(value: object) -> str:
    """Return one value as text; a missing one is a dash."""
    if value is None or value == "" or (isinstance(value, float) and math.isnan(value)):
        return _MISSING
    return _safe(f"{value:.4g}" if isinstance(value, float) else str(value))


def _safe(text: str) -> str:
    """Return text of one line, safe from the terminal."""
    return printable(text, one_line=True)
