"""`isogloss export`: a trained model for people who do not have isogloss."""

import argparse

from isogloss.cli.arguments import add_examples, place
from isogloss.cli.options import add_json_option, print_json
from isogloss.cli.printing import say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument(
        "source",
        type=place,
        metavar="RUN",
        help="folder of a pretraining run (OUT/runs/...), or of a model that isogloss saved",
    )
    parser.add_argument(
        "--to",
        required=True,
        choices=("hf", "xmod"),
        help="hf = an ordinary model that AutoModelForMaskedLM opens; xmod = X-MOD, with the "
        "adapters, for models trained with adapters at `residual` (BERT and XLM-R)",
    )
    parser.add_argument(
        "--out", type=place, required=True, metavar="DIR", help="folder to write, new or empty"
    )
    parser.add_argument(
        "--without-modules",
        action="store_true",
        help="with --to hf: leave language-specific modules out, which changes every output",
    )
    add_json_option(parser)
    add_examples(
        parser,
        "isogloss export my-study/runs/pretrain-eng+swa-s0-0123456789 --to hf --out my-model",
        "isogloss export my-study/runs/pretrain-eng+swa-s0-0123456789 --to xmod --out my-xmod",
    )


def run(args: argparse.Namespace) -> int:
    """Run the command."""
    from isogloss.study import export_run

    done = export_run(args.source, args.out, to=args.to, without_modules=args.without_modules)
    if args.json:
        print_json(
            {
                "folder": str(done.folder.resolve()),
                "architecture": done.architecture,
                "languages": done.languages,
                "tokenizer": done.tokenizer,
                "notes": done.notes,
            }
        )
        return 0
    tokenizer = "with its tokenizer" if done.tokenizer else "without a tokenizer"
    say(f"exported: {done.folder.resolve()} ({done.architecture}, {tokenizer})")
    for index, (language, code) in enumerate(done.languages.items()):
        say(f"language: {language} is {code}, lang_ids {index}")
    for note in done.notes:
        say(f"note: {note}")
    return 0
