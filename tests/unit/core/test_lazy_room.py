import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOM = '''"""A room."""

from typing import TYPE_CHECKING

from isogloss.core import make_lazy

if TYPE_CHECKING:
    from lazy_toy.heavy import weight
    from lazy_toy.lifting import lifting

make_lazy(__name__)
'''


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    folder = tmp_path / "lazy_toy"
    folder.mkdir()
    (folder / "__init__.py").write_text(ROOM, encoding="utf-8")
    (folder / "heavy.py").write_text("weight = 7\n", encoding="utf-8")
    (folder / "lifting.py").write_text(
        "from lazy_toy.heavy import weight\ndef lifting(): return weight\n", encoding="utf-8"
    )
    monkeypatch.syspath_prepend(tmp_path)
    import lazy_toy  # type: ignore[import-not-found]

    yield lazy_toy
    for name in [name for name in sys.modules if name.startswith("lazy_toy")]:
        del sys.modules[name]


def test_a_file_is_loaded_when_its_name_is_asked_for(room: ModuleType) -> None:
    assert "lazy_toy.heavy" not in sys.modules
    assert room.weight == 7
    assert "lazy_toy.heavy" in sys.modules


def test_a_file_does_not_hide_the_name_that_it_shares(room: ModuleType) -> None:
    """Python sets a file as an attribute of its package when the file is imported."""
    import lazy_toy.lifting  # noqa: F401

    assert room.lifting() == 7


def test_a_name_that_is_not_there_is_an_attribute_error(room: ModuleType) -> None:
    with pytest.raises(AttributeError, match="no attribute 'wait'"):
        room.wait  # noqa: B018


def test_a_name_can_be_set(room: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "weight", 9)
    assert room.weight == 9
