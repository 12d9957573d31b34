"""Refusals of the parser in our own four parts."""

import argparse

import pytest

from isogloss.cli.arguments import Parser, add_examples, natural, positive, refusal
from isogloss.core import InputError


def test_what_is_missing_is_named() -> None:
    parser = Parser(prog="isogloss x")
    parser.add_argument("--out", required=True)
    with pytest.raises(InputError) as caught:
        parser.parse_args([])
    assert caught.value.expected == "--out"
    assert "--help" in caught.value.next_step


def test_a_wrong_choice_gets_the_nearest() -> None:
    parser = Parser(prog="isogloss x")
    parser.add_argument("--launcher", choices=("pool", "inline"))
    with pytest.raises(InputError, match="Did you mean `inline`"):
        parser.parse_args(["--launcher", "inlin"])


def test_an_unknown_option_gets_the_nearest() -> None:
    parser = Parser(prog="isogloss x")
    parser.add_argument("--workers")
    with pytest.raises(InputError, match="Did you mean `--workers`"):
        parser.parse_args(["--worker", "2"])


def test_a_message_we_do_not_know_is_passed_on() -> None:
    assert refusal("isogloss x", [], "something else").found == "something else"


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "x", ""])
def test_positive_refuses(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="1 or more"):
        positive(text)


def test_natural_takes_zero() -> None:
    assert (natural("0"), positive("3")) == (0, 3)
    with pytest.raises(argparse.ArgumentTypeError):
        natural("-1")


def test_examples_end_the_help() -> None:
    parser = Parser(prog="isogloss x")
    add_examples(parser, "isogloss x --y")
    assert parser.format_help().rstrip().endswith("isogloss x --y")
