"""A parser that refuses as the rest of isogloss does: expected, found, where, next step."""

import argparse
import math
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NoReturn

from isogloss.core import InputError, closest, printable, shown

_LARGEST: Final = 10**9
_MOST_SEEDS: Final = 100
_STAGES: Final = re.compile(r"([0-9]{1,9})\.\.([0-9]{1,9})")
_REQUIRED: Final = re.compile(r"the following arguments are required: (?P<names>.+)")
_CHOICE: Final = re.compile(
    r"argument (?P<name>.+?): invalid choice: '?(?P<found>.*?)'? \(choose from (?P<choices>.*?)\)"
)
_UNKNOWN: Final = re.compile(r"unrecognized arguments: (?P<found>.+)")
_OURS: Final = re.compile(r"argument (?P<name>.+?): expected (?P<expected>.+), found (?P<found>.+)")


class Parser(argparse.ArgumentParser):
    """An argument parser without abbreviations, whose refusals are `InputError`s."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        # An abbreviation that works today means something else once an option is added.
        kwargs |= {
            "allow_abbrev": False,
            "formatter_class": argparse.RawDescriptionHelpFormatter,
        }
        super().__init__(*args, **kwargs)

    def parse_known_args(  # type: ignore[override]
        self,
        args: Any = None,  # noqa: ANN401
        namespace: Any = None,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        """Parse; what is left over is refused here, where this command's options are known."""
        found, rest = super().parse_known_args(args, namespace)
        if rest:
            self.error(f"unrecognized arguments: {' '.join(rest)}")
        return found, rest

    def error(self, message: str) -> NoReturn:
        """Refuse what was typed.

        Raises:
            InputError: always.
        """
        options = list(dict.fromkeys(re.findall(r"--[a-z][\w-]*", self.format_usage())))
        raise refusal(self.prog, options, message)


def refusal(program: str, options: Sequence[str], message: str) -> InputError:
    """Turn a message of argparse into one of ours.

    Args:
        program: the command as typed, for example `isogloss run`.
        options: that the command knows.
        message: of argparse.

    Example:
        >>> print(refusal("isogloss run", ["--out"], "unrecognized arguments: --ot x"))
        Expected options of `isogloss run`: --out. Found `--ot x`. Where: `isogloss run`. Did you \
mean `--out`?
    """
    where, look = f"`{program}`", f"`{program} --help` shows examples."
    if match := _REQUIRED.fullmatch(message):
        return InputError(expected=match["names"], found="none", where=where, next_step=look)
    if match := _CHOICE.fullmatch(message):
        choices = [choice.strip(" '") for choice in match["choices"].split(",")]
        return InputError(
            expected=f"one of {', '.join(choices)}",
            found=f"`{match['found']}`",
            where=f"{where}, {match['name']}",
            next_step=_suggestion(match["found"], choices) or look,
        )
    if match := _UNKNOWN.fullmatch(message):
        known = f": {', '.join(options)}" if options else ""
        return InputError(
            expected=f"options of {where}{known}",
            found=f"`{match['found']}`",
            where=where,
            next_step=_suggestion(match["found"].split()[0], options) or look,
        )
    if match := _OURS.fullmatch(message):
        where = f"{where}, {match['name']}"
        return InputError(
            expected=match["expected"], found=match["found"], where=where, next_step=look
        )
    return InputError(expected="other arguments", found=message, where=where, next_step=look)


def _suggestion(name: str, known: Sequence[str]) -> str:
    """Return "Did you mean ...?", or nothing where nothing is near."""
    near = closest(name, list(known))
    return f"Did you mean `{near}`?" if near else ""


def positive(text: str) -> int:
    """Parse a whole number of at least 1; a type for `add_argument`."""
    return _whole(text, at_least=1)


def natural(text: str) -> int:
    """Parse a whole number of at least 0; a type for `add_argument`."""
    return _whole(text, at_least=0)


def few(text: str) -> int:
    """Parse a number of repetitions, from 1 to 100; a type for `add_argument`."""
    return _whole(text, at_least=1, at_most=_MOST_SEEDS)


def seeds(text: str) -> int | tuple[int, int]:
    """Parse `5`, or `3..9` for seeds until decided; a type for `add_argument`.

    Example:
        >>> seeds("5"), seeds("3..9")
        (5, (3, 9))
    """
    if ".." not in text:
        return few(text)
    found = _STAGES.fullmatch(text)
    bounds = (int(found[1]), int(found[2])) if found else (0, 0)
    if not 2 <= bounds[0] < bounds[1] <= _MOST_SEEDS:
        raise argparse.ArgumentTypeError(
            f"expected FIRST..MOST, such as 3..9: 2 or more at first, then more, {_MOST_SEEDS} at "
            f"most, found {shown(text)}"
        )
    return bounds


def processes(text: str) -> int:
    """Parse a number of processes that this machine can bear; a type for `add_argument`."""
    return _whole(text, at_least=1, at_most=max(8, 4 * (os.cpu_count() or 1)))


def place(text: str) -> Path:
    """Parse the name of a file or folder; a type for `add_argument`.

    An empty name would be the folder at hand: it is what an unset variable of a script leaves.
    """
    if not text.strip() or "\0" in text:
        raise argparse.ArgumentTypeError(
            f"expected the name of a file or folder, found {printable(repr(text))}"
        )
    return Path(text)


def share(text: str) -> float:
    """Parse a number above 0 and up to 1; a type for `add_argument`."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 < number <= 1:
        raise argparse.ArgumentTypeError(f"expected a number above 0, at most 1, found `{text}`")
    return number


def positive_number(text: str) -> float:
    """Parse a number above 0 and up to 10; a type for `add_argument`."""
    return _number(text, most=10, with_zero=False)


def fraction(text: str) -> float:
    """Parse a number from 0 to below 1; a type for `add_argument`."""
    found = _number(text, most=1, with_zero=True)
    if found == 1:
        raise argparse.ArgumentTypeError(f"expected a number from 0 to below 1, found {text}")
    return found


def not_negative(text: str) -> float:
    """Parse a number from 0 to 100; a type for `add_argument`."""
    return _number(text, most=100, with_zero=True)


def _number(text: str, *, most: float, with_zero: bool) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not (0 <= number <= most) or (number == 0 and not with_zero):
        least = "from 0 to" if with_zero else "above 0, at most"
        raise argparse.ArgumentTypeError(f"expected a number {least} {most:g}, found {shown(text)}")
    return number


def _whole(text: str, *, at_least: int, at_most: int = _LARGEST) -> int:
    try:
        number = int(text)
    except ValueError:
        number = at_least - 1
    if not at_least <= number <= at_most:
        limit = "or more" if number < at_least else f"to {at_most:,}"
        raise argparse.ArgumentTypeError(
            f"expected a whole number of {at_least} {limit}, found {shown(text)}"
        )
    return number


def add_examples(parser: argparse.ArgumentParser, *examples: str) -> None:
    """Let `--help` end with commands to copy."""
    parser.epilog = "examples:\n" + "\n".join(f"  {example}" for example in examples)
