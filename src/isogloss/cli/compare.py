"""`isogloss compare`: two studies, language by language."""

import argparse

from isogloss.cli.arguments import add_examples, place
from isogloss.cli.options import add_json_option, frame_records, print_json
from isogloss.cli.printing import say
from isogloss.cli.tables import print_table

_SHOWN = (
    *("treatment", "mixture", "match", "task", "source_language", "target_language"),
    *("a", "b", "gain", "ci_low", "ci_high", "p_holm", "verdict"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("first", type=place, metavar="A", help="folder of the reference study")
    parser.add_argument("second", type=place, metavar="B", help="folder of the other study")
    add_json_option(parser)
    add_examples(
        parser,
        "isogloss compare old-study new-study",
        "isogloss compare old-study new-study --json > changes.json",
    )


def run(args: argparse.Namespace) -> int:
    """Run the command."""
    from isogloss.study import compare_studies

    frame = compare_studies(args.first, args.second)
    if args.json:
        print_json(frame_records(frame))
        return 0
    shown = frame[[column for column in _SHOWN if column in frame]]
    print_table(
        f"A = {args.first}, B = {args.second}; gain: positive = B is better",
        frame_records(shown),
        caption="Fractions (bits for bits_per_byte); 95 % intervals; p adjusted by Holm. "
        "--json has every column.",
    )
    counts = frame["verdict"].value_counts().to_dict()
    say(", ".join(f"{n} {verdict}" for verdict, n in counts.items()))
    return 0
