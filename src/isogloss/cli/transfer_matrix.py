"""`isogloss matrix --method adapters` and the like: units shared by all cells, cost first."""

import argparse
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from isogloss.cli.arguments import place, positive, share
from isogloss.cli.options import command_line, parse_languages, print_json
from isogloss.cli.printing import duration, say
from isogloss.cli.tables import print_table, say_wrapped
from isogloss.core import InputError

if TYPE_CHECKING:
    from isogloss.transfer import Forecast, MatrixSpec

PAIRS: Final = "pairs"
METHODS: Final = (PAIRS, "adapters", "tune", "leave_one_out", "lookahead")
# Options of the joint trainings of pairs that the other methods do not read, and the other way.
_OF_PAIRS: Final = ("vocabulary", "warmup", "weight_decay", "launcher", "workers", "like")
_OF_UNITS: Final = (
    *("targets", "unseen", "steps", "company", "merge", "company_targets", "unit", "trim"),
    *("rows", "length", "task_source", "task_epochs", "task_examples", "test_examples", "margin"),
    *("controls", "distances", "study", "profile"),
)


def add_unit_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the methods that share units between cells."""
    group = parser.add_argument_group("methods other than pairs, from a checkpoint (--model)")
    add = group.add_argument
    add("--targets", metavar="CODES", help="languages to test (default: those of --languages)")
    add("--unseen", metavar="CODES", help="languages that the checkpoint was not pretrained on")
    add("--steps", metavar="N,N", help="updates of each few-step tune (default: 10,100)")
    add("--company", metavar="1,2,3", help="adapters together: alone, pairs, triples (default: 1)")
    add("--merge", choices=("uniform_average", "weight_average"), help="how they are merged")
    add("--company-targets", choices=("members", "all"), help="what a company is tested on")
    add("--unit", choices=("adapter", "lora"), help="kind of language unit (default: adapter)")
    add("--trim", action="store_true", help="leave tokens out that the data do not need")
    add("--rows", type=positive, metavar="N", help="sequences of an update (default: 16)")
    add("--length", type=positive, metavar="N", help="tokens of a sequence (default: 128)")
    add(
        "--task-source",
        choices=("all", "english", "leave_target_out"),
        help="whose labels task adapters learn from (default: all)",
    )
    add("--task-epochs", type=float, metavar="X", help="passes over the examples (default: 2)")
    add("--task-examples", type=positive, metavar="N", help="per language at most (default: 1000)")
    add("--test-examples", type=positive, metavar="N", help="per target at most (default: 500)")
    add("--margin", type=share, metavar="X", help="smallest change of interest (default: 0.005)")
    add("--controls", metavar="NAMES", help="of shuffled, mix, zero_rate")
    add("--distances", type=place, metavar="FILE", help="CSV: a, b, and one column per distance")
    add("--study", metavar="NAME", help="settings of a bundled study of transfer: faisal2024")
    add("--profile", metavar="NAME", help="its profile: paper, small, pretrained")


def refuse_of_other_method(args: argparse.Namespace) -> None:
    """Refuse options that the method does not read.

    Raises:
        InputError: one of them was given.
    """
    idle = _OF_UNITS if args.method == PAIRS else _OF_PAIRS
    given = [f"--{name.replace('_', '-')}" for name in idle if getattr(args, name, None)]
    if given:
        raise InputError(
            expected=f"options that `--method {args.method}` reads",
            found=", ".join(given),
            where="`isogloss matrix`",
            next_step="Leave them out, or take another --method.",
        )


def run_units(args: argparse.Namespace) -> int:
    """Do a matrix from shared units and show its answer."""
    from isogloss.report import matrix_answer, render_matrix
    from isogloss.transfer import Watch, run_matrix

    spec = spec_of(args)
    watch = Watch() if args.json else Watch(planned=_print_cost, said=say_wrapped)
    run_matrix(spec, args.text, args.out, command=command_line(), watch=watch)
    report = render_matrix(args.out)
    found = matrix_answer(args.out)
    if args.json:
        print_json({"report": str(report), **found})
        return 0
    _print_languages(found["languages"])
    for note in found["notes"]:
        say_wrapped(f"note: {note}")
    say(f"report: {report.resolve()}")
    say_wrapped(f"answer: {found['answer']}")
    return 0


def plan_units(args: argparse.Namespace) -> int:
    """Show what a matrix would cost; the folder is only read."""
    from isogloss.transfer import plan_matrix

    spec = spec_of(args)
    if args.out is not None and (args.out / "matrix.json").is_file():
        cost = plan_matrix(spec, args.text, args.out)
    else:
        with tempfile.TemporaryDirectory() as folder:
            cost = plan_matrix(spec, args.text, Path(folder))
    if args.json:
        print_json(asdict(cost))
    else:
        _print_cost(cost)
    return 0


def spec_of(args: argparse.Namespace) -> "MatrixSpec":
    """Return the matrix that the arguments ask for.

    Raises:
        InputError: they do not make one.
    """
    from isogloss.transfer import bundled_matrix, parse_matrix

    refuse_of_other_method(args)
    if args.profile and not args.study:
        raise InputError(
            expected="--profile with --study",
            found=f"--profile {args.profile} alone",
            where="`isogloss matrix`",
            next_step="Add --study faisal2024.",
        )
    below: dict[str, Any] = bundled_matrix(args.study, args.profile or "") if args.study else {}
    return parse_matrix(_over(below, _content(args)), "`isogloss matrix`")


def _content(args: argparse.Namespace) -> dict[str, Any]:
    """Return what was typed, as keys of a matrix."""
    seeds = args.seeds
    runs = {} if seeds is None else {"runs": seeds, "most_runs": seeds}
    if isinstance(seeds, tuple):
        runs = {"runs": seeds[0], "most_runs": seeds[1]}
    unit = {
        "kind": args.unit,
        "updates": args.budget.updates if args.budget else None,
        "rows": args.rows,
        "length": args.length,
        "learning_rate": args.learning_rate,
    }
    task = {
        "source": args.task_source,
        "epochs": args.task_epochs,
        "max_examples": args.task_examples,
    }
    company = {
        "sizes": _numbers(args.company, "--company"),
        "merge": args.merge,
        "targets": args.company_targets,
    }
    flat = {
        "name": None if args.study else f"matrix of {Path(args.text).name}",
        "method": args.method,
        "model": args.model,
        "trim": args.trim or None,
        "transfer_languages": _languages(args.languages),
        "targets": _languages(args.targets),
        "unseen": _languages(args.unseen),
        "tasks": _words(args.tasks),
        "steps": _numbers(args.steps, "--steps"),
        "controls": _words(args.controls),
        "test_examples": args.test_examples,
        "margin": args.margin,
        "distances": str(args.distances) if args.distances else None,
        **runs,
    }
    sections = {"unit": _given(unit), "task": _given(task), "company": _given(company)}
    return {**_given(flat), **{key: one for key, one in sections.items() if one}}


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: one for key, one in values.items() if one not in (None, "", [], ())}


def _over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was typed laid over a bundled study, section by section."""
    merged = dict(below)
    for key, value in above.items():
        under = merged.get(key)
        merged[key] = {**under, **value} if isinstance(under, dict) else value
    return merged


def _words(text: str | None) -> list[str]:
    return [word.strip() for word in (text or "").split(",") if word.strip()]


def _numbers(text: str | None, where: str) -> list[int]:
    try:
        return [int(word) for word in _words(text)]
    except ValueError as error:
        raise InputError(
            expected="whole numbers separated by commas",
            found=f"`{text}`",
            where=where,
            next_step="For example 10,100.",
        ) from error


def _languages(text: str | None) -> list[str]:
    return [str(one) for one in parse_languages(text)] if text else []


def _print_cost(cost: "Forecast") -> None:
    """Print what is to do, and how long it takes on one core of this machine."""
    rows = [
        {
            "what": one.what,
            "in all": f"{one.n_all:,}",
            "to do": f"{one.n_left:,}",
            "tokens": f"{one.tokens:,}",
            "time": duration(one.seconds),
        }
        for one in cost.first
    ]
    print_table("Cost, at first", rows)
    say_wrapped(f"Time: about {duration(cost.seconds)} of one core of this machine.")
    if cost.most != cost.first:
        say_wrapped(
            f"At most, where every cell stays open to the last stage: "
            f"{duration(cost.most_seconds)}."
        )


def _print_languages(rows: list[dict[str, Any]]) -> None:
    """Print what each language gives and takes."""
    print_table(
        "Languages, themselves left out",
        [
            {
                "task": f"{row['task']} k={row['updates']}",
                "language": row["language"],
                "as": row["role"],
                "category": row["category"],
                "helped": f"{row['beneficial']:.0%}",
                "hurt": f"{row['harmful']:.0%}",
                "undecided": f"{row['undecided']:.0%}",
            }
            for row in rows
        ],
    )
