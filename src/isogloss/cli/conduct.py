"""Do a study and show its answer: what `run`, `audit`, `matrix` and `quickstart` have in common."""

import argparse
import json
import os
from contextlib import nullcontext
from pathlib import Path

from isogloss.cli.options import command_line, frame_records, print_json
from isogloss.cli.printing import say
from isogloss.cli.progress import RunProgress
from isogloss.cli.tables import say_wrapped
from isogloss.cli.verdicts import print_verdicts
from isogloss.study import StudySpec


def conduct(spec: StudySpec, data: str, args: argparse.Namespace) -> int:
    """Run the study into `args.out`, write the report, print the verdicts."""
    from isogloss.study import Launch, run_study, workers_ready

    first = int(os.environ.get("RANK", "0")) == 0  # of the processes that torchrun started
    progress = RunProgress(args.out, quiet=args.json or not first)
    reuse = tuple(getattr(args, "reuse", ()))
    launch = Launch(args.launcher, args.workers, progress, command_line(), reuse)
    own = args.own_process
    try:
        with workers_ready(args.launcher, args.workers) if own else nullcontext():
            run_study(spec, data, args.out, launch)
    finally:
        progress.close()
    return show(args.out, as_json=args.json) if first else 0


def show(out: Path, *, as_json: bool) -> int:
    """Write `report.html` and print the verdict table of a finished study."""
    import pandas as pd

    from isogloss.report import answer_of, render_report, truth_of

    report = render_report(out)
    verdicts = pd.read_csv(out / "verdicts.csv", keep_default_na=False, na_values=[""])
    notes = json.loads((out / "notes.json").read_text(encoding="utf-8"))
    if as_json:
        diagnoses = pd.read_csv(out / "diagnoses.csv", keep_default_na=False, na_values=[""])
        found, to_do = answer_of(out)
        answer = {
            "report": str(report),
            "answer": found,
            "what_to_do": to_do,
            "truth": truth_of(out),
            "diagnoses": frame_records(diagnoses),
            "verdicts": frame_records(verdicts),
            "notes": notes,
        }
        print_json(answer)
        return 0
    about = json.loads((out / "study.json").read_text(encoding="utf-8"))
    print_verdicts(frame_records(verdicts), looks_asked=bool(about.get("conflict_every")))
    for note in notes:
        if note["level"] != "note":
            say_wrapped(f"{note['level']}: {note['text']}")
    say(f"report: {report.resolve()}")
    for words, sentence in zip(("answer", "what to do"), answer_of(out), strict=True):
        if sentence:
            say_wrapped(f"{words}: {sentence}")
    if truth := truth_of(out):
        say_wrapped(f"truth: {truth}")
    return 0
