"""YAML is read without surprises, and a mistake is shown with its line."""

from pathlib import Path

import pytest

from isogloss.core import InputError, parse_yaml, read_yaml


def read(path: Path) -> object:
    return read_yaml(path, what="a study file", next_step="Look into studies/.")


@pytest.mark.parametrize(
    ("content", "parts"),
    [
        (b"a: [1\n", ("line 2", "expected ',' or ']'")),
        (b"a: 1\nb: : 2\n", ("line 2", "mapping values are not allowed")),
        (b"a: 1\nb: 2\na: 3\n", ("line 3", "the key `a` a second time")),
        (b"x: {b: 1, b: 2}\n", ("line 1", "the key `b` a second time")),
        (b"a: *nobody\n", ("line 1", "undefined alias")),
        (b"a: \x07\n", ("special characters",)),
        (b"a: 1\nb: \xff\n", ("line 2", "UTF-8", "0xff")),
        (b"a: !!python/object:os.system {}\n", ("line 1", "could not determine a constructor")),
    ],
)
def test_mistakes_are_shown_with_their_line(
    tmp_path: Path, content: bytes, parts: tuple[str, ...]
) -> None:
    path = tmp_path / "study.yaml"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read(path)
    for part in (str(path), *parts):
        assert part in str(caught.value)


@pytest.mark.parametrize(("name", "found"), [("none.yaml", "no such file"), (".", "a folder")])
def test_no_file(tmp_path: Path, name: str, found: str) -> None:
    with pytest.raises(InputError, match="Look into studies/") as caught:
        read(tmp_path / name)
    assert caught.value.found == found


def test_content() -> None:
    text = "base: &base {x: 1}\nmore: {<<: *base, y: [1, two]}\n"
    assert parse_yaml(text, where="here") == {
        "base": {"x": 1},
        "more": {"x": 1, "y": [1, "two"]},
    }


def test_two_documents_in_one_file_are_refused() -> None:
    with pytest.raises(InputError, match="another document"):
        parse_yaml("a: 1\n---\nb: 2\n", where="here")
