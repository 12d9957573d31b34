"""Names of tasks say which sets they are trained and tested on."""

import pytest

from isogloss.core import InputError
from isogloss.data.tasks import TASKS, task_card


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
