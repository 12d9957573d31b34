"""`isogloss compare --scores`: two finished systems, by their per-example scores."""

import argparse
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from isogloss.cli.arguments import place, share
from isogloss.cli.compare_models import TEXT_OPTIONS, refuse_text_options, score_folders
from isogloss.cli.options import frame_records, print_json
from isogloss.cli.printing import say
from isogloss.cli.tables import print_table, say_wrapped
from isogloss.core import InputError

if TYPE_CHECKING:
    from isogloss.comparison import Scored

SCORES_OPTIONS: Final = (
    *("out", "languages", "score", "by", "smallest_effect", "alpha", "correction"),
    *("paired_seeds", "show_text", *TEXT_OPTIONS),
)
_MOST_ROWS: Final = 60
_EFFECT: Final = "of interest"


def add_scores_options(parser: argparse.ArgumentParser) -> None:
    """Add `--scores` and what goes with it."""
    group = parser.add_argument_group(
        "two finished systems", "A is BASE, B is NEW: files or folders of per-example scores"
    )
    group.add_argument(
        "--models",
        action="store_true",
        help="A and B are model folders, compared on --text and --tasks",
    )
    group.add_argument("--scores", action="store_true", help="A and B are per-example scores")
    group.add_argument(
        "--out", type=place, metavar="DIR", help="write tables and report.html into this folder"
    )
    group.add_argument(
        "--languages", type=place, metavar="FILE", help="mapping of tasks to languages, YAML or CSV"
    )
    group.add_argument("--score", metavar="NAME", help="which of several scores of an example")
    group.add_argument(
        "--by", metavar="COLUMNS", help="compare by these as well: label, domain, script, length"
    )
    group.add_argument(
        "--smallest-effect",
        type=_effect,
        metavar="X",
        help=f"smallest difference {_EFFECT}, as a fraction (default: 0.02; error rates 0.01)",
    )
    group.add_argument("--alpha", type=share, metavar="P", help="level of the table (0.05)")
    group.add_argument(
        "--correction",
        choices=("holm", "bh", "by"),
        help="for many rows: Holm (default), or false-discovery rate, under dependence with `by`",
    )
    group.add_argument(
        "--paired-seeds",
        action="store_true",
        help="seeds of the same name belong together (NEW's was trained from BASE's)",
    )
    group.add_argument(
        "--show-text",
        action="store_true",
        help="keep questions and answers of changed examples in the tables and the report",
    )


def run_scores(args: argparse.Namespace) -> int:
    """Compare two finished systems."""
    _refuse_mixed(args)
    if args.first.resolve() == args.second.resolve():
        raise InputError(
            expected="scores of two systems",
            found="the same file or folder twice",
            where=str(args.first),
            next_step="Name the scores of BASE first, those of NEW second.",
        )
    from isogloss.comparison import (
        Choices,
        compare_scores,
        refuse_other_folder,
        write_comparison,
    )

    if args.out is not None:
        refuse_other_folder(args.out)
    base, new = _systems(args)
    choices = Choices(
        by=tuple(one.strip() for one in args.by.split(",")) if args.by else (),
        smallest_effect=args.smallest_effect,
        alpha=args.alpha or 0.05,
        correction=args.correction or "holm",
        paired_seeds=args.paired_seeds,
    )
    found = compare_scores(base, new, choices)
    report = None
    if args.out is not None:
        from isogloss.report import render_comparison

        write_comparison(found, args.out)
        report = render_comparison(args.out)
    if args.json:
        print_json({**found.about(), "rows": frame_records(found.rows), "report": report})
        return 0
    rows = frame_records(found.rows)
    title = f"BASE = {args.first}, NEW = {args.second}; harm: positive = NEW is worse"
    _print(rows, title, choices.alpha)
    for notice in found.notices:
        say_wrapped(notice)
    if report is not None:
        say_wrapped(f"report: {report.resolve()}")
    return 0


def _systems(args: argparse.Namespace) -> "tuple[Scored, Scored]":
    """Return the scores of both sides."""
    if args.models:
        return score_folders(args, args.first, args.second)
    from isogloss.comparison import read_mapping, read_scores

    mapping = read_mapping(args.languages) if args.languages else None
    base, new = (
        read_scores(path, languages=mapping, score=args.score, with_text=args.show_text)
        for path in (args.first, args.second)
    )
    return base, new


def _refuse_mixed(args: argparse.Namespace) -> None:
    """Refuse options of scores for models, and the other way round."""
    found = ""
    given = [f"--{name}" for name in ("text", "tasks") if getattr(args, name) is not None]
    if args.models:
        wrong = [name for name in ("scores", "show_text", "paired_seeds") if getattr(args, name)]
        found = ", ".join(f"--{name.replace('_', '-')}" for name in wrong)
        found = found or ("" if given else "neither --text nor --tasks")
    elif given:
        found = ", ".join(given)
    else:
        refuse_text_options(args)
    if found:
        raise InputError(
            expected="--models with --text or --tasks, or --scores without them",
            found=found,
            where="`isogloss compare`",
            next_step="Models are scored on --text and --tasks; scores are there already.",
        )


def _print(rows: Sequence[Mapping[str, Any]], title: str, alpha: float) -> None:
    main = [row for row in rows if row["view"] in {"mean", "language"}]
    slices = [row for row in rows if row["view"] not in {"mean", "language"}]
    caption = (
        f"Intervals of {100 * (1 - alpha):g} % for each row alone; p corrected for all rows; "
        "needed: examples that would decide an open row."
    )
    metrics = sorted({row["metric"].replace("_", " ") for row in rows})
    several = len(metrics) > 1
    title += "" if several else f". Scores: {metrics[0]}"
    print_table(title, [_shown(row, several) for row in main[:_MOST_ROWS]], caption=caption)
    if slices:
        title = f"The {min(len(slices), _MOST_ROWS)} slices of {len(slices)} with the most harm"
        harmed = sorted(slices, key=lambda row: -(row["harm"] or -math.inf))
        print_table(title, [_shown(row, several) for row in harmed[:_MOST_ROWS]])
    counts: dict[str, int] = {}
    for row in rows:
        if row["view"] != "mean":
            counts[row["verdict"]] = counts.get(row["verdict"], 0) + 1
    say(", ".join(f"{n} {verdict}" for verdict, n in counts.items()))


def _shown(row: Mapping[str, Any], with_metric: bool) -> dict[str, object]:
    """Return the cells of a row that fit a terminal."""
    name = row["language"] or ("mean of all" if row["view"] == "mean" else "all languages")
    part = row["slice"] or (row["task"] if row["view"] == "task" else "")
    metric = row["metric"].replace("_", " ") if with_metric else ""
    needed = row["examples_needed"]
    return {
        "language": " ".join(filter(None, (name, part, metric))),
        "base": _fixed(row["base"]),
        "new": _fixed(row["new"]),
        "harm": _fixed(row["harm"], sign=True),
        "interval": f"{_fixed(row['ci_low'], sign=True)} {_fixed(row['ci_high'], sign=True)}",
        "p": _p(row["p_adjusted"]),
        "verdict": row["verdict"].lower() if row["verdict"] == "UNDECIDED" else row["verdict"],
        "needed": f"{needed:,.0f}" if isinstance(needed, float) and math.isfinite(needed) else "",
    }


def _p(value: float | None) -> str:
    if value is None:
        return "-"
    return "<0.001" if value < 0.0005 else f"{value:.3f}"


def _fixed(value: float | None, *, sign: bool = False) -> str:
    if value is None or math.isnan(value):
        return "-"
    digits = 4 if abs(value) < 10 else 2
    return f"{value:+.{digits}f}" if sign else f"{value:.{digits}f}"


def _effect(text: str) -> float:
    """Parse a difference; a type for `add_argument`."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0.0 < number < math.inf:
        raise argparse.ArgumentTypeError(f"expected a number above 0, found `{text}`")
    return number
