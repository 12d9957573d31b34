"""`isogloss plan`: what a study would do and cost."""

import argparse
import tempfile
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

import pandas as pd

from isogloss.cli.arguments import add_examples, place
from isogloss.cli.options import add_json_option, frame_records, print_json, print_table
from isogloss.cli.printing import say
from isogloss.study import load_spec


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("study", type=place, metavar="STUDY.yaml", help="what to plan")
    parser.add_argument(
        "--data", required=True, metavar="WHERE", help="folder of data, or YAML mapping of it"
    )
    parser.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", help="override one key"
    )
    parser.add_argument(
        "--profile", default="", metavar="NAME", help="one of the study's profiles, such as small"
    )
    parser.add_argument(
        "--out", type=place, metavar="DIR", help="folder of the study, to see what is done already"
    )
    add_json_option(parser)
    add_examples(
        parser,
        "isogloss plan studies/real-small.yaml --data DIR",
        "isogloss plan my-study.yaml --data DIR --out my-study   # what is left of it",
    )


def run(args: argparse.Namespace) -> int:
    """Run the command."""
    from isogloss.study import choices, estimate, plan_study, prepare, study_lock

    spec = load_spec(args.study, tuple(args.set), args.profile)
    with ExitStack() as stack:
        if args.out is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        else:
            # What is prepared stays in the study's folder, so nobody else may be at work there.
            folder = args.out
            stack.enter_context(study_lock(folder, spec))
        prepared = prepare(spec, args.data, folder)
        plan = plan_study(spec, prepared, choices(spec, prepared))
        cost = estimate(plan, prepared)
    notes = [*plan.warnings, *prepared.facts["warnings"], *plan.notes]
    runs = pd.DataFrame(
        [
            {
                "stage": one.stage,
                "languages": "+".join(map(str, one.plan.languages)),
                "task": one.task,
                "seed": one.plan.seed,
                "updates": one.updates,
                "run": run_id,
            }
            for run_id, one in plan.runs.items()
        ]
    )
    if args.json:
        print_json({"cost": asdict(cost), "runs": frame_records(runs), "notes": notes})
        return 0
    print_table("Runs", runs)
    say(
        f"{cost.n_runs} runs, {cost.n_finished} finished already; {cost.passes:,.0f} "
        f"forward-backward passes to do, about {cost.seconds / 60:.0f} min of one process "
        "(timed here just now)."
    )
    if cost.n_open:
        say(
            f"{cost.n_open} settings are chosen by dev score on the way; the runs of the chosen "
            "settings on the other seeds, and their fine-tunings, come on top."
        )
    for note in notes:
        say(f"note: {note}")
    return 0
