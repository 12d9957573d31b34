"""The book documents each key of a study, and only keys that exist, with their defaults."""

import re

import pytest
import yaml
from pydantic import BaseModel

import toys
from isogloss.cli.main import COMMANDS, build_parser
from isogloss.cli.plan import PLANNED
from isogloss.data.sources.section import Section
from isogloss.study import StudySpec, parse_spec
from isogloss.study.plan.pretraining import base_plan
from isogloss.treatments import build_treatment
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


def _part(document: str, heading: str) -> str:
    """Return the text under a heading of the book."""
    text = (sources.ROOT / "docs" / document).read_text(encoding="utf-8")
    return text.split(f"## {heading}\n")[1].split("\n## ")[0]


@pytest.mark.parametrize("command", list(COMMANDS))
def test_options_are_documented(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Each command of the command line and each of its options stands in the book."""
    inner = {"data": ["check"], "plan": PLANNED}.get(command, [])
    for words in [[command, one] for one in inner] or [[command]]:
        with pytest.raises(SystemExit):
            build_parser(command).parse_args([*words, "--help"])
    options = _options(capsys.readouterr().out) - {"--help"}
    assert _options(_part("command-line.md", command)) == options


def _options(text: str) -> set[str]:
    """Return the long options that a text names."""
    return set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", text))


def test_mapping_keys_are_documented() -> None:
    part = _part("your-data.md", "A mapping")
    documented = set(re.findall(r"^\| `(\w+)` \|", part, flags=re.MULTILINE))
    assert documented == set(Section.model_fields)


def test_example_study_is_valid() -> None:
    text = (sources.ROOT / "docs" / "studies.md").read_text(encoding="utf-8")
    example, *_ = re.findall(r"```yaml\n(.*?)```", text, flags=re.DOTALL)
    assert parse_spec(yaml.safe_load(example), "docs/studies.md").languages


def test_example_treatments_are_valid() -> None:
    text = (sources.ROOT / "docs" / "treatments.md").read_text(encoding="utf-8")
    examples = re.findall(r"```yaml\n(.*?)```", text, flags=re.DOTALL)
    assert len(examples) == 4
    for example in examples:
        study = {"name": "ablation", "mixtures": [["en", "sw"]], **yaml.safe_load(example)}
        spec = parse_spec(study, "docs/treatments.md")
        assert len(spec.treatments) == len(yaml.safe_load(example)["treatments"])
        for mixture in spec.mixtures:
            # Translations are of labelled examples: what reads them has a task.
            translated = spec.translations is not None
            plan = toys.paired_plan() if translated else base_plan(spec, mixture, 1, 0)
            for entry in spec.treatments:
                build_treatment(entry.name, entry.options).apply(plan)
