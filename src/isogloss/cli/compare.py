"""`isogloss compare`: two studies, or two finished systems, language by language."""

import argparse
from typing import Final

from isogloss.cli.arguments import add_examples, place
from isogloss.cli.compare_models import add_text_options
from isogloss.cli.compare_scores import SCORES_OPTIONS, add_scores_options, run_scores
from isogloss.cli.options import add_json_option, frame_records, print_json
from isogloss.cli.tables import Rows, print_table, say_wrapped
from isogloss.cli.verdicts import mixture_named, short_codes
from isogloss.core import MATCHES, InputError

# What is the same in every row is said once, above the table.
_ONCE: Final = ("treatment", "mixture", "match", "task", "from")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("first", type=place, metavar="A", help="folder of the reference study")
    parser.add_argument("second", type=place, metavar="B", help="folder of the other study")
    add_scores_options(parser)
    add_text_options(parser)
    add_json_option(parser)
    add_examples(
        parser,
        "isogloss compare old-study new-study",
        "isogloss compare old-study new-study --json > changes.json",
        "isogloss compare --scores base-run new-run --out comparison",
        "isogloss compare --models base-model new-model --text texts --out comparison",
        "isogloss compare --models base-ner new-ner --tasks data --out comparison",
        "isogloss compare --scores base.csv new.csv --by domain --smallest-effect 0.01",
    )


def run(args: argparse.Namespace) -> int:
    """Run the command."""
    if args.scores or args.models:
        return run_scores(args)
    _refuse_scores_options(args)
    from isogloss.study import compare_studies

    frame = compare_studies(args.first, args.second)
    if args.json:
        print_json(frame_records(frame))
        return 0
    rows = compared_rows(frame_records(frame))
    same = {key: rows[0][key] for key in _ONCE if len({row[key] for row in rows}) == 1}
    of_all = "".join(f"; {key}: {value}" for key, value in same.items() if value)
    print_table(
        f"A = {args.first}, B = {args.second}; gain: positive = B is better{of_all}",
        [{key: one for key, one in row.items() if key not in same} for row in rows],
        caption="Fractions (bits for bits_per_byte); 95 % intervals; p adjusted by Holm. "
        "--json has every column.",
    )
    counts = frame["verdict"].value_counts().to_dict()
    say_wrapped(", ".join(f"{n} {verdict}" for verdict, n in counts.items()))
    return 0


def compared_rows(records: Rows) -> list[dict[str, object]]:
    """Return the rows of a comparison as the terminal shows them.

    Args:
        records: of the table that `compare_studies` returns.
    """
    languages = {
        one
        for row in records
        for one in (*str(row["mixture"]).split("+"), row["source_language"], row["target_language"])
    }
    codes = short_codes(sorted(map(str, languages)))
    return [
        {
            "treatment": row["treatment"],
            "mixture": mixture_named(str(row["mixture"]), codes),
            "match": MATCHES.get(str(row["match"]), ""),
            "task": row["task"],
            "from": codes[str(row["source_language"])],
            "language": codes[str(row["target_language"])],
            "A": row["a"],
            "B": row["b"],
            "gain": row["gain"],
            "95 %": _interval(row["ci_low"], row["ci_high"]),
            "p": row["p_holm"],
            "verdict": row["verdict"],
        }
        for row in records
    ]


def _interval(low: object, high: object) -> str:
    """Return an interval that may be broken between its ends."""
    return f"{low:.3g} to {high:.3g}" if isinstance(low, float) and isinstance(high, float) else ""


def _refuse_scores_options(args: argparse.Namespace) -> None:
    """Refuse options that say nothing about two studies."""
    given = [name for name in SCORES_OPTIONS if getattr(args, name) not in (None, False)]
    if given:
        names = ", ".join(f"--{name.replace('_', '-')}" for name in given)
        raise InputError(
            expected="--scores with options of per-example scores",
            found=names,
            where="`isogloss compare`",
            next_step="Add --scores if A and B are per-example scores; two studies need none of "
            "these.",
        )
