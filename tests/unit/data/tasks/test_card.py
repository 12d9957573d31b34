"""A card says which kind of data each split is read from."""

from dataclasses import replace

from isogloss.data.tasks import TASKS


def test_test_data_are_those_of_training_unless_another_set_is_named() -> None:
    card = TASKS["pos"]
    assert {card.kind_of(split) for split in ("train", "dev", "test")} == {"pos"}
    other = replace(card, test_kind="pos.pud")
    assert [other.kind_of(split) for split in ("train", "dev", "test")] == ["pos", "pos", "pos.pud"]
