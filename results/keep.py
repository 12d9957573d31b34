"""Keep a finished study here: its files of numbers, and tables that can be read.

    python results/keep.py STUDY [NAME]

Copies what others read (CSV, specification, notes) from the folder STUDY to `results/NAME/` (NAME:
that of the folder) and writes `tables.md` from them. The report is not kept: `isogloss report
results/NAME` writes it again. The `README.md` beside them, which says what the numbers mean, is
written by hand.
"""

import argparse
import json
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

FILES = ("*.csv", "spec.yaml", "study.json", "notes.json")
POINTS = {"entity_f1", "pos_accuracy", "accuracy", "retrieval_accuracy", "qa_f1", "qa_em"}
ROW = ["treatment", "mixture", "task", "metric", "setting", "source_language", "language"]


def score(value: float, metric: str, sign: str = "") -> str:
    """Return points for shares of one, the value itself otherwise."""
    if pd.isna(value):
        return "-"
    return f"{100 * value:{sign}.1f}" if metric in POINTS else f"{value:{sign}.3f}"


def found(row: pd.Series, column: str) -> str:
    """Return a difference with its interval and verdict, or why there is none."""
    if pd.isna(row[column]):
        return "not compared" + (f": {row['note']}" if isinstance(row["note"], str) else "")
    low, middle, high = (
        score(row[name], row["metric"], "+") for name in ("ci_low", column, "ci_high")
    )
    return f"{middle} [{low}, {high}] {row['verdict']}"


def code(name: object) -> str:
    """Return the codes alone: `eng+swa` of `eng-Latn+swa-Latn`."""
    return "+".join(one.partition("-")[0] for one in str(name).split("+"))


def table(header: str, lines: Iterable[list[str]]) -> str:
    """Return a Markdown table."""
    names = header.split(", ")
    rows = [names, ["---"] * len(names), *lines]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def interference(folder: Path) -> str:
    """Return the table of verdicts, both budget matches side by side."""
    verdicts = pd.read_csv(folder / "verdicts.csv")
    verdicts = verdicts[verdicts["setting"] == "within_language"]
    lines = []
    for key, rows in verdicts.groupby(ROW, sort=False, dropna=False):
        named = dict(zip(ROW, key, strict=True))
        line = [code(named["mixture"]), named["task"], code(named["language"]), named["treatment"]]
        by_match = {row["match"]: row for _, row in rows.iterrows()}
        one = next(iter(by_match.values()))
        line.append(score(one["multilingual"], named["metric"]))
        for match in ("language", "total"):
            row = by_match.get(match)
            line += (
                ["-", "-"]
                if row is None
                else [score(row["monolingual"], named["metric"]), found(row, "interference")]
            )
        lines.append(line)
    return table(
        "mixture, task, language, treatment, together, alone (same data), same data, "
        "alone (same compute), same compute",
        lines,
    )


def comparisons(folder: Path) -> str:
    """Return the table of treatments against their controls."""
    rows = pd.read_csv(folder / "comparisons.csv")
    return table(
        "treatment, against, mixture, task, setting, from, tested on, control, treatment's, gain",
        (
            [row["treatment"], row["reference"], code(row["mixture"]), row["task"], row["setting"]]
            + [code(row["source_language"]), code(row["language"])]
            + [score(row[name], row["metric"]) for name in ("reference_value", "value")]
            + [found(row, "gain")]
            for _, row in rows.iterrows()
        ),
    )


def copy(study: Path, folder: Path) -> None:
    """Copy the files; where the study's own folders lay is nobody's business."""
    command = json.loads((study / "study.json").read_text(encoding="utf-8"))["command"]
    told = re.sub(r"\S*/(studies/)", r"\1", command)
    told = re.sub(r"--data \S+", "--data DATA", told)
    told = re.sub(r"--out \S+", f"--out {folder.name}", told)
    told = re.sub(r"--reuse \S*?([^/\s]+)(?=\s|$)", r"--reuse \1", told)
    for pattern in FILES:
        for path in sorted(study.glob(pattern)):
            if path.suffix == ".json":
                text = path.read_text(encoding="utf-8")
                # As JSON writes it, and as it is.
                for write in (lambda line: json.dumps(line)[1:-1], str):
                    text = text.replace(write(command), write(told))
                (folder / path.name).write_text(text, encoding="utf-8")
            else:
                shutil.copy(path, folder)


def main() -> None:
    """Keep one study."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("study", type=Path, help="folder of a finished study")
    parser.add_argument("name", nargs="?", help="folder here (default: the study's name)")
    options = parser.parse_args()
    folder = Path(__file__).parent / (options.name or options.study.name)
    folder.mkdir(exist_ok=True)
    copy(options.study, folder)
    text = (
        "Points (F1 of entities and of answers, accuracy; x 100), bits per byte for masked LM; "
        "95 % intervals; verdicts after Holm's correction. Written by `results/keep.py`.\n"
    )
    if (folder / "retest.csv").is_file():
        text += (
            "\nVerdict words are those of the test that the study was made with; `retest.csv` says "
            "which of them stand by today's.\n"
        )
    sections = {
        "Interference: monolingual minus joint, positive = hurt": interference(folder),
        "Treatments against the controls, positive = better": comparisons(folder),
    }
    body = "".join(f"\n## {title}\n\n{rows}\n" for title, rows in sections.items())
    (folder / "tables.md").write_text(f"# Tables\n\n{text}{body}", encoding="utf-8")


if __name__ == "__main__":
    main()
