"""`isogloss cite`: what to cite for a study."""

import argparse
import json
from pathlib import Path

from isogloss.cli.arguments import add_examples, place
from isogloss.cli.options import add_json_option, print_json
from isogloss.cli.printing import say
from isogloss.core import InputError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("study", type=place, metavar="DIR", help="folder of a study")
    add_json_option(parser)
    add_examples(parser, "isogloss cite my-study > my-study.bib")


def run(args: argparse.Namespace) -> int:
    """Run the command."""
    citations = read_citations(args.study)
    if args.json:
        print_json(citations)
    elif citations:
        say("\n\n".join(one["bibtex"] for one in citations))
    else:
        say("% No treatment of this study comes from a paper.")
    return 0


def read_citations(study: Path) -> list[dict[str, str]]:
    """Return what a study's `study.json` says is to be cited.

    Raises:
        InputError: the folder is no finished study, or the file is damaged.
    """
    path = study / "study.json"
    if not path.is_file():
        raise InputError(
            expected="a finished study: a folder with study.json",
            found="no such file",
            where=str(study),
            next_step="Give the folder that `isogloss run --out` wrote.",
        )
    try:
        return [
            {key: str(one[key]) for key in ("key", "text", "bibtex")}
            for one in json.loads(path.read_text(encoding="utf-8"))["citations"]
        ]
    except (ValueError, TypeError, KeyError) as error:
        raise InputError(
            expected="the study.json that isogloss wrote",
            found=f"a damaged file ({type(error).__name__}: {error})",
            where=str(path),
            next_step="Give the study's command again: finished runs are kept, the file is written "
            "anew.",
        ) from error
