"""The book documents each key of a study, and only keys that exist, with their defaults."""

import re

import pytest
from pydantic import BaseModel

from isogloss.study import StudySpec
from structure import sources


def _sections() -> dict[str, type[BaseModel]]:
    """Return the settings model of each section of docs/studies.md."""
    nested = {
        name: field.annotation
        for name, field in StudySpec.model_fields.items()
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)
    }
    return {"The study": StudySpec, **{f"`{name}`": model for name, model in nested.items()}}


def _rows(section: str) -> dict[str, str]:
    """Return key -> default, as the table of a section has them."""
    text = (sources.ROOT / "docs" / "studies.md").read_text(encoding="utf-8")
    part = text.split(f"## {section}\n")[1].split("\n## ")[0]
    return dict(re.findall(r"^\| `(\w+)` \| [^|]* \| ([^|]*) \|", part, flags=re.MULTILINE))


@pytest.mark.parametrize("section", list(_sections()))
def test_keys_are_documented(section: str) -> None:
    sections = _sections()
    nested = {name.strip("`") for name in sections}
    assert set(_rows(section)) == set(sections[section].model_fields) - nested


@pytest.mark.parametrize("section", list(_sections()))
def test_numeric_defaults_are_true(section: str) -> None:
    documented = _rows(section)
    for name, field in _sections()[section].model_fields.items():
        if isinstance(field.default, int | float) and not isinstance(field.default, bool):
            assert float(documented[name]) == field.default, name
