"""The page of a transfer matrix: who donates, who receives, and what is open."""

import json
from pathlib import Path
from typing import Any, Final

from isogloss.report.matrix_figures import company, curves, heat_maps, strips
from isogloss.report.matrix_files import read_matrix
from isogloss.report.matrix_tables import (
    answer,
    asymmetry,
    categories,
    controls,
    cost,
    factors,
    recommended,
    seen,
)
from isogloss.report.render import write_page

_TEMPLATE: Final = "comparison.html.j2"


def render_matrix(folder: Path, target: Path | None = None) -> Path:
    """Write the report of a transfer matrix as one HTML file.

    Args:
        folder: what `isogloss matrix --method ... --out` wrote.
        target: where to write; `report.html` in the folder when None.

    Returns:
        The file that was written.

    Raises:
        InputError: the folder is no finished matrix, or the target cannot be written.
    """
    found = read_matrix(folder)
    spec = found.about["spec"]
    drawn = [
        *heat_maps(found),
        categories(found),
        recommended(found),
        *strips(found),
        *company(found),
        *curves(found),
        asymmetry(found),
        seen(found),
        factors(found),
        controls(found),
        cost(found),
    ]
    runs = (
        f"{spec['runs']}"
        if spec["runs"] == spec["most_runs"]
        else (f"{spec['runs']} to {spec['most_runs']}")
    )
    context = {
        "kicker": "Transfer matrix",
        "title": str(spec["name"]),
        "sides": f"Method {spec['method']}, model {Path(spec['model']).name}, {runs} runs per "
        "cell. A gain is positive where the transfer language helps the target. Verdicts hold the "
        f"false-discovery rate at {spec['alpha']:.0%} over all cells of a table; the margin is "
        f"{100 * spec['margin']:g} points. Categories and their thresholds are ours.",
        "answer": answer(found),
        "notes": found.about.get("notes") or [],
        "exhibits": [one for one in drawn if one is not None],
        "open": False,
    }
    return write_page(target or folder / "report.html", _TEMPLATE, context)


def matrix_answer(folder: Path) -> dict[str, Any]:
    """Return the answer of a finished matrix as plain data: a sentence, categories, pairs.

    Args:
        folder: of the matrix.

    Raises:
        InputError: it is not finished, or damaged.
    """
    found = read_matrix(folder)
    return {
        "answer": answer(found),
        **{
            name: json.loads(found.tables[name].to_json(orient="records"))
            for name in ("cells", "languages", "recommended", "cost")
        },
        "notes": found.about.get("notes") or [],
    }
