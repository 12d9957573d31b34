"""What the structure tests know of the source tree, read once."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "isogloss"
ROOMS = tuple(sorted(path.name for path in PACKAGE.iterdir() if (path / "__init__.py").is_file()))

Function = ast.FunctionDef | ast.AsyncFunctionDef


def files() -> list[Path]:
    """Return all Python files of the package."""
    return sorted(PACKAGE.rglob("*.py"))


@cache
def tree(path: Path) -> ast.Module:
    """Return the syntax tree of `path`."""
    return ast.parse(path.read_text(encoding="utf-8"))


def name(path: Path) -> str:
    """Return `path` as messages show it."""
    return path.relative_to(ROOT).as_posix()


def room(path: Path) -> str | None:
    """Return the room that `path` lies in, or None for the package's own files."""
    parts = path.relative_to(PACKAGE).parts
    return parts[0] if len(parts) > 1 else None


def functions(path: Path) -> Iterator[Function]:
    """Yield every function and method of `path`."""
    for node in ast.walk(tree(path)):
        if isinstance(node, Function):
            yield node


def code_lines(function: Function) -> int:
    """Return the lines of `function` without its docstring."""
    docstring = ast.get_docstring(function, clean=False)
    assert function.end_lineno is not None
    length = function.end_lineno - function.lineno + 1
    return length - (docstring.count("\n") + 1 if docstring else 0)


def holds_code(path: Path) -> bool:
    """Return whether `path` holds a function that does something.

    Constants, plain dataclasses and protocols have nothing that a test of their own could run.
    """
    return any(_does_something(function) for function in functions(path))


def _does_something(function: Function) -> bool:
    """Return whether the body is more than a docstring and `...`."""
    return any(
        not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        for node in function.body
    )
