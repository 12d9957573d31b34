"""`isogloss matrix`: who hurts or helps whom, by joint trainings of pairs or by shared units."""

import argparse
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from isogloss.cli.arguments import add_examples
from isogloss.cli.audit import add_audit_arguments
from isogloss.cli.conduct import conduct
from isogloss.cli.options import parse_languages
from isogloss.cli.studies import Budget, audit_spec
from isogloss.cli.transfer_matrix import (
    METHODS,
    PAIRS,
    add_unit_arguments,
    refuse_of_other_method,
    run_units,
)
from isogloss.study import StudySpec

_DEFAULTS: Final[Mapping[str, Any]] = {
    "budget": Budget(2000),
    "seeds": 3,
    "model": "tiny",
    "launcher": "pool",
    "workers": os.cpu_count() or 1,
}


def add_arguments(parser: argparse.ArgumentParser, *, planned: bool = False) -> None:
    """Add the command's arguments; of a plan of it, with `planned`."""
    add_audit_arguments(parser, planned=planned)
    parser.add_argument(
        "--method",
        choices=METHODS,
        default=PAIRS,
        help="pairs = every pair trained jointly and apart (default); adapters = one adapter per "
        "language; tune = a few updates of the whole model; leave_one_out = joint tunes without "
        "one; lookahead = one update",
    )
    add_unit_arguments(parser)
    # What each method takes where nothing was typed is settled in `run`.
    parser.set_defaults(**dict.fromkeys(_DEFAULTS))
    add_examples(
        parser,
        "isogloss matrix --text my-texts --languages en,sw,te --out who-hurts-whom",
        "isogloss matrix --method adapters --model my-checkpoint --text data --languages en,sw,te "
        "--targets en,sw,te,hi --tasks ner,pos --company 1,2 --out who-helps-whom",
        "isogloss matrix --study faisal2024 --profile small --method tune --model my-checkpoint "
        "--text data --languages en,sw,te --out few-steps",
    )


def run(args: argparse.Namespace) -> int:
    """Run the command."""
    if args.method != PAIRS:
        return run_units(args)
    return conduct(*study_of(args), args)


def study_of(args: argparse.Namespace) -> tuple[StudySpec, str]:
    """Return the study that the arguments ask for, and where its data are."""
    refuse_of_other_method(args)
    for name, value in _DEFAULTS.items():
        if getattr(args, name) is None:
            setattr(args, name, value)
    languages = parse_languages(args.languages)
    pairs = [(a, b) for i, a in enumerate(languages) for b in languages[i + 1 :]] or [languages]
    return audit_spec(f"matrix of {Path(args.text).name}", pairs, args), args.text
