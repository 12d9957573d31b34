"""`isogloss quickstart`: the main job on a test bed that it generates itself."""

import argparse
from pathlib import Path

from isogloss.cli.arguments import add_examples, natural, place, processes
from isogloss.cli.conduct import conduct
from isogloss.cli.options import add_json_option
from isogloss.cli.printing import say
from isogloss.data import synthesise
from isogloss.study import StudySpec, parse_spec, study_lock

RECIPE = "base,conflict,twin"
ROLES = (
    "Three synthetic languages: `base`; `conflict`, a planted conflict: the words of the base with "
    "other meanings; `twin`, the base itself in other sentences, which cannot hurt it."
)
# No model of the quickstart reads a sentence twice: with repeated text even a twin helps.
SENTENCES = 66_000
N_SEEDS = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument(
        "--out",
        type=place,
        default=Path("isogloss-quickstart"),
        metavar="DIR",
        help="folder to write (default: %(default)s)",
    )
    parser.add_argument(
        "--seed",
        type=natural,
        default=0,
        metavar="N",
        help="of the languages and trainings; another one makes a fresh quickstart (default: 0)",
    )
    parser.add_argument("--workers", type=processes, default=2, metavar="N", help="(default: 2)")
    add_json_option(parser)
    add_examples(parser, "isogloss quickstart", "isogloss quickstart --out first-look --workers 4")


def run(args: argparse.Namespace) -> int:
    """Run the command."""
    args.launcher = "pool"
    data = args.out / "data"
    if not args.json:
        say(ROLES, aside=True)
        say(f"Writing their text to {data}, then training on every pair.", aside=True)
    spec = quickstart_spec(args.seed)
    with study_lock(args.out, spec):
        synthesise(RECIPE, data, seed=args.seed, sentences=SENTENCES)
    return conduct(spec, str(data), args)


def quickstart_spec(seed: int = 0) -> StudySpec:
    """Return the study of the quickstart: a planted conflict, and a twin that cannot hurt.

    Args:
        seed: of the languages; the trainings take the seeds from `N_SEEDS * seed` on.
    """
    first = N_SEEDS * seed
    return parse_spec(
        {
            "name": "quickstart",
            "question": "Is a conflict planted against the base found, and no harm claimed from "
            "its twin?",
            "mixtures": [["qaa", "qab"], ["qaa", "qac"]],
            "treatments": ["monolingual", "untreated"],
            "tasks": ["pos"],
            "seeds": list(range(first, first + N_SEEDS)),
            "model": "nano",
            "tokenizer": {"vocabulary_size": 650},
            "pretraining": {"updates": 300, "length": 64, "learning_rate": 0.003},
            "finetuning": {"epochs": 2, "max_examples": 400, "length": 64},
        },
        "quickstart",
    )
