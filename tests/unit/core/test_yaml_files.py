"""YAML is read without surprises, and a mistake is shown with its line."""

from itertools import pairwise
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
        (b"a: !!set {b, c}\n", ("line 1", "could not determine a constructor")),
        (b"a: 1\nno: 2\n", ("line 2", "`no`, which YAML reads as `false`", "put it in quotes")),
        (b"1.5: 2\n", ("line 1", "`1.5`, as a key")),
        (b"? [a]\n: 2\n", ("line 1", "`['a']` as a key")),
        (b"~: 2\n", ("line 1", "nothing, as a key")),
        (b"a: &a [*a]\n", ("line 1", "an anchor that holds itself")),
        (b"a: " + b"[" * 60 + b"]" * 60, ("line 1", "nested more than 40 deep")),
        (b"a: " + b"[" * 5000, ("nested too deep",)),
        (b"a: " + b"9" * 5000, ("4300 digits",)),
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


def test_a_bomb_of_aliases_is_refused() -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    for former, name in pairwise("abcdefghij"):
        lines.append(f"{name}: &{name} [{', '.join([f'*{former}'] * 9)}]")
    with pytest.raises(InputError, match="more than 100,000 values, aliases written out"):
        parse_yaml("\n".join(lines), where="here")


@pytest.mark.parametrize("form", [str, bytes])
def test_a_file_that_no_person_wrote_is_refused(tmp_path: Path, form: type) -> None:
    line = "a: " + "x" * 1_000_000
    with pytest.raises(InputError, match="at most 1 MB of YAML"):
        if form is str:
            parse_yaml(line, where="here")
        else:
            (tmp_path / "long.yaml").write_text(line)
            read(tmp_path / "long.yaml")


def test_a_date_stays_text_and_a_number_may_be_a_key() -> None:
    assert parse_yaml("revision: 2020-01-31\n0: first", where="here") == {
        "revision": "2020-01-31",
        0: "first",
    }


def test_two_documents_in_one_file_are_refused() -> None:
    with pytest.raises(InputError, match="another document"):
        parse_yaml("a: 1\n---\nb: 2\n", where="here")
