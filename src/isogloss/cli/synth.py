"""`isogloss synth`: the synthetic test bed."""

import argparse
from pathlib import Path
from typing import Final

from isogloss.cli.arguments import add_examples, natural, place, positive
from isogloss.cli.options import add_json_option, print_json
from isogloss.cli.printing import say
from isogloss.core import InputError
from isogloss.data import read_truth, synthesise

_OWN: Final = ("truth.yaml", "text", "parallel", "pos", "ner", "topic")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("--out", type=place, required=True, metavar="DIR", help="folder to write")
    parser.add_argument(
        "--recipe",
        default="base,clone,twin,relexified,reordered,conflict,unrelated",
        metavar="RELATIONS",
        help="relations to the base language, for example base,clone,conflict:0.8",
    )
    parser.add_argument(
        "--sentences", type=positive, default=2000, metavar="N", help="per language (default: 2000)"
    )
    parser.add_argument("--seed", type=natural, default=0, help="(default: 0)")
    add_json_option(parser)
    add_examples(
        parser,
        "isogloss synth --out bed",
        "isogloss synth --out bed --recipe base,clone,conflict:0.8@500 --sentences 4000",
    )


def run(args: argparse.Namespace) -> int:
    """Run the command."""
    _refuse_other_files(args.out)
    truth = synthesise(args.recipe, args.out, seed=args.seed, sentences=args.sentences)
    if args.json:
        print_json({"folder": str(args.out), "truth": truth.as_dict()})
    else:
        say(f"test bed: {args.out.resolve()} (who should hurt whom: truth.yaml)")
    return 0


def _refuse_other_files(folder: Path) -> None:
    """Refuse a folder that holds anything but a test bed: languages would mix."""
    if not folder.is_dir():
        return
    others = sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))
    if "truth.yaml" in others:
        read_truth(folder)  # refuses one that is not ours
        others = [name for name in others if name not in _OWN]
    if others:
        raise InputError(
            expected="a new folder, an empty one, or a test bed to make again",
            found=", ".join(others[:5]),
            where=str(folder),
            next_step="Give another --out; nothing was written.",
        )
