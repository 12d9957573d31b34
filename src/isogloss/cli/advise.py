"""`isogloss advise`: which languages to add for a target, or which runs to make first."""

import argparse
import math
import re
from dataclasses import asdict
from typing import Final

from isogloss.cli.arguments import add_examples, place
from isogloss.cli.options import add_json_option, print_json
from isogloss.cli.printing import say
from isogloss.cli.tables import print_table
from isogloss.core import Language, shown

_BUDGET: Final = re.compile(r"([1-9][0-9]{0,8})([km]?)")
_UNITS: Final = {"": 1, "k": 1_000, "m": 1_000_000}


def budget(text: str) -> int:
    """Parse a number of characters; a type for `add_argument`.

    Example:
        >>> budget("50k"), budget("2m"), budget("700")
        (50000, 2000000, 700)
    """
    found = _BUDGET.fullmatch(text.lower())
    if found is None:
        raise argparse.ArgumentTypeError(
            f"expected characters of text, such as 50k or 2m, found {shown(text)}"
        )
    return int(found[1]) * _UNITS[found[2]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("--target", required=True, metavar="CODE", help="language to improve")
    parser.add_argument(
        "--budget", type=budget, required=True, metavar="N", help="characters to add, as 50k or 2m"
    )
    parser.add_argument(
        "--text", type=place, required=True, metavar="DIR", help="text of it and of candidates"
    )
    parser.add_argument(
        "--study", type=place, action="append", default=[], metavar="DIR",
        help="finished study that measured pairs with the target; may be given several times",
    )  # fmt: skip
    parser.add_argument(
        "--task", default="masked_lm", metavar="NAME", help="that counts (default: masked_lm)"
    )
    add_json_option(parser)
    add_examples(
        parser,
        "isogloss advise --target te --budget 50k --text my-texts",
        "isogloss advise --target te --budget 2m --text my-texts --study my-matrix --task ner",
    )


def run(args: argparse.Namespace) -> int:
    """Run the command."""
    from isogloss.study import advise

    target = Language.parse(args.target, where="--target")
    found = advise(target, args.budget, args.text, args.study, task=args.task)
    if args.json:
        print_json({**asdict(found), "target": str(target)})
        return 0
    rows = [
        {
            "language": row["language"],
            "measured": row["verdict"] or "no evidence",
            "gain": _gain(row),
            "text affinity": f"{row['text_affinity']:.2f}",
            "script": "same" if row["same_script"] else "other",
            "characters": f"{row['characters']:,}",
        }
        for row in found.rows
    ]
    print_table(f"Languages that might be added to {target}", rows)
    for language, characters in found.add.items():
        say(f"add {language}: {characters:,} characters")
    for note in found.notes:
        say(f"note: {note}")
    for command in found.runs:
        say(f"run first: {command}")
    return 0


def _gain(row: dict[str, float]) -> str:
    if not math.isfinite(row["gain"]):
        return "-"
    return f"{row['gain']:+.3f} [{row['ci_low']:.3f}, {row['ci_high']:.3f}] {row['metric']}"
