"""A card says which kind of data each split is read from, and what a task is scored by."""

from dataclasses import replace
from pathlib import Path

import pytest

from isogloss.core import METRICS, InputError, Language
from isogloss.data import TASKS, open_source, task_card


def test_every_card_stands_under_its_name() -> None:
    assert {name: card.name for name, card in TASKS.items()} == {name: name for name in TASKS}


def test_test_data_are_those_of_training_unless_another_set_is_named() -> None:
    card = TASKS["pos"]
    assert {card.kind_of(split) for split in ("train", "dev", "test")} == {"pos"}
    other = replace(card, test_kind="pos.pud")
    assert [other.kind_of(split) for split in ("train", "dev", "test")] == ["pos", "pos", "pos.pud"]


def test_questions_are_scored_by_two_metrics() -> None:
    assert TASKS["qa"].metrics == ("qa_f1", "qa_em")
    assert set(TASKS["qa"].metrics) <= set(METRICS)


def test_pairs_of_pawsx_are_read_with_their_labels(tmp_path: Path) -> None:
    lines = [
        "id\tsentence1\tsentence2\tlabel",
        "1\tThe river runs north.\tNorth runs the river.\t1",
        "2\tShe told him.\tHe told her.\t0",
    ]
    (tmp_path / "nli").mkdir()
    (tmp_path / "nli" / "en.pawsx.train.tsv").write_text("\n".join(lines), encoding="utf-8")
    kind = task_card("paraphrase").kind_of("train")
    found = open_source(str(tmp_path)).classified(kind, Language.parse("en"), "train")
    assert [(one.text, one.pair, one.label) for one in found] == [
        ("The river runs north.", "North runs the river.", "1"),
        ("She told him.", "He told her.", "0"),
    ]


def test_it_is_pos_with_another_score() -> None:
    assert TASKS["pos_xtreme"].kind == TASKS["pos"].kind
    assert TASKS["pos_xtreme"].metrics == ("pos_f1", "pos_accuracy")
    assert set(TASKS["pos_xtreme"].metrics) <= set(METRICS)
    assert task_card("pos_xtreme.pud").kind == "pos.pud"


@pytest.mark.parametrize("name", TASKS)
def test_a_plain_name_is_the_task_itself(name: str) -> None:
    assert task_card(name) == TASKS[name]


def test_a_set_is_read_in_all_splits() -> None:
    card = task_card("ner.hiner")
    assert {card.kind_of(split) for split in ("train", "dev", "test")} == {"ner.hiner"}
    assert (card.name, card.metric, card.form) == ("ner.hiner", "entity_f1", "token_classification")


@pytest.mark.parametrize(
    ("train", "test"), [("pos", "pos.pud"), ("pos.pud", "pos"), ("pos.a", "pos.b")]
)
def test_trained_on_one_set_tested_on_another(train: str, test: str) -> None:
    card = task_card(task_card(train, test).name)
    assert [card.kind_of(split) for split in ("train", "dev", "test")] == [train, train, test]


def test_a_task_may_read_a_set_of_another_kind() -> None:
    """Paraphrases lie beside the pairs of inference, as data of the same form."""
    card = task_card("paraphrase", "paraphrase.ours")
    assert card.name == "paraphrase-on-paraphrase.ours"
    assert [card.kind_of(split) for split in ("train", "test")] == ["nli.pawsx", "nli.ours"]


@pytest.mark.parametrize(
    "name", ["", "poss", "pos.", "pos-on-ner", "pos-on-", "pos.a.b", "ner-on-pos.pud", ".pud"]
)
def test_what_is_no_task_is_refused(name: str) -> None:
    if name == "pos-on-":
        assert task_card(name).kind_of("test") == "pos"
        return
    with pytest.raises(InputError):
        task_card(name)
