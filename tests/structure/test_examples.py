"""The examples are short, say what they print, and are run by CI."""

import ast
from pathlib import Path

import pytest
import yaml

from isogloss.cli.main import build_parser
from isogloss.comparison import read_policy
from isogloss.comparison.gate.decide import EXIT_CODES
from structure import sources

EXAMPLES = sorted((sources.ROOT / "examples").glob("*.py"))


def test_there_are_some() -> None:
    assert len(EXAMPLES) >= 5


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_is_short_and_says_what_it_prints(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) < 60
    assert "print" in (ast.get_docstring(ast.parse(text)) or "").lower()


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_uses_the_rooms_only(path: Path) -> None:
    """What stands in an `__init__` is what users may rely on."""
    imported = [
        node.module
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("isogloss")
    ]
    assert imported
    assert all(module.count(".") == 1 for module in imported)


def test_the_examples_are_listed() -> None:
    text = (sources.ROOT / "examples" / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in EXAMPLES if f"`{path.name}`" not in text] == []


def test_ci_runs_them_and_the_wheel() -> None:
    stages = (sources.ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert 'stage "examples" make examples\n' in stages
    assert 'stage "wheel" make wheel\n' in stages


def test_the_templates_of_the_gate_are_whole() -> None:
    folder = sources.ROOT / "examples" / "gate"
    policy = read_policy(folder / "policy.yaml")
    assert {rule.tier for rule in policy.rules} == {"critical", "supporting", "advisory"}
    # YAML 1.1 reads the key `on` as true; GitHub does not.
    action = yaml.safe_load((folder / "github-action.yml").read_text(encoding="utf-8"))
    steps = [step.get("run", "") for step in action["jobs"]["gate"]["steps"]]
    gitlab = yaml.safe_load((folder / "gitlab-ci.yml").read_text(encoding="utf-8"))["languages"]
    assert gitlab["artifacts"]["reports"]["junit"] == "result/junit.xml"
    assert gitlab["allow_failure"] == {"exit_codes": [EXIT_CODES["INCONCLUSIVE"]]}
    for lines in (steps, gitlab["script"]):
        [command] = [line for line in lines if line.startswith("isogloss gate")]
        args = build_parser("gate").parse_args(command.split()[1:])
        assert str(args.baseline) == "gate/baseline"
        assert str(args.out) == "result"
