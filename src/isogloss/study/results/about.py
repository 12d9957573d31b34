"""Provenance of a study: spec, versions, machine, methods, citations."""

import inspect
import json
import os
import platform
import time
from importlib import metadata
from pathlib import Path
from typing import Any

import yaml

from isogloss import __version__
from isogloss.core import REFERENCES, SEVERAL, Language, Reference, digests_of, write_atomically
from isogloss.data import is_test_bed, read_truth
from isogloss.diagnosis import MEASUREMENTS
from isogloss.study.plan.measures import measures_of
from isogloss.study.results.methods import methods
from isogloss.study.spec.spec import StudySpec
from isogloss.study.store.prepared import Prepared
from isogloss.treatments import Citation, citation, needs_translations

_PACKAGES = ("torch", "transformers", "tokenizers", "numpy", "scipy", "pandas")


def versions() -> dict[str, str]:
    """Return the versions that results may depend on."""
    return {
        "isogloss": __version__,
        "python": platform.python_version(),
        **{package: metadata.version(package) for package in _PACKAGES},
    }


def write_spec(spec: StudySpec, prepared: Prepared) -> None:
    """Write the resolved spec with versions and fingerprints of the data."""
    content = spec.model_dump(mode="json")
    content["provenance"] = {
        "versions": versions(),
        "data": prepared.facts["wanted"]["fingerprints"],
        "tokenizer": prepared.facts["hashes"]["tokenizer"],
    }
    write_atomically(
        prepared.folder / "spec.yaml", yaml.safe_dump(content, sort_keys=False, allow_unicode=True)
    )


def write_about(
    spec: StudySpec, prepared: Prepared, command: str, began: float, ended: float
) -> None:
    """Write `spec.yaml` and `study.json`."""
    write_spec(spec, prepared)
    path = prepared.folder / "study.json"
    # A study that was stopped and gone on with took all its sittings, not the last one.
    former = _former(path)
    about = {
        "name": spec.name,
        "title": spec.name,
        "question": spec.question,
        "command": command,
        "started": former.get("started", _stamp(began)),
        "finished": _stamp(ended),
        "wall_s": round(former.get("wall_s", 0.0) + ended - began, 1),
        "files": _digests(prepared.folder),
        "machine": {"processor": platform.machine(), "cores": os.cpu_count()},
        "versions": versions(),
        "methods": methods(spec),
        "citations": citations(spec),
        "reference": spec.reference,
        "treat": spec.treat,
        "scored_on": spec.scored_on,
        "conflict_every": spec.logging.conflict,
        "measurements": [
            {"name": name, "what": MEASUREMENTS[name].what} for name in measures_of(spec)
        ],
        "treatments": [
            {"label": one.label, "name": one.name, "options": one.options}
            | ({"translations": list(needs)} if (needs := needs_translations(one.kind)) else {})
            for one in spec.treatments
        ],
        "languages": [
            {"code": str(language), "name": _named(language, prepared), "family": language.family}
            for language in (*spec.languages, *([SEVERAL] if spec.learns_together else []))
        ],
    }
    write_atomically(
        prepared.folder / "study.json", json.dumps(about, indent=1, ensure_ascii=False)
    )


def _former(path: Path) -> dict[str, Any]:
    """Return what was noted before; of a damaged file only the time of earlier sittings is lost."""
    try:
        about = json.loads(path.read_text(encoding="utf-8"))
        return {"started": str(about["started"]), "wall_s": float(about["wall_s"])}
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return {}


def _digests(folder: Path) -> dict[str, str]:
    """Return the hashes of the tables and notes, by which a damaged one is known."""
    kinds = ("*.csv", "*.parquet", "notes.json")
    paths = sorted(path for kind in kinds for path in folder.glob(kind))
    return digests_of(folder, paths)


def _named(language: Language, prepared: Prepared) -> str:
    """Return a language's name; a sample is named beside the whole, a test bed's by relation."""
    name = language.name
    if language.is_private_use and is_test_bed(prepared.facts["data"]):
        name = _relation(language, prepared.facts["data"])
    return f"{name} (sample {language.variant})" if language.variant else name


def _relation(language: Language, data: str) -> str:
    """Return what a language of a test bed is to its base: short, and nobody has to decode it."""
    relations = {code: one.relation for code, one in read_truth(data).languages.items()}
    relation = relations.get(language.code, "synthetic")
    alone = list(relations.values()).count(relation) == 1
    return relation if alone else f"{relation} {language.code}"


def _stamp(seconds: float) -> str:
    """Return a moment in UTC as text."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def citations(spec: StudySpec) -> list[dict[str, Any]]:
    """Return what to cite for the study: the sources of its treatments, and its reference."""
    found = [citation(entry.kind) for entry in spec.treatments]
    sources: list[Citation | Reference] = [one for one in found if one is not None]
    if spec.reference and REFERENCES[spec.reference].key not in {one.key for one in sources}:
        sources.append(REFERENCES[spec.reference])
    return [
        {"key": one.key, "text": one.text, "bibtex": inspect.cleandoc(one.bibtex)}
        for one in sources
    ]
