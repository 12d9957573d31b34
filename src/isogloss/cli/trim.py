"""`isogloss trim`: a model without the tokens that a text does not need."""

import argparse
from dataclasses import asdict

from isogloss.cli.arguments import add_examples, place
from isogloss.cli.options import add_json_option, parse_languages, print_json
from isogloss.cli.printing import say
from isogloss.cli.tables import print_table


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument(
        "model",
        metavar="MODEL",
        help="folder of a Hugging Face encoder with its tokenizer.json, or a hub name",
    )
    parser.add_argument(
        "--text",
        type=place,
        nargs="+",
        required=True,
        metavar="PATH",
        help="text files; folders or YAML mappings of data, as `audit` takes them: their text and "
        "their labelled data",
    )
    parser.add_argument(
        "--languages", metavar="A,B,C", help="of folders and mappings: only data of these"
    )
    parser.add_argument(
        "--out", type=place, required=True, metavar="DIR", help="folder to write, new or empty"
    )
    add_json_option(parser)
    add_examples(
        parser,
        "isogloss trim my-encoder --text my-texts --languages en,sw --out my-small-encoder",
        "isogloss trim FacebookAI/xlm-roberta-base --text my-layout.yaml --out my-xlmr",
    )


def run(args: argparse.Namespace) -> int:
    """Run the command."""
    from isogloss.data import all_text
    from isogloss.models import trim_model

    languages = parse_languages(args.languages) if args.languages else ()
    done = trim_model(args.model, lambda: all_text(args.text, languages), args.out)
    before, after = asdict(done.before), asdict(done.after)
    if args.json:
        told = {"folder": str(done.folder.resolve()), "before": before, "after": after}
        print_json(told | {"text_tokens": done.text_tokens, "unknown": done.unknown})
        return 0
    rows = [
        {"": name, **{key: f"{value:,.0f}" for key, value in size.items()}}
        for name, size in (("before", before), ("after", after))
    ]
    kept = done.after.parameters / done.before.parameters
    print_table(f"Trimmed: {done.folder.resolve()}", rows, caption=f"{kept:.0%} of the parameters")
    say(f"text: {done.text_tokens:,} tokens, cut as before; {done.unknown:,} of them unknown")
    return 0
