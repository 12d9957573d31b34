"""Studies built from flags."""

import argparse

import pytest

from isogloss.cli.main import build_parser
from isogloss.cli.studies import Budget, audit_spec
from isogloss.core import InputError, Language

ENGLISH, SWAHILI = Language.parse("en"), Language.parse("sw")


def arguments(*more: str) -> argparse.Namespace:
    words = ["audit", "--text", "t", "--languages", "en,sw", "--out", "o", *more]
    return build_parser("audit").parse_args(words)


def test_an_audit_compares_untreated_with_monolingual() -> None:
    spec = audit_spec("a", [(ENGLISH, SWAHILI)], arguments("--budget", "updates=50"))
    assert spec.mixtures == ((ENGLISH, SWAHILI),)
    assert [entry.name for entry in spec.treatments] == ["monolingual", "untreated"]
    assert spec.pretraining.updates == 50
    assert spec.seeds == (0, 1, 2)


def test_tasks_and_seeds() -> None:
    args = arguments("--tasks", "ner, pos", "--seeds", "5")
    spec = audit_spec("a", [(ENGLISH, SWAHILI)], args)
    assert spec.tasks == ("ner", "pos")
    assert len(spec.seeds) == 5


def test_one_language_is_refused() -> None:
    with pytest.raises(InputError, match="two languages or more"):
        audit_spec("a", [(ENGLISH,)], arguments())


@pytest.mark.parametrize("text", ["updates=0", "updates=-5", "steps=3", "updates=", "2000"])
def test_bad_budgets(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="updates=N"):
        Budget.parse(text)
