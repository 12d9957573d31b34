"""`isogloss list`: what there is."""

import argparse
import dataclasses
import inspect
from collections.abc import Callable
from typing import Any, Final

from isogloss.cli.arguments import add_examples
from isogloss.cli.options import add_json_option, print_json
from isogloss.cli.tables import print_blocks, print_table
from isogloss.core import METRICS, known_languages
from isogloss.data import PROVIDERS, TASKS
from isogloss.diagnosis import MEASUREMENTS
from isogloss.models import PRESETS
from isogloss.study import bundled_studies
from isogloss.treatments import TREATMENTS, citation, needs_translations


def _studies() -> list[dict[str, Any]]:
    return [
        {
            "study": name,
            "question": " ".join(str(study.get("question", "")).split()) or "-",
            "profiles": ", ".join(study.get("profiles") or ()) or "-",
        }
        for name, study in bundled_studies().items()
    ]


def _treatments() -> list[dict[str, Any]]:
    return [
        {
            "treatment": name,
            "what": (inspect.getdoc(kind) or "").split("\n")[0],
            "claim": kind.claim,
            "source": source.text if (source := citation(kind)) else "-",
            "replaces": ", ".join(kind.parts) or "-",
            "needs translations": " and ".join(needs_translations(kind)) or "-",
            "options": ", ".join(
                f"{field.name}={field.default!r}"
                for field in dataclasses.fields(kind)  # type: ignore[arg-type]
            ),
        }
        for name, kind in TREATMENTS.items()
    ]


def _tasks() -> list[dict[str, Any]]:
    return [
        {
            "task": card.name,
            "metric": ", ".join(card.metrics),
            "form": card.form,
            "what": card.description,
            "reference": card.reference,
        }
        for card in TASKS.values()
    ]


def _measurements() -> list[dict[str, Any]]:
    return [
        {
            "measurement": one.name,
            "what": one.what,
            "runs": ", ".join(one.stages),
            "made": "on request" if one.on_request else "by every study",
            "columns": ", ".join(one.columns),
        }
        for one in MEASUREMENTS.values()
    ]


def _metrics() -> list[dict[str, Any]]:
    return [
        {
            "metric": metric.name,
            "what": metric.label,
            "better": "higher" if metric.higher_is_better else "lower",
            "unit": metric.unit,
            "smallest effect": f"{metric.smallest_effect:g}"
            + (" of the reference" if metric.relative else ""),
        }
        for metric in METRICS.values()
    ]


def _presets() -> list[dict[str, Any]]:
    return [
        {
            "preset": name,
            "architecture": preset.architecture,
            "width": preset.hidden,
            "layers": preset.layers,
            "heads": preset.heads,
        }
        for name, preset in PRESETS.items()
    ]


def _translations() -> list[dict[str, Any]]:
    return [
        {
            "provider": name,
            "what": kind.what,
            "options": ", ".join(
                f"{field.name}={field.default!r}"
                for field in dataclasses.fields(kind)  # type: ignore[arg-type]
            ),
        }
        for name, kind in PROVIDERS.items()
    ]


def _languages() -> list[dict[str, Any]]:
    return [
        {
            "language": str(one),
            "name": one.name,
            "family": one.family,
            "iso639_1": one.iso639_1 or "",
        }
        for one in known_languages()
    ]


LISTS: Final[dict[str, Callable[[], list[dict[str, Any]]]]] = {
    "studies": _studies,
    "treatments": _treatments,
    "tasks": _tasks,
    "measurements": _measurements,
    "metrics": _metrics,
    "presets": _presets,
    "translations": _translations,
    "languages": _languages,
}
# Sentences are no cells of a table.
_PROSE: Final = ("treatments", "tasks", "measurements", "translations")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("what", choices=tuple(LISTS), help="which list")
    add_json_option(parser)
    add_examples(parser, "isogloss list studies", "isogloss list languages --json")


def run(args: argparse.Namespace) -> int:
    """Run the command."""
    rows = LISTS[args.what]()
    if args.json:
        print_json(rows)
    elif args.what in _PROSE:
        print_blocks(rows)
    else:
        print_table(args.what, rows)
    return 0
