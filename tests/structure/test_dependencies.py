"""What the package imports is what it declares, and the exact pins lie within the ranges."""

import ast
import re
import sys
import tomllib
from functools import cache

from packaging.requirements import Requirement
from packaging.version import Version

from structure import sources

# Import name -> name on the package index, where the two differ.
DISTRIBUTIONS = {"yaml": "pyyaml"}
# Needed, but by way of another package: pandas reads and writes Parquet with it.
INDIRECT = {"pyarrow"}
# Imported where it is installed, as it is to develop: elsewhere shapes in annotations say nothing.
OF_DEVELOPMENT = {"jaxtyping"}


@cache
def _project() -> dict[str, object]:
    with (sources.ROOT / "pyproject.toml").open("rb") as file:
        return tomllib.load(file)["project"]


def _requirements(*extras: str) -> list[Requirement]:
    project = _project()
    optional = project["optional-dependencies"]
    assert isinstance(optional, dict)
    lines = [*project["dependencies"], *(line for extra in extras for line in optional[extra])]
    return [Requirement(line) for line in lines]


def _imported() -> dict[str, str]:
    """Return top-level third-party modules that the package imports, and one place of each."""
    found: dict[str, str] = {}
    for path in sources.files():
        for node in ast.walk(sources.tree(path)):
            names: list[str] = []
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module]
            elif isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            for name in names:
                found.setdefault(name.split(".")[0], f"{sources.name(path)}:{node.lineno}")
    own = {"isogloss", *sys.stdlib_module_names}
    return {module: place for module, place in found.items() if module not in own}


def test_imports_are_declared() -> None:
    extras = ("tensorboard", "browser", "typology")
    declared = {requirement.name.lower() for requirement in _requirements(*extras)}
    missing = {
        module: place
        for module, place in _imported().items()
        if DISTRIBUTIONS.get(module, module).lower() not in declared | OF_DEVELOPMENT
    }
    assert {one.name.lower() for one in _requirements("dev")} >= OF_DEVELOPMENT
    assert not missing, f"imported but not declared in pyproject.toml: {missing}"


def test_declared_is_imported() -> None:
    imported = {DISTRIBUTIONS.get(module, module).lower() for module in _imported()}
    unused = {requirement.name.lower() for requirement in _requirements()} - imported - INDIRECT
    assert not unused, f"declared in pyproject.toml but not imported: {unused}"


def test_pins_lie_within_the_ranges() -> None:
    text = (sources.ROOT / "constraints.txt").read_text(encoding="utf-8")
    pins = {
        re.sub(r"[-_.]+", "-", name).lower(): Version(version)
        for name, version in re.findall(r"^([\w.-]+)==(\S+)$", text, flags=re.MULTILINE)
    }
    for requirement in _requirements(*_extras()):
        name = re.sub(r"[-_.]+", "-", requirement.name).lower()
        assert name in pins, f"{name} has no exact pin in constraints.txt"
        assert pins[name] in requirement.specifier, f"{name} {pins[name]} is outside {requirement}"


def _extras() -> list[str]:
    optional = _project()["optional-dependencies"]
    assert isinstance(optional, dict)
    return list(optional)
