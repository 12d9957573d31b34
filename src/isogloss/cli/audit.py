"""`isogloss audit`: text files in, verdicts out."""

import argparse
from pathlib import Path

from isogloss.cli.arguments import (
    add_examples,
    fraction,
    not_negative,
    positive,
    positive_number,
    seeds,
)
from isogloss.cli.conduct import conduct
from isogloss.cli.options import add_launch_options, parse_languages
from isogloss.cli.studies import Budget, audit_spec
from isogloss.models import PRESETS
from isogloss.study import StudySpec


def add_arguments(parser: argparse.ArgumentParser, *, planned: bool = False) -> None:
    """Add the command's arguments; of a plan of it, with `planned`."""
    add_audit_arguments(parser, planned=planned)
    parser.add_argument(
        "--pairs",
        action="store_true",
        help="audit every pair of the languages too, not only all of them together",
    )
    add_examples(
        parser,
        "isogloss audit --text my-texts --languages en,sw,te --out my-audit",
        "isogloss audit --text my-texts --languages en,sw --budget updates=500 --out quick",
        "isogloss audit --text data --languages en,sw --tasks ner,pos --model small --out my-audit",
        "isogloss audit --text my-texts --languages en,sw --model my-checkpoint --out my-audit",
    )


def add_audit_arguments(parser: argparse.ArgumentParser, *, planned: bool) -> None:
    """Add what `audit` and `matrix` share."""
    parser.add_argument(
        "--text",
        required=True,
        metavar="DIR",
        help="folder with LANGUAGE.{train,dev,test}.txt, or LANGUAGE.txt which is then split; "
        "also a folder of data by kind, or a YAML mapping",
    )
    parser.add_argument(
        "--languages", required=True, metavar="CODES", help="comma-separated, for example en,sw,te"
    )
    parser.add_argument(
        "--budget",
        default="updates=2000",
        type=Budget.parse,
        metavar="updates=N",
        help="optimizer updates per language (default: updates=2000)",
    )
    parser.add_argument(
        "--seeds",
        type=seeds,
        default=3,
        metavar="N",
        help="trainings of each kind (default: 3); 3..9 = until decided, in stages, 9 at most",
    )
    parser.add_argument(
        "--model",
        default="tiny",
        metavar="MODEL",
        help=f"{', '.join(PRESETS)}, a Hugging Face folder, or a hub name (default: tiny)",
    )
    parser.add_argument(
        "--tasks", default="", metavar="NAMES", help="fine-tune for these too, for example ner,pos"
    )
    parser.add_argument(
        "--vocabulary",
        type=positive,
        metavar="N",
        help="tokens of the shared vocabulary of a preset (default: 2000)",
    )
    _add_optimizer_options(parser)
    add_launch_options(parser, planned=planned)


def _add_optimizer_options(parser: argparse.ArgumentParser) -> None:
    """Add what the masked-LM training of a start is set by; `plan` shows what it is."""
    for name, kind, what in (
        ("--learning-rate", positive_number, "peak rate (default: 0.002; of a checkpoint 5e-05)"),
        ("--warmup", fraction, "share of the updates over which the rate rises (default: 0.1)"),
        ("--weight-decay", not_negative, "of AdamW (default: 0.01)"),
    ):
        parser.add_argument(name, type=kind, metavar="X", help=f"masked-LM training: {what}")


def run(args: argparse.Namespace) -> int:
    """Run the command."""
    return conduct(*study_of(args), args)


def study_of(args: argparse.Namespace) -> tuple[StudySpec, str]:
    """Return the study that the arguments ask for, and where its data are."""
    languages = parse_languages(args.languages)
    mixtures = [languages]
    if args.pairs and len(languages) > 2:
        mixtures += [(a, b) for i, a in enumerate(languages) for b in languages[i + 1 :]]
    return audit_spec(f"audit of {Path(args.text).name}", mixtures, args), args.text
