"""Do a study and show its answer: what `run`, `audit`, `matrix` and `quickstart` have in common."""

import argparse
import json
import os
from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pandas as pd

from isogloss.cli.options import command_line, frame_records, print_json, print_table
from isogloss.cli.printing import say
from isogloss.cli.progress import RunProgress
from isogloss.core import MATCHES
from isogloss.study import StudySpec

_ROW = ("mixture", "task", "language", "treatment")
_CONFLICT = (
    "Conflict: mean gradient cosine with the other languages; the control is that of two halves of "
    "the language's own rows (a comparison of means, not a test). "
)


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
    table = verdict_table(verdicts, looks_asked=bool(about.get("conflict_every")))
    print_table(
        "Interference = monolingual - multilingual; positive = learning together hurt",
        table,
        caption="Fractions (bits for masked_lm), 95 % intervals, verdicts after Holm. Zero-shot "
        "score: trained on another language of the mixture. "
        + (_CONFLICT if "conflict" in table else "")
        + "All else is in the report.",
    )
    for note in notes:
        if note["level"] != "note":
            say(f"{note['level']}: {note['text']}")
    say(f"report: {report.resolve()}")
    for words, sentence in zip(("answer", "what to do"), answer_of(out), strict=True):
        if sentence:
            say(f"{words}: {sentence}")
    if truth := truth_of(out):
        say(f"truth: {truth}")
    return 0


def verdict_table(verdicts: pd.DataFrame, *, looks_asked: bool = False) -> pd.DataFrame:
    """Return the verdicts as people read them: both budget matches and zero-shot side by side.

    Args:
        verdicts: as `verdicts.csv` has them.
        looks_asked: whether the study asked for gradient conflict; the column is then there even
            where no run was looked at.
    """
    shown: dict[tuple[str, ...], dict[str, str]] = {}
    n_metrics = verdicts.groupby("task")["metric"].nunique()
    for row in verdicts.to_dict("records"):
        if n_metrics[row["task"]] > 1:
            row["task"] = f"{row['task']} ({row['metric']})"
        key = tuple(str(row[name]) for name in _ROW)
        cells = shown.setdefault(key, {})
        if row["setting"] == "within_language":
            cells[MATCHES[row["match"]]] = _verdict(row)
            cells["conflict"] = _conflict(row)
        else:
            cells["zero-shot score"] = f"{row['multilingual']:.3f}"
    columns = [
        *(MATCHES[match] for match in dict.fromkeys(verdicts["match"])),
        "zero-shot score",
        *(
            ["conflict"]
            if looks_asked or verdicts.get("gradient_cosine", pd.Series(dtype=float)).notna().any()
            else []
        ),
    ]
    return pd.DataFrame(
        [
            {
                **dict(zip(_ROW, (_codes(key[0]), *key[1:]), strict=True)),
                **{column: cells.get(column, "-") for column in columns},
            }
            for key, cells in sorted(shown.items())
        ]
    )


def _verdict(row: Mapping[Any, Any]) -> str:
    """Return verdict, estimate and interval in one cell."""
    if pd.isna(row["verdict"]):
        return "not compared"
    return (
        f"{row['verdict']} {row['interference']:+.3f} [{row['ci_low']:+.3f}, {row['ci_high']:+.3f}]"
    )


def _conflict(row: Mapping[Any, Any]) -> str:
    """Return the cosine with other languages' gradients, and whether it is below the control."""
    cosine, control = row.get("gradient_cosine"), row.get("gradient_control")
    if cosine is None or pd.isna(cosine):
        return "not measured"
    if control is None or pd.isna(control):
        return f"{cosine:.2f} (same-language control not measured)"
    return f"{cosine:.2f} (same-language control {control:.2f})"


def _codes(mixture: str) -> str:
    """Return a mixture without the scripts, which its languages' column repeats."""
    return "+".join(part.partition("-")[0] for part in mixture.split("+"))
