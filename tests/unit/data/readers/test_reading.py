"""What a reading leaves out is counted and said once; what is broken is refused unless asked."""

import pytest

from isogloss.core import InputError
from isogloss.data.readers import Account, DataWarning, Reading


def error(found: str = "an empty one") -> InputError:
    return InputError(
        expected="two texts", found=found, where="x.tsv, line 3", next_step="Mend it."
    )


def test_nothing_to_say_says_nothing() -> None:
    Account("x.tsv", Reading()).close(3)


def test_all_broken_places_are_named_at_once() -> None:
    account = Account("x.tsv", Reading())
    for number in range(3, 15):
        account.broken(number, error())
    with pytest.raises(
        InputError, match=r"12 such places: line 3, .*12 and 2 more. Where: x.tsv, l"
    ):
        account.close(100)


def test_slips_are_skipped_on_request_and_counted() -> None:
    account = Account("x.tsv", Reading(skip=True), place="row")
    account.broken(3, error())
    with pytest.warns(
        DataWarning, match=r"x.tsv: 1 of 60 examples were broken and skipped.*row 3;"
    ):
        account.close(59)


def test_a_file_more_broken_than_whole_is_no_slip() -> None:
    account = Account("x.tsv", Reading(skip=True))
    account.broken(3, error())
    with pytest.raises(InputError, match="More is broken than whole"):
        account.close(0)


def test_what_is_left_out_is_counted_by_reason() -> None:
    account = Account("x.tsv", Reading())
    account.leave_out("without a gold label", 7)
    with pytest.warns(
        DataWarning, match=r"1 of 10 examples without a gold label were left out: l.*7"
    ):
        account.close(9)


def test_classes_are_renamed_and_left_out() -> None:
    account = Account("x.tsv", Reading(renamed={"contradictory": "contradiction", "-": None}))
    assert account.label("contradictory") == "contradiction"
    assert account.label("-") is None
    assert account.label("neutral") == "neutral"
    account.close(3)


def test_label_numbers_get_names_and_then_new_names() -> None:
    account = Account("x.tsv", Reading(names=("neg", "pos")))
    assert [account.label(value) for value in ("0", "1", "2", "neg")] == ["neg", "pos", "2", "neg"]
    account.close(4)


def test_entity_types_and_whole_tags_are_renamed() -> None:
    renamed = {"PERSON": "PER", "I-MISC": "I-OTH", "DATE": "O", "NN": "NOUN"}
    account = Account("x.conll", Reading(renamed=renamed))
    tags = ["B-PERSON", "I-PERSON", "O", "I-MISC", "B-MISC", "B-DATE", "NN"]
    renamed_tags = ["B-PER", "I-PER", "O", "I-OTH", "B-MISC", "O", "NOUN"]
    assert [account.tag(tag) for tag in tags] == renamed_tags
    account.close(7)


def test_an_entry_that_meets_no_label_is_said() -> None:
    account = Account("x.tsv", Reading(renamed={"PERSON": "PER", "LOC": "PLACE"}))
    account.tag("B-LOC")
    with pytest.warns(DataWarning, match=r"maps `PERSON`, which is no label here; found `B-LOC`"):
        account.close(1)


def test_names_of_numbers_for_labels_that_are_none_are_refused() -> None:
    account = Account("x.tsv", Reading(names=("a", "b", "c")))
    account.label("positive")
    with pytest.raises(InputError, match=r"label numbers from 0 to 2.*Found the labels `positive`"):
        account.close(1)
