"""Habits that a reader may rely on everywhere in the package."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

from structure import sources

# Written in pieces so that this file does not match itself.
UNFINISHED = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
HOME = re.compile(r"(?<![\w.])/(home|Users|root|mnt|work|scratch)/[\w.-]+")
VAGUE = {"utils", "util", "helpers", "helper", "misc", "common"}
UNSAFE_CALLS = {"eval", "exec", "compile"}
UNSAFE_MODULES = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal"}
TEXT = {".py", ".md", ".toml", ".yaml", ".yml", ".txt", ".cff", ".tsv", ".html", ".js", ".css", ""}


def test_nothing_is_left_unfinished() -> None:
    marks = [
        f"{sources.name(path)}:{number}"
        for path in sources.files()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if UNFINISHED.search(line)
    ]
    assert not marks, f"unfinished work belongs in an issue: {marks}"


def test_no_file_has_a_vague_name() -> None:
    vague = [sources.name(path) for path in sources.files() if path.stem in VAGUE]
    assert not vague, f"name the file for what it holds: {vague}"


def test_nothing_unsafe_is_loaded_or_run() -> None:
    """No pickle in any form, no evaluation of text: a model folder can't run code."""
    unsafe = [
        f"{sources.name(path)}:{line} {what}"
        for path in sources.files()
        for line, what in _unsafe(path)
    ]
    assert not unsafe, "\n".join(unsafe)


def test_annotations_are_evaluated_where_torch_is() -> None:
    """Shapes in annotations are checked in tests; files that a plan is made of load no torch."""
    lazy = [
        sources.name(path)
        for path in sources.files()
        if "__future__" in _imported(path) and "TYPE_CHECKING" not in path.read_text("utf-8")
    ]
    assert not lazy
    both = [path for path in sources.files() if {"__future__", "torch"} <= _imported(path)]
    assert not both


def _imported(path: Path) -> set[str]:
    """Return the packages that a file imports when it is loaded."""
    modules = {
        name
        for node in sources.tree(path).body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module] if isinstance(node, ast.ImportFrom) else _names(node))
    }
    return {module.partition(".")[0] for module in modules if module}


def _names(node: ast.Import) -> list[str]:
    return [alias.name for alias in node.names]


def test_no_path_of_one_machine_is_committed() -> None:
    found = [
        f"{path}:{number}: {match.group()}"
        for path in _tracked()
        for number, line in enumerate(_lines(sources.ROOT / path), 1)
        for match in [HOME.search(line)]
        if match
    ]
    assert not found, "\n".join(found)


def _unsafe(path: Path) -> list[tuple[int, str]]:
    found = []
    for node in ast.walk(sources.tree(path)):
        match node:
            case ast.Call(func=ast.Name(id=called)) if called in UNSAFE_CALLS:
                found.append((node.lineno, f"calls {called}"))
            case ast.Call(func=ast.Attribute(value=ast.Name(id="torch"), attr="load")):
                found.append((node.lineno, "calls torch.load"))
            case ast.keyword(arg="allow_pickle", value=ast.Constant(value=True)):
                found.append((node.lineno, "allows pickle"))
            case ast.Import(names=names):
                modules = {alias.name.split(".")[0] for alias in names}
                found += [(node.lineno, f"imports {m}") for m in modules & UNSAFE_MODULES]
            case ast.ImportFrom(module=str(module)) if module.split(".")[0] in UNSAFE_MODULES:
                found.append((node.lineno, f"imports {module}"))
    return found


def _tracked() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=sources.ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("not a git checkout: the list of committed files is not known")
    return [line for line in listed.stdout.splitlines() if Path(line).suffix in TEXT]


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
