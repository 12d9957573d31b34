"""Measure the layout of the code: `python .ci/house.py [ROOT]` prints the numbers of a checkout.

docs/architecture.md shows them before and after the second layout.
"""

import ast
import sys
from collections import defaultdict
from pathlib import Path

SMALL, SHORT = 25, 70


def code_lines(path: Path) -> int:
    """Return the lines of a file that are neither blank, nor comment, nor docstring."""
    text = path.read_text(encoding="utf-8")
    quiet: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            quiet |= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    lines = enumerate(text.splitlines(), 1)
    return sum(n not in quiet and bool(one.strip()) and one.strip()[0] != "#" for n, one in lines)


def module(package: Path, path: Path) -> str:
    """Return the dotted name of a file."""
    parts = path.relative_to(package.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(package: Path) -> dict[str, set[str]]:
    """Return which files of the package each file imports; names of a package count as it."""
    files = {module(package, path): path for path in package.rglob("*.py")}
    found: dict[str, set[str]] = {}
    for name, path in files.items():
        asked: set[str] = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                asked |= {node.module, *(f"{node.module}.{one.name}" for one in node.names)}
            elif isinstance(node, ast.Import):
                asked |= {one.name for one in node.names}
        found[name] = (asked & files.keys()) - {name}
    return found


def rooms_of_study(arrows: dict[str, set[str]]) -> tuple[int, int, int]:
    """Return rooms and the arrows between them, and how many of these pairs are circles."""
    between: set[tuple[str, str]] = set()
    inside = "isogloss.study."
    rooms = {name[len(inside) :].split(".")[0] for name in arrows if name.startswith(inside)}
    for name, asked in arrows.items():
        for other in asked:
            if name.startswith(inside) and other.startswith(inside):
                pair = (name[len(inside) :].split(".")[0], other[len(inside) :].split(".")[0])
                between |= {pair} if pair[0] != pair[1] else set()
    circles = sum((b, a) in between for a, b in between) // 2
    return len(rooms), len(between), circles


def main(root: Path) -> None:
    """Print the numbers."""
    package = root / "src" / "isogloss"
    files = sorted(package.rglob("*.py"))
    code = {path: code_lines(path) for path in files}
    arrows = imports(package)
    importers: dict[str, set[str]] = defaultdict(set)
    for name, asked in arrows.items():
        for other in asked:
            importers[other].add(name)
    plain = [path for path in files if path.name != "__init__.py"]
    tests = sorted((root / "tests").rglob("*.py"))
    tested = sum(code_lines(path) for path in tests)
    lonely = [
        path
        for path in plain
        if len(path.read_text(encoding="utf-8").splitlines()) <= SHORT
        and len(importers[module(package, path)]) == 1
    ]
    rooms, between, circles = rooms_of_study(arrows)
    print(f"files in src: {len(files)}")
    print(f"lines of code in src: {sum(code.values())}")
    print(f"lines of code in tests: {tested}")
    print(f"tests to source: {tested / sum(code.values()):.2f}")
    print(f"files of at most {SMALL} lines of code: {sum(n <= SMALL for n in code.values())}")
    print(f"of these no __init__: {sum(code[path] <= SMALL for path in plain)}")
    print(f"files of at most {SHORT} lines with one importer: {len(lonely)}")
    print(f"study: {rooms} rooms or files at its top, {between} arrows, {circles} circles of two")
    lines = sum(len(path.read_text(encoding="utf-8").splitlines()) for path in files)
    all_tests = sum(len(path.read_text(encoding="utf-8").splitlines()) for path in tests)
    print(f"all lines: src {lines}, tests {all_tests}, ratio {all_tests / lines:.2f}")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "."))
