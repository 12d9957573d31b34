"""`isogloss compare`: two studies, or two finished systems, language by language."""

import argparse
from typing import Final

from isogloss.cli.arguments import add_examples, place
from isogloss.cli.compare_scores import SCORES_OPTIONS, add_scores_options, run_scores
from isogloss.cli.options import add_json_option, frame_records, print_json
from isogloss.cli.printing import say
from isogloss.cli.tables import print_table
from isogloss.core import InputError

_SHOWN: Final = (
    *("treatment", "mixture", "match", "task", "source_language", "target_language"),
    *("a", "b", "gain", "ci_low", "ci_high", "p_holm", "verdict"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("first", type=place, metavar="A", help="folder of the reference study")
    parser.add_argument("second", type=place, metavar="B", help="folder of the other study")
    add_scores_options(parser)
    add_json_option(parser)
    add_examples(
        parser,
        "isogloss compare old-study new-study",
        "isogloss compare old-study new-study --json > changes.json",
        "isogloss compare --scores base-run new-run --out comparison",
        "isogloss compare --scores base.csv new.csv --by domain --smallest-effect 0.01",
    )


def run(args: argparse.Namespace) -> int:
    """Run the command."""
    if args.scores:
        return run_scores(args)
    _refuse_scores_options(args)
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


def _refuse_scores_options(args: argparse.Namespace) -> None:
    """Refuse options that say nothing about two studies."""
    given = [name for name in SCORES_OPTIONS if getattr(args, name) not in (None, False)]
    if given:
        names = ", ".join(f"--{name.replace('_', '-')}" for name in given)
        raise InputError(
            expected="--scores with options of per-example scores",
            found=names,
            where="`isogloss compare`",
            next_step="Add --scores if A and B are per-example scores; two studies need none of "
            "these.",
        )
