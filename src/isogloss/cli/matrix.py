"""`isogloss matrix`: every pair of languages audited."""

import argparse
from pathlib import Path

from isogloss.cli.arguments import add_examples
from isogloss.cli.audit import add_audit_arguments
from isogloss.cli.conduct import conduct
from isogloss.cli.options import parse_languages
from isogloss.cli.studies import audit_spec
from isogloss.study import StudySpec


def add_arguments(parser: argparse.ArgumentParser, *, planned: bool = False) -> None:
    """Add the command's arguments; of a plan of it, with `planned`."""
    add_audit_arguments(parser, planned=planned)
    add_examples(
        parser, "isogloss matrix --text my-texts --languages en,sw,te --out who-hurts-whom"
    )


def run(args: argparse.Namespace) -> int:
    """Run the command."""
    return conduct(*study_of(args), args)


def study_of(args: argparse.Namespace) -> tuple[StudySpec, str]:
    """Return the study that the arguments ask for, and where its data are."""
    languages = parse_languages(args.languages)
    pairs = [(a, b) for i, a in enumerate(languages) for b in languages[i + 1 :]] or [languages]
    return audit_spec(f"matrix of {Path(args.text).name}", pairs, args), args.text
