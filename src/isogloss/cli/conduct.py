"""Do a study and show its answer: what `run`, `audit`, `matrix` and `quickstart` have in common."""

import argparse
import sys
from pathlib import Path

import pandas as pd

from isogloss.cli.options import command_line, frame_records, print_json, print_table
from isogloss.cli.progress import RunProgress
from isogloss.study import Launch, StudySpec, run_study

_SHOWN = (
    *("treatment", "mixture", "match", "task", "language", "monolingual", "multilingual"),
    *("interference", "ci_low", "ci_high", "p_holm", "verdict", "mde"),
)


def conduct(spec: StudySpec, data: str, args: argparse.Namespace) -> int:
    """Run the study into `args.out`, write the report, print the verdicts."""
    progress = RunProgress(args.out, quiet=args.json)
    launch = Launch(args.launcher, args.workers, progress, command_line())
    try:
        run_study(spec, data, args.out, launch)
    finally:
        progress.close()
    return show(args.out, as_json=args.json)


def show(out: Path, *, as_json: bool) -> int:
    """Write `report.html` and print the verdict table of a finished study."""
    from isogloss.report import render_report

    report = render_report(out)
    verdicts = pd.read_csv(out / "verdicts.csv", keep_default_na=False, na_values=[""])
    within = verdicts[verdicts["setting"] == "within_language"]
    if as_json:
        print_json({"report": str(report), "verdicts": frame_records(verdicts)})
        return 0
    print_table(
        "Interference = monolingual - multilingual, positive = hurt",
        within[list(_SHOWN)],
        caption="Fractions (bits for bits_per_byte); 95 % intervals; p adjusted by Holm. "
        "Zero-shot scores, treatments compared, curves and confounds: in the report.",
    )
    print(f"report: {report.resolve()}", file=sys.stdout)
    return 0
