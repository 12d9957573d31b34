"""The examples are short, say what they print, and are run by CI."""

import ast
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from isogloss.cli.main import build_parser
from isogloss.comparison import decide, make_scored, read_policy
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


def _blocks(heading: str) -> list[str]:
    """Return the Python of one section of docs/compare.md."""
    text = (sources.ROOT / "docs" / "compare.md").read_text(encoding="utf-8")
    part = text.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return [block.split("```")[0] for block in part.split("```python\n")[1:]]


def test_the_examples_on_arrays_run(capsys: pytest.CaptureFixture[str]) -> None:
    """As in the book: word errors of recordings, and vectors of queries and documents."""
    words, vectors, _ = _blocks("In Python")
    rng = np.random.default_rng(0)
    length = rng.integers(3, 40, 800)
    sides = {
        side: {
            one: np.column_stack([rng.binomial(length, rate + worse * (one == "sw")), length])
            for one in ("en", "sw")
        }
        for side, rate, worse in (("base", 0.1, 0.0), ("new", 0.1, 0.1))
    }
    exec(words, {"languages": ["en", "sw"], **sides})
    assert "sw HURT" in capsys.readouterr().out
    documents = rng.standard_normal((100, 8))
    wanted = {"en": np.repeat(np.arange(100), 4)}
    near = documents[wanted["en"]]
    queries = [near + noise * rng.standard_normal(near.shape) for noise in (0.2, 2.0)]
    base, new = ({"en": (one, documents)} for one in queries)
    names = {"languages": ["en"], "base": base, "new": new, "wanted": wanted}
    exec(vectors, names)
    [row] = names["judged"]
    assert row.verdict == "HURT"
    assert (row.found.n_units, row.found.n_examples) == (100, 400)


def test_the_gate_for_entities_keeps_three_kinds_apart() -> None:
    """As docs/gate.md says: recall by language and label; an open cell is no pass."""
    policy = read_policy(sources.ROOT / "examples" / "gate" / "entities.yaml")
    rng = np.random.default_rng(1)
    sizes = {"de": 3000, "fr": 3000, "sw": 40}
    rows = [
        {"language": code, "example": f"{code}{note}", "label": label, "total": 1}
        for code, size in sizes.items()
        for note in range(size)
        for label in ("NAME", "ID", "PHONE", "DATE")
    ]
    base = pd.DataFrame(rows)
    base["correct"] = (rng.random(len(base)) < 0.95).astype(int)
    lost = (base["language"] == "de") & (base["label"] == "NAME") & (rng.random(len(base)) < 0.05)
    gained = (base["language"] == "fr") & (rng.random(len(base)) < 0.5)
    new = base.assign(correct=np.where(lost, 0, np.where(gained, 1, base["correct"])))
    decision = decide(make_scored(base, source="old"), make_scored(new, source="new"), policy)
    assert new["correct"].mean() > base["correct"].mean()
    assert decision.answer == "NO-GO"
    assert ("deu-Latn", "NAME") in {(one.language, one.label) for one in decision.of("fail")}
    assert {one.language for one in decision.of("fail")} == {"deu-Latn"}
    assert "swa-Latn" in {one.language for one in decision.of("open")}
    assert "fra-Latn" in {one.language for one in decision.of("pass")}
