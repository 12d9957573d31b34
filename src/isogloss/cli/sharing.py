"""`isogloss sharing`: which parts of a finished model its languages share."""

import argparse
from typing import TYPE_CHECKING, Final

from isogloss.cli.arguments import (
    add_examples,
    few,
    not_negative,
    place,
    positive,
    positive_number,
    share,
)
from isogloss.cli.options import add_json_option, frame_records, parse_languages, print_json
from isogloss.cli.printing import say
from isogloss.cli.tables import print_table

if TYPE_CHECKING:
    from isogloss.diagnosis import SharingSettings

_DENSITY: Final = 0.5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument(
        "model",
        type=place,
        metavar="MODEL",
        help="folder of a finished study, of one of its runs, or of a masked-LM encoder",
    )
    parser.add_argument(
        "--text", type=place, metavar="DIR", help="text in its languages; of a study, its own"
    )
    parser.add_argument("--languages", metavar="A,B,C", help="to compare (default: all)")
    parser.add_argument(
        "--out", type=place, required=True, metavar="DIR", help="folder to write, or to go on in"
    )
    _add_gate_options(parser)
    add_json_option(parser)
    add_examples(
        parser,
        "isogloss sharing my-study --out sharing",
        "isogloss sharing my-encoder --text my-texts --languages en,sw,te --out sharing",
        "isogloss sharing my-encoder --text my-texts --by representation --out sharing",
    )


def _add_gate_options(parser: argparse.ArgumentParser) -> None:
    """Add how gates are learned."""
    parser.add_argument(
        "--gates",
        choices=("columns", "units", "weights"),
        default="columns",
        help="on the inputs of every linear map (default); on attention heads and hidden units; on "
        "single weights",
    )
    parser.add_argument(
        "--by",
        choices=("masked_lm", "representation"),
        default="masked_lm",
        help="what a language has to keep: the masked-LM loss (default), or the encoder's own last "
        "vectors, which needs no head",
    )
    parser.add_argument(
        "--density", type=share, metavar="SHARE", help="of the weights to keep (default: 0.5)"
    )
    parser.add_argument(
        "--penalty", type=not_negative, metavar="X", help="in place of --density: lambda of L0"
    )
    numbers = (("--updates", 150), ("--rows", 8), ("--length", 64))
    for option, default in numbers:
        parser.add_argument(
            option, type=positive, default=default, metavar="N", help="(default: %(default)s)"
        )
    parser.add_argument(
        "--learning-rate", type=positive_number, default=0.1, help="of the gates (default: 0.1)"
    )
    parser.add_argument(
        "--seeds", type=few, default=2, metavar="N", help="sets of gates per language (default: 2)"
    )


def run(args: argparse.Namespace) -> int:
    """Run the command."""
    from isogloss.report import render_sharing, sharing_summary
    from isogloss.study import write_sharing

    done = write_sharing(
        args.model,
        args.out,
        _settings(args),
        text=args.text,
        languages=parse_languages(args.languages) if args.languages else (),
        tell=lambda text: say(text, aside=True),
    )
    page = render_sharing(args.out)
    said, rows = sharing_summary(done.tables["sharing"])
    if args.json:
        tables = {name: frame_records(table) for name, table in done.tables.items()}
        print_json({**done.about, "answer": said, **tables, "report": str(page.resolve())})
        return 0
    print_table("Correlation of the languages' gates", rows, caption=said)
    for note in done.about["notes"]:
        say(f"note: {note}")
    if done.about["recommendation"] is not None:
        study = args.out / "study.yaml"
        say(f"to test what it recommends: isogloss run {study} --data DIR --out my-layers")
    say(f"report: {page.resolve()}")
    return 0


def _settings(args: argparse.Namespace) -> "SharingSettings":
    from isogloss.diagnosis import GateTraining, SharingSettings

    density = args.density
    if density is None and args.penalty is None:
        density = _DENSITY
    return SharingSettings(
        kind=args.gates,
        criterion=args.by,
        n_seeds=args.seeds,
        rows=args.rows,
        length=args.length,
        training=GateTraining(
            density=density,
            penalty=args.penalty,
            updates=args.updates,
            learning_rate=args.learning_rate,
        ),
    )
