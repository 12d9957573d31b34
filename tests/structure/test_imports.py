"""Rooms know only the rooms below them, and only what those rooms declare."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from structure import sources


def test_layers_hold() -> None:
    """The contracts of import-linter (pyproject.toml) hold."""
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"],
        cwd=sources.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_rooms_import_rooms_not_files() -> None:
    deep = [
        f"{sources.name(path)}:{line} imports {module}"
        for path in sources.files()
        for line, module in _own_imports(path)
        if _is_deep(module, sources.room(path))
    ]
    assert not deep, "import from the room's __init__ instead:\n" + "\n".join(deep)


def test_imported_names_are_declared() -> None:
    """A name that another room imports stands in the `__all__` of the room it comes from."""
    hidden = [
        f"{sources.name(path)}:{node.lineno} imports {alias.name} from {node.module}"
        for path in sources.files()
        for node in ast.walk(sources.tree(path))
        if isinstance(node, ast.ImportFrom) and node.module
        for room in [_room_of(node.module)]
        if room in sources.ROOMS and room != sources.room(path)
        for alias in node.names
        if alias.name not in public_names(room)
    ]
    assert not hidden, "\n".join(hidden)


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("isogloss", {"numpy", "pandas", "torch"}),
        ("isogloss.core", {"scipy", "pandas", "torch", "transformers"}),
        ("isogloss.statistics", {"pandas", "scipy.stats", "torch", "transformers"}),
    ],
)
def test_light_rooms_load_nothing_heavy(module: str, heavy: set[str]) -> None:
    command = f"import sys, {module}; print(*{heavy} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", command], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []


def test_one_room_is_a_room_of_the_design() -> None:
    """A new folder in the package needs a line in the layers contract."""
    text = (sources.ROOT / "pyproject.toml").read_text(encoding="utf-8")
    contract = text[text.index("layers = [") : text.index("exhaustive")]
    assert not [room for room in sources.ROOMS if room not in contract]


def public_names(room: str) -> set[str]:
    """Return the `__all__` of a room."""
    for node in sources.tree(sources.PACKAGE / room / "__init__.py").body:
        match node:
            case ast.Assign(targets=[ast.Name(id="__all__")], value=value):
                return set(ast.literal_eval(value))
            case ast.AnnAssign(target=ast.Name(id="__all__"), value=ast.expr() as value):
                return set(ast.literal_eval(value))
    return set()


def _own_imports(path: Path) -> Iterator[tuple[int, str]]:
    """Yield line and module of each import of the package by `path`."""
    for node in ast.walk(sources.tree(path)):
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.lineno, node.module
        elif isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)


def _room_of(module: str) -> str | None:
    parts = module.split(".")
    return parts[1] if parts[0] == "isogloss" and len(parts) > 1 else None


def _is_deep(module: str, own_room: str | None) -> bool:
    room = _room_of(module)
    return room in sources.ROOMS and room != own_room and module.count(".") > 1
