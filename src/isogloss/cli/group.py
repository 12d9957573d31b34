"""`isogloss group`: which languages belong together, by several affinities."""

import argparse
from typing import TYPE_CHECKING

from isogloss.cli.arguments import add_examples, place, positive
from isogloss.cli.options import add_json_option, frame_records, parse_languages, print_json
from isogloss.cli.printing import say
from isogloss.cli.tables import print_table
from isogloss.core import InputError

if TYPE_CHECKING:
    from isogloss.study import GroupTables


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument(
        "model",
        type=place,
        metavar="MODEL",
        help="folder of a finished study, of one of its runs, or of a masked-LM encoder",
    )
    parser.add_argument(
        "--text", type=place, metavar="DIR", help="text in its languages; of a study, its own"
    )
    parser.add_argument("--languages", metavar="A,B,C", help="to group (default: all)")
    parser.add_argument("--out", type=place, required=True, metavar="DIR", help="folder to write")
    parser.add_argument(
        "--affinity",
        metavar="NAMES",
        help="comma-separated: gradient, look_ahead, deviation, representation, gates, text, "
        "script, typology "
        "(default: all but gates and typology)",
    )
    parser.add_argument(
        "--typology", type=place, metavar="FILE", help="CSV: a language, then features in numbers"
    )
    parser.add_argument(
        "--groups", type=positive, metavar="K", help="how many (default: by silhouette)"
    )
    parser.add_argument(
        "--by", metavar="NAME", help="affinity whose groups the study tests (default: clearest)"
    )
    add_json_option(parser)
    add_examples(
        parser,
        "isogloss group my-study --out groups",
        "isogloss group my-encoder --text my-texts --languages en,fr,sw,te --out groups",
        "isogloss group my-study --affinity text,script,typology --typology features.csv --out g",
    )


def run(args: argparse.Namespace) -> int:
    """Run the command."""
    from isogloss.study import DEFAULT_AFFINITIES, GroupChoices, write_groups

    names = [one.strip() for one in args.affinity.split(",")] if args.affinity else []
    if args.typology is not None and not names:
        names = [*DEFAULT_AFFINITIES, "typology"]
    if args.typology is not None and "typology" not in names:
        raise InputError(
            expected="`typology` among --affinity with --typology",
            found=args.affinity,
            where="--affinity",
            next_step="Add it, or leave --typology out.",
        )
    done = write_groups(
        args.model,
        args.out,
        GroupChoices(
            affinities=names or DEFAULT_AFFINITIES,
            n_groups=args.groups,
            by=args.by,
            typology=args.typology,
        ),
        text=args.text,
        languages=parse_languages(args.languages) if args.languages else (),
        tell=lambda text: say(text, aside=True),
    )
    study = args.out / "study.yaml"
    if args.json:
        tables = {name: frame_records(table) for name, table in done.tables.items()}
        print_json({**done.about, "tables": tables, "study": str(study.resolve())})
        return 0
    _print(done)
    say(f"study: isogloss run {study} --data DIR --out my-groups")
    return 0


def _print(done: "GroupTables") -> None:
    groups = done.tables["groups"].drop_duplicates("affinity")
    by = done.about["by"]
    rand = done.tables["agreement"].query("affinity_a == @by")
    agrees = dict(zip(rand["affinity_b"], rand["adjusted_rand"], strict=True))
    members = done.tables["groups"].groupby(["affinity", "group"], sort=False)["language"]
    named = members.agg(" ".join).groupby(level="affinity", sort=False).agg(" | ".join)
    rows = [
        {
            "affinity": row["affinity"],
            "groups": named[row["affinity"]],
            "silhouette": f"{row['silhouette']:.2f}",
            "p random": f"{row['p_random']:.3f}",
            f"Rand with {by}": f"{agrees[row['affinity']]:.2f}",
        }
        for row in groups.to_dict("records")
    ]
    print_table("Groups of languages", rows, caption=f"the study tests the groups by {by}")
    for row in done.tables["predicted"].to_dict("records"):
        said = (
            f"one step with its group wins {row['gain'] * 100:+.2f} "
            f"[{row['ci_low'] * 100:.2f}, {row['ci_high'] * 100:.2f}] percent of its loss more "
            "than one with all"
        )
        say(f"{row['language']}: {'in a group alone; ' if row['alone'] else ''}{said}")
    for name, why in done.about["could_not_measure"].items():
        say(f"could not measure {name}: {why}")
    for note in done.about["notes"]:
        say(f"note: {note}")
