"""Where the numbers come from: command, spec, versions, seeds, fingerprints."""

from collections.abc import Mapping
from urllib.parse import quote

import pandas as pd

from isogloss.report.exhibit import Download, Section
from isogloss.report.study_files import StudyFiles
from isogloss.report.text.wording import duration


def frame(study: StudyFiles) -> pd.DataFrame:
    """Return what is known of the origin, one row a fact: fact, value."""
    facts = [
        ("study", study.text("name", study.folder.name)),
        ("command", study.text("command")),
        ("started", study.text("started")),
        ("finished", study.text("finished")),
        ("wall time", _wall(study)),
        ("machine", _flat(study.about.get("machine"))),
        ("seeds", ", ".join(_seeds(study))),
        ("runs", str(_n_runs(study) or "")),
        ("records", str(len(study.tables["records"])) if "records" in study.tables else ""),
    ]
    versions = study.about.get("versions")
    if isinstance(versions, Mapping):
        facts += [(f"version of {name}", str(value)) for name, value in versions.items()]
    rows = [(fact, value or "not recorded") for fact, value in facts]
    return pd.DataFrame(rows, columns=["fact", "value"])


def build(study: StudyFiles) -> Mapping[str, object]:
    """Return the facts, the spec and the files that were missing."""
    facts = frame(study)
    return {
        "facts": facts.to_dict("records"),
        "spec": study.spec,
        "spec_download": Download(
            "spec.yaml", "data:text/yaml;charset=utf-8," + quote(study.spec), 0
        ),
        "missing": list(study.missing.values()),
    }


def _wall(study: StudyFiles) -> str:
    """The whole time of the study."""
    seconds = study.about.get("wall_s")
    return duration(float(seconds)) if isinstance(seconds, int | float) else ""


def _flat(value: object) -> str:
    """A mapping in one line."""
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {part}" for name, part in value.items())
    return "" if value is None else str(value)


def _seeds(study: StudyFiles) -> list[str]:
    """Every seed that a record or a curve names."""
    seeds: set[int] = set(study.curves["seed"].astype(int)) if len(study.curves) else set()
    if "records" in study.tables:
        seeds |= set(study.tables["records"]["seed"].dropna().astype(int))
    return [str(seed) for seed in sorted(seeds)]


def _n_runs(study: StudyFiles) -> int:
    """How many runs wrote records."""
    return study.tables["records"]["run_id"].nunique() if "records" in study.tables else 0


SECTION = Section("provenance", "Provenance", "provenance.html.j2", frame, build)
