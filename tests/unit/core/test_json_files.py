"""JSON is read back whole, or the file is named."""

from pathlib import Path

import pytest

from isogloss.core import InputError, read_json


def read(path: Path) -> dict[str, object]:
    return read_json(path, what="our file", next_step="Make it again.")


def test_content(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"a": [1, "ये"]}', encoding="utf-8")
    assert read(tmp_path / "a.json") == {"a": [1, "ये"]}


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[1]", b"null", b"3", b"\xff{}", b"[" * 100_000, b'{"a": 1} x']
)
def test_damage(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"our file.*a damaged file.*Make it again") as refused:
        read(path)
    assert refused.value.where == str(path)


def test_none(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read(tmp_path / "a.json")
    with pytest.raises(InputError, match="directory"):
        read(tmp_path)
