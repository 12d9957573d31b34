"""A finished study says what it was tested with."""

import dataclasses
from pathlib import Path

import pytest

from isogloss.core import InputError
from isogloss.study import Prepared
from isogloss.study.results.about import write_spec
from isogloss.study.results.same_test import (
    Provenance,
    refuse_other_examples,
    refuse_other_tests,
)
from unit.study import toys

NUMBER = {"task": "pos", "target_language": "qaa-Latn"}


@pytest.fixture
def said(prepared: Prepared, study: Path) -> Provenance:
    write_spec(toys.spec(tasks=["pos"]), dataclasses.replace(prepared, folder=study))
    return Provenance.read(study)


def test_what_a_study_writes_is_read(said: Provenance, prepared: Prepared) -> None:
    assert said.tokenizer == prepared.tokenizer.fingerprint
    assert (said.vocabulary_size, said.length, said.scored_on) == (400, 24, "test")
    assert {"text/qaa-Latn/test", "parallel/qab-Latn/test", "pos/qab-Latn/test"} <= set(said.data)


def test_the_same_is_not_refused(said: Provenance) -> None:
    refuse_other_tests(said, said)
    for task in ("masked_lm", "pos"):
        refuse_other_examples(said, said, {**NUMBER, "task": task})
    retrieval = {"task": "retrieval", "target_language": "qab-Latn"}
    refuse_other_examples(said, said, retrieval)


def test_a_number_that_nobody_fingerprinted(said: Provenance) -> None:
    with pytest.raises(InputError, match="fingerprint of the ner test data"):
        refuse_other_examples(said, said, {**NUMBER, "task": "ner"})
