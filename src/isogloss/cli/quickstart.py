"""`isogloss quickstart`: the main job on a test bed that it generates itself."""

import argparse
from pathlib import Path

from isogloss.cli.arguments import add_examples, place, processes
from isogloss.cli.conduct import conduct
from isogloss.cli.options import add_json_option
from isogloss.cli.printing import say
from isogloss.data import synthesise
from isogloss.study import StudySpec, parse_spec, study_lock

RECIPE = "base,conflict,twin"
# No model of the quickstart reads a sentence twice: with repeated text even a twin helps.
SENTENCES = 60_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument(
        "--out",
        type=place,
        default=Path("isogloss-quickstart"),
        metavar="DIR",
        help="folder to write (default: %(default)s)",
    )
    parser.add_argument("--workers", type=processes, default=2, metavar="N", help="(default: 2)")
    add_json_option(parser)
    add_examples(parser, "isogloss quickstart", "isogloss quickstart --out first-look --workers 4")


def run(args: argparse.Namespace) -> int:
    """Run the command."""
    args.launcher = "pool"
    data = args.out / "data"
    if not args.json:
        say(f"Generating three languages ({RECIPE}) in {data}", aside=True)
    spec = quickstart_spec()
    with study_lock(args.out, spec):
        synthesise(RECIPE, data, seed=0, sentences=SENTENCES)
    return conduct(spec, str(data), args)


def quickstart_spec() -> StudySpec:
    """Return the study of the quickstart: a planted conflict, and a twin that cannot hurt."""
    return parse_spec(
        {
            "name": "quickstart",
            "question": "Is a planted conflict found, and is a twin language left in peace?",
            "mixtures": [["qaa", "qab"], ["qaa", "qac"]],
            "treatments": ["monolingual", "untreated"],
            "tasks": ["pos"],
            "seeds": [0, 1, 2],
            "model": "micro",
            "tokenizer": {"vocabulary_size": 650},
            "pretraining": {"updates": 400, "length": 64, "learning_rate": 0.003},
            "finetuning": {"epochs": 2, "max_examples": 800, "length": 64},
        },
        "quickstart",
    )
