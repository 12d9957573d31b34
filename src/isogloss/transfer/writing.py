"""A matrix as files: CSV tables, LaTeX tables, and how it was made."""

import json
import time
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from isogloss.core import METRICS, Language, digests_of, read_json, sealed, write_atomically
from isogloss.transfer.company import company_rows
from isogloss.transfer.factors import factor_rows
from isogloss.transfer.results import Measured, cell_rows, frame_of, run_rows
from isogloss.transfer.scoring import CellStore
from isogloss.transfer.summaries import (
    asymmetry_rows,
    by_part,
    language_rows,
    recommended_rows,
    seen_rows,
)

ABOUT: Final = "matrix.json"
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
_MARKS: Final = {"beneficial": r"$^{+}$", "harmful": r"$^{-}$", "neutral": "", "undecided": "?"}


def write_results(found: Measured, cells: CellStore, command: str) -> None:
    """Write all tables of a matrix, and `matrix.json` last.

    Args:
        found: what was measured.
        cells: where the scores lie.
        command: what the user typed, for the record.
    """
    material = cells.units.material
    folder = material.folder
    tables = {
        "cells": frame_of("cells", cell_rows(found)),
        "runs": frame_of("runs", run_rows(found, cells)),
        "languages": frame_of("languages", language_rows(found)),
        "asymmetry": frame_of("asymmetry", asymmetry_rows(found)),
        "recommended": frame_of("recommended", recommended_rows(found)),
        "company": frame_of("company", company_rows(found, cells)),
        "seen": frame_of("seen", seen_rows(found)),
        "factors": frame_of("factors", factor_rows(found, material)),
        "cost": frame_of("cost", _cost_rows(found, cells)),
    }
    paths = [folder / f"{name}.csv" for name in tables]
    for path, table in zip(paths, tables.values(), strict=True):
        write_atomically(path, table.map(_harmless).to_csv(index=False))
    for name, text in _latex(found):
        path = folder / "latex" / f"{name}.tex"
        write_atomically(path, text)
        paths.append(path)
    about = {
        "spec": found.spec.describe(),
        "languages": {
            str(one): {"name": one.name, "family": one.family, "script": one.script}
            for one in found.spec.languages
        },
        "notes": notes_of(found),
        "samples": {
            task: {language: len(rows) for language, rows in own.items()}
            for task, own in material.facts["samples"].items()
        },
        "data": material.source.where,
        "command": command,
        "version": version("isogloss"),
        "written": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "files": digests_of(folder, paths),
    }
    write_atomically(folder / ABOUT, json.dumps(sealed(about), indent=1, ensure_ascii=False) + "\n")


def _harmless(value: object) -> object:
    is_formula = isinstance(value, str) and value.startswith(_FORMULA_STARTS)
    return f"'{value}" if is_formula else value


def notes_of(found: Measured) -> list[str]:
    """Return what a reader must know beside the words of the cells."""
    spec = found.spec
    notes = []
    if spec.runs < 2:
        notes.append("One run per cell: no cell has a verdict. Train two or more.")
    if spec.tasks != ("masked_lm",):
        notes.append(
            "One task adapter per task: the verdicts are about these, and a further training of "
            "the task adapters could move them."
        )
    few = sorted({str(row.target) for row in found.rows if row.change.n_examples < 50})
    if few:
        notes.append(f"Fewer than 50 test examples, so no verdict: {', '.join(few)}.")
    left = len(found.open_cells)
    if left:
        notes.append(f"{left} cells are open still: more runs (`--seeds`) could decide them.")
    if spec.task.source == "all" and spec.tasks != ("masked_lm",):
        notes.append(
            "Task adapters were trained on all languages with training data, targets too: what is "
            "zero-shot here is the transfer language only."
        )
    return notes


def _cost_rows(found: Measured, cells: CellStore) -> Iterator[dict[str, Any]]:
    """Yield what everything took that lies in the folder, units and cells shared by all."""
    home = cells.units.material.folder
    units = [_read(path) for path in sorted((home / "units").glob("*/unit.json"))]
    tasks = [_read(path) for path in sorted((home / "tasks").glob("*/task.json"))]
    for what, results in (("language units", units), ("task adapters", tasks)):
        took = sum(float(one["core_seconds"]) for one in results)
        yield {
            "what": what,
            "n": len(results),
            "tokens": sum(int(one.get("tokens", 0)) for one in results),
            "core_seconds": round(took, 2),
            "each": round(took / max(len(results), 1), 3),
        }
    runs = list(run_rows(found, cells))
    first = {one["cell"]: float(one["core_seconds"]) for one in runs}
    yield {
        "what": "cells and runs",
        "n": len(first),
        "tokens": 0,
        "core_seconds": round(sum(first.values()), 2),
        "each": round(sum(first.values()) / max(len(first), 1), 4),
    }


def _read(path: Path) -> dict[str, Any]:
    return read_json(path, what="a finished unit", next_step="Remove its folder.")


def _latex(found: Measured) -> Iterator[tuple[str, str]]:
    """Yield each matrix as a LaTeX table: gains in points, + and - for verdicts, ? for open."""
    for (task, metric, arm, updates), rows in by_part(found).items():
        factor = 100.0 if METRICS[metric].unit == "fraction" else 1.0
        takers = list(dict.fromkeys(row.target for row in rows))
        lines: dict[Language, dict[Language, str]] = {}
        for row in rows:
            text = f"{factor * row.change.estimate:+.1f}{_MARKS[row.verdict]}"
            lines.setdefault(row.effect.transfer[0], {})[row.target] = text
        head = " & ".join(["", *(one.code for one in takers)])
        body = [
            " & ".join([giver.code, *(own.get(one, "") for one in takers)])
            for giver, own in lines.items()
        ]
        text = "\n".join(
            [
                f"% {task}, {metric}, {arm}, {updates} updates. Rows: transfer language.",
                rf"\begin{{tabular}}{{l{'r' * len(takers)}}}",
                r"\hline",
                rf"{head} \\",
                r"\hline",
                *(rf"{line} \\" for line in body),
                r"\hline",
                r"\end{tabular}",
                "",
            ]
        )
        yield f"{task}-{metric}-{arm.replace(' ', '-')}-{updates}", text
