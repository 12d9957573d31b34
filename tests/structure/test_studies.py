"""Bundled studies are studies, in every profile."""

import itertools
from pathlib import Path

import pytest
import yaml

from isogloss.study import load_spec
from structure import sources

STUDIES = sorted((sources.PACKAGE / "study" / "bundled").glob("*.yaml"))
PROFILES = [
    (path, profile)
    for path in STUDIES
    for profile in (yaml.safe_load(path.read_text()).get("profiles") or {"": None})
]


def test_there_are_some() -> None:
    assert len(STUDIES) >= 4


@pytest.mark.parametrize(
    ("path", "profile"), PROFILES, ids=[f"{p.stem}-{name}" for p, name in PROFILES]
)
def test_a_study_reads(path: Path, profile: str) -> None:
    spec = load_spec(path, (), profile)
    assert spec.name == path.stem
    assert {"monolingual", "untreated"} <= {entry.label for entry in spec.treatments}


def test_the_profiles_of_the_paper_differ_in_size_only() -> None:
    for path, of_path in itertools.groupby(PROFILES, key=lambda one: one[0]):
        names = [name for _, name in of_path]
        if names == [""]:
            continue
        # From a checkpoint every treatment chooses its rate, and fewer of them are affordable.
        names = [name for name in names if name != "pretrained"]
        assert names == ["paper", "small", "gpu"]
        labels = {
            tuple(entry.label for entry in load_spec(path, (), name).treatments) for name in names
        }
        assert len(labels) == 1
