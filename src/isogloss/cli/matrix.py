"""`isogloss matrix`: every pair of languages audited."""

import argparse
from pathlib import Path

from isogloss.cli.arguments import add_examples
from isogloss.cli.audit import add_audit_arguments
from isogloss.cli.conduct import conduct
from isogloss.cli.options import parse_languages
from isogloss.cli.studies import audit_spec


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    add_audit_arguments(parser)
    add_examples(
        parser, "isogloss matrix --text my-texts --languages en,sw,te --out who-hurts-whom"
    )


def run(args: argparse.Namespace) -> int:
    """Run the command."""
    languages = parse_languages(args.languages)
    pairs = [(a, b) for i, a in enumerate(languages) for b in languages[i + 1 :]] or [languages]
    return conduct(audit_spec(f"matrix of {Path(args.text).name}", pairs, args), args.text, args)
