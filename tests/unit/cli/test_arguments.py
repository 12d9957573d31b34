"""Refusals of the parser: four parts, the nearest name, no abbreviations at any depth."""

import argparse
from pathlib import Path

import pytest

from isogloss.cli.arguments import Parser, add_examples, natural, place, positive, refusal, seeds
from isogloss.core import InputError


def parser() -> Parser:
    top = Parser(prog="tool")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    deep = commands.add_parser("data").add_subparsers(dest="action", metavar="ACTION")
    check = deep.add_parser("check")
    check.add_argument("--workers", type=positive)
    check.add_argument("--seed", type=natural)
    check.add_argument("--form", choices=("table", "list"))
    return top


@pytest.mark.parametrize(
    ("typed", "found", "where", "next_step"),
    [
        ("", "none", "`tool`", "`tool --help` shows examples."),
        ("dta", "`dta`", "`tool`, COMMAND", "Did you mean `data`?"),
        ("data chek", "`chek`", "`tool data`, ACTION", "Did you mean `check`?"),
        ("data check --work 2", "`--work 2`", "`tool data check`", "Did you mean `--workers`?"),
        (
            "data check zzz",
            "`zzz`",
            "`tool data check`",
            "`tool data check --help` shows examples.",
        ),
        (
            "data check --form tables",
            "`tables`",
            "`tool data check`, --form",
            "Did you mean `table`?",
        ),
        ("data check --workers 0", "`0`", "`tool data check`, --workers", None),
        ("data check --workers two", "`two`", "`tool data check`, --workers", None),
        ("data check --seed -1", "`-1`", "`tool data check`, --seed", None),
        ("data check --seed", "argument --seed: expected one argument", "`tool data check`", None),
    ],
)
def test_refusals(typed: str, found: str, where: str, next_step: str | None) -> None:
    with pytest.raises(InputError) as refused:
        parser().parse_args(typed.split())
    assert (refused.value.found, refused.value.where) == (found, where)
    assert refused.value.next_step == (next_step or "`tool data check --help` shows examples.")


def test_what_is_right_is_parsed() -> None:
    args = parser().parse_args(["data", "check", "--workers", "2", "--seed", "0"])
    assert (args.workers, args.seed) == (2, 0)


@pytest.mark.parametrize("choices", ["'a', 'b'", "a, b"])
def test_choices_as_any_version_of_python_shows_them(choices: str) -> None:
    message = f"argument what: invalid choice: 'c' (choose from {choices})"
    assert refusal("tool", [], message).expected == "one of a, b"


def test_examples_are_shown_as_they_are() -> None:
    top = Parser(prog="tool")
    add_examples(top, "tool one", "tool two --three")
    assert top.format_help().endswith("examples:\n  tool one\n  tool two --three\n")


@pytest.mark.parametrize("text", ["1.5", "", "-3", "²"])
def test_numbers(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match=f"of 1 or more, found `{text}`"):
        positive(text)
    assert (positive("3"), natural("0")) == (3, 0)


@pytest.mark.parametrize("text", ["", " ", "a\0b"])
def test_a_place_has_a_name(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="the name of a file or folder"):
        place(text)
    assert place("a/b") == Path("a/b")


@pytest.mark.parametrize(("text", "found"), [("5", 5), ("3..9", (3, 9)), ("2..100", (2, 100))])
def test_seeds(text: str, found: object) -> None:
    assert seeds(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "9..3",
        "3..",
        "..9",
        "..",
        "1..9",
        "3..3",
        "0..9",
        "3..101",
        "3...9",
        "3.. 9",
        "a..b",
        "-3..9",
    ],
)
def test_wrong_stages_of_seeds(text: str) -> None:
    """A single seed has no spread, so that nothing could be decided after it."""
    with pytest.raises(argparse.ArgumentTypeError, match=r"expected FIRST\.\.MOST, such as 3\.\.9"):
        seeds(text)


@pytest.mark.parametrize("text", ["0", "101", "3.9", "3-9", "three"])
def test_wrong_numbers_of_seeds(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="expected a whole number of 1"):
        seeds(text)
