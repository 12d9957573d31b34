"""`isogloss run`: a study file from beginning to end."""

import argparse

from isogloss.cli.arguments import add_examples, place
from isogloss.cli.conduct import conduct
from isogloss.cli.options import add_launch_options
from isogloss.study import StudySpec, load_spec


def add_arguments(parser: argparse.ArgumentParser, *, planned: bool = False) -> None:
    """Add the command's arguments; of a plan of it, with `planned`."""
    parser.add_argument("study", type=place, metavar="STUDY", help="a YAML file or a bundled study")
    parser.add_argument(
        "--data", required=True, metavar="WHERE", help="folder of data, or YAML mapping of it"
    )
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="override one key of the study, for example pretraining.updates=500",
    )
    parser.add_argument(
        "--profile", default="", metavar="NAME", help="one of the study's profiles, such as small"
    )
    if not planned:
        parser.add_argument(
            "--reuse",
            action="append",
            type=place,
            default=[],
            metavar="DIR",
            help="take finished runs over from the folder of another study",
        )
    add_launch_options(parser, planned=planned)
    add_examples(
        parser,
        "isogloss run real-small --data DIR --out my-study",
        "isogloss run my-study.yaml --data hub --out my-study --set pretraining.updates=500 "
        "--set 'seeds=[0]'",
    )


def run(args: argparse.Namespace) -> int:
    """Run the command."""
    return conduct(*study_of(args), args)


def study_of(args: argparse.Namespace) -> tuple[StudySpec, str]:
    """Return the study that the arguments ask for, and where its data are."""
    return load_spec(args.study, tuple(args.set), args.profile), args.data
