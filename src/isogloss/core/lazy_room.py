"""Rooms whose names are loaded when they are first asked for: who only plans waits for no torch."""

import ast
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any


class LazyRoom(ModuleType):
    """A package whose `__init__` imports its public names under `if TYPE_CHECKING:` only."""

    _origins: dict[str, str]

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        """Import the file that a public name comes from; afterwards the name stands here."""
        origin = self._origins.get(name)
        if origin is None:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        value = vars(self)[name] = getattr(import_module(origin), name)
        return value

    def __setattr__(self, name: str, value: object) -> None:
        """Set an attribute; a file called like a public name, when imported, does not hide it."""
        if not (isinstance(value, ModuleType) and name in self._origins):
            super().__setattr__(name, value)


def make_lazy(room: str) -> None:
    """Let a room load each of its public names when it is first asked for.

    The `__init__` of the room is the one list: what it imports under `if TYPE_CHECKING:` for the
    type checker is what can be asked for. Call this below those imports.

    Args:
        room: `__name__` of the package.
    """
    module = sys.modules[room]
    assert module.__file__ is not None
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    vars(module)["_origins"] = {
        alias.asname or alias.name: node.module
        for block in tree.body
        if isinstance(block, ast.If) and ast.unparse(block.test) == "TYPE_CHECKING"
        for node in block.body
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    }
    module.__class__ = LazyRoom
