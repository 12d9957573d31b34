"""`isogloss plan`: what a command would do, cost and find, before it starts."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from importlib import import_module
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from isogloss.cli.arguments import add_examples, place
from isogloss.cli.options import print_json
from isogloss.cli.printing import duration
from isogloss.cli.tables import print_table, say_wrapped
from isogloss.cli.transfer_matrix import PAIRS, plan_units

if TYPE_CHECKING:
    from isogloss.study import (
        Choice,
        Estimate,
        ExpectedEffect,
        Prepared,
        Run,
        StudyPlan,
        StudySpec,
    )

PLANNED: Final = ("audit", "matrix", "run")


def with_command(words: Sequence[str]) -> list[str]:
    """Return `plan STUDY.yaml ...` as `plan run STUDY.yaml ...`; `run` may be left out."""
    after = list(words).index("plan") + 1
    if after == len(words) or words[after] in (*PLANNED, "-h", "--help"):
        return list(words)
    return [*words[:after], "run", *words[after:]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments: those of each command that can be planned."""
    commands = parser.add_subparsers(dest="planned", metavar="COMMAND", required=True)
    for name in PLANNED:
        what = f"what `isogloss {name}` would do, cost and find; nothing is trained or written"
        sub = commands.add_parser(name, help=what, description=f"{what[0].upper()}{what[1:]}.")
        import_module(f"isogloss.cli.{name}").add_arguments(sub, planned=True)
        sub.add_argument(
            "--like",
            type=place,
            metavar="DIR",
            help="finished study whose spread between seeds says what this one can find (without "
            "it, the results that isogloss was shipped with, where there are some of this model) "
            "and whose runs say how long runs like them take on this machine",
        )
    add_examples(
        parser,
        "isogloss plan audit --text my-texts --languages en,sw --budget updates=2000 --seeds 5",
        "isogloss plan real-small --data DIR   # `run` may be left out",
        "isogloss plan my-study.yaml --data DIR --out my-study   # what is left of it",
    )


def run(args: argparse.Namespace) -> int:
    """Run the command."""
    # Not for `--help`, which is asked for by every new user: it takes half of the time to load.
    from isogloss.study import estimate, expected_effects, foresee, material_of

    if getattr(args, "method", PAIRS) != PAIRS:
        return plan_units(args)
    spec, data = import_module(f"isogloss.cli.{args.planned}").study_of(args)
    material = material_of(spec, data, args.out)
    plan = foresee(spec, material, _chosen(spec, material))
    cost = estimate(plan, material, args.like)
    staged = len(spec.first_seeds) < len(spec.every_seed)
    first = cost.first_stage(plan, spec.first_seeds) if staged else None
    expected = expected_effects(spec, material, args.like)
    workers = args.workers if args.launcher == "pool" else 1
    notes = [*plan.warnings, *material.facts["warnings"], *plan.notes]
    if args.json:
        runs = [_described(run_id, one, cost) for run_id, one in plan.runs.items()]
        content = {"cost": _totals(cost), **({"first_stage": _totals(first)} if first else {})}
        found = {"runs": runs, "expected": asdict(expected), "notes": notes}
        print_json({**content, **found, "training": _optimizers(spec)})
        return 0
    print_table("Runs", _grouped(plan, cost))
    for line in _rates(spec):
        say_wrapped(line)
    if first:
        say_wrapped(f"{len(spec.first_seeds)} seeds at first:")
        for line in _costs(first, workers):
            say_wrapped(line)
        say_wrapped(f"{len(spec.every_seed)} seeds at most, where comparisons stay open:")
    for line in (*_costs(cost, workers), *_known_from(cost), *_reading(cost)):
        say_wrapped(line)
    print_table(
        "Smallest difference that is found in 8 of 10 such studies (Holm), and that matters",
        _findable(expected.effects),
    )
    for line in (*expected.remarks, *(f"note: {note}" for note in notes)):
        say_wrapped(line)
    return 0


def _optimizers(spec: StudySpec) -> dict[str, dict[str, float]]:
    """Return what moves the weights, by training: given, or the defaults of the kind of start."""
    return {
        name: {
            "learning_rate": one.learning_rate,
            "warm_up": one.warm_up,
            "weight_decay": one.weight_decay,
        }
        for name, one, asked in (
            ("masked LM", spec.pretraining, spec.pretraining.updates > 0),
            ("fine-tuning", spec.finetuning, bool(spec.tasks)),
        )
        if asked
    }


def _rates(spec: StudySpec) -> list[str]:
    """Return the same as people read it."""
    start = f"the checkpoint {spec.model}" if spec.has_checkpoint else "random weights"
    rates = [
        f"{name} at a peak rate of {one['learning_rate']:g}, warm-up {one['warm_up']:.0%}, weight "
        f"decay {one['weight_decay']:g}"
        for name, one in _optimizers(spec).items()
    ]
    return [f"Training from {start}: {'; '.join(rates)}."]


def _chosen(spec: StudySpec, material: Prepared) -> dict[Choice, int]:
    """Return the settings that finished runs have settled; where none is, torch is not loaded."""
    if not (material.folder / "runs").is_dir():
        return {}
    from isogloss.study import choices

    return choices(spec, material)


def _described(run_id: str, run: Run, cost: Estimate) -> dict[str, Any]:
    """Return one run for machines."""
    found = cost.runs.get(run_id)
    return {
        "run": run_id,
        "stage": run.stage,
        "languages": "+".join(map(str, run.plan.languages)),
        "task": run.task,
        "seed": run.plan.seed,
        "updates": run.updates,
        "finished": found is None,
        "seconds": None if found is None else found.seconds,
        "memory_mb": None if found is None else found.memory_mb,
        "epochs": {} if found is None else found.epochs,
    }


def _totals(cost: Estimate) -> dict[str, Any]:
    """Return an estimate but for its single runs, for machines."""
    return {
        **{key: value for key, value in asdict(cost).items() if key != "runs"},
        "n_timed": cost.n_timed,
    }


def _grouped(plan: StudyPlan, cost: Estimate) -> list[dict[str, str]]:
    """Return runs that are alike as one row."""

    def kind(run_id: str) -> tuple[str, str, str, int]:
        one = plan.runs[run_id]
        languages = " + ".join(language.code for language in one.plan.languages)
        return one.stage, languages, one.task, one.updates

    rows = []
    for (stage, languages, task, updates), alike in groupby(sorted(plan.runs, key=kind), key=kind):
        ids = list(alike)
        left = [cost.runs[run_id] for run_id in ids if run_id in cost.runs]
        rows.append(
            {
                "stage": stage,
                "languages": languages,
                "task": task,
                "runs": str(len(ids)),
                "to do": str(len(left)),
                "updates": f"{updates:,}" if updates else "-",
                "each": duration(max(one.seconds for one in left)) if left else "-",
                "memory": f"{max(one.memory_mb for one in left) / 1000:.1f} GB" if left else "-",
            }
        )
    return rows


def _findable(effects: Sequence[ExpectedEffect]) -> list[dict[str, object]]:
    """Return what a study can find as people read it."""
    return [
        {
            "task": one.task,
            "metric": one.metric,
            "found": one.smallest_found,
            "matters": one.of_interest,
            "seeds": one.seeds,
            "seeds needed": one.seeds_needed or "over 99",
            "known from": one.source,
        }
        for one in effects
    ]


def _costs(cost: Estimate, workers: int) -> list[str]:
    """Return number, time and memory of the runs to do."""
    busy = min(workers, max(len(cost.runs), 1))
    told = [
        f"{cost.n_runs} runs, {cost.n_finished} finished already; {cost.passes:,.0f} "
        "forward-backward passes to do.",
        f"Time: about {duration(cost.seconds)} of one core of this machine, "
        f"{duration(cost.seconds / busy)} with {busy} workers.",
        f"Memory: up to {cost.memory_mb / 1000:.1f} GB a worker, "
        f"{busy * cost.memory_mb / 1000:.1f} GB in all.",
    ]
    if cost.n_open:
        told.append(
            f"{cost.n_open} settings are chosen by dev score on the way; what follows a choice is "
            "counted as if its first candidate were chosen."
        )
    return told


def _known_from(cost: Estimate) -> list[str]:
    """Return where the times come from."""
    n_timed, n_left = cost.n_timed, len(cost.runs)
    if not n_timed:
        return ["Times are counted from the model's size and a test of this machine, not tried."]
    known = ", ".join(f"{n} in {folder}" for folder, n in cost.timed_by.items())
    rest = f"; those of the other {n_left - n_timed} are counted" if n_timed < n_left else ""
    return [
        f"Times of {n_timed} of {n_left} runs are those of finished runs of the same stage, model "
        f"and length\non this machine ({known}){rest}."
    ]


def _reading(cost: Estimate) -> list[str]:
    """Return how often each language's text is read, by the run that reads it most."""
    most: dict[str, float] = {}
    for one in cost.runs.values():
        for language, epochs in one.epochs.items():
            most[language] = max(most.get(language, 0.0), epochs)
    if not any(most.values()):
        return []
    told = ", ".join(f"{language} {epochs:.1f}" for language, epochs in most.items())
    return [f"Times that a run reads a language's text, at most: {told}."]
