"""Rows without a gold label are left out and counted; blank texts are refused together."""

import pytest

from isogloss.core import InputError
from isogloss.data.readers import Account, ClassifiedText, DataWarning, LabelledRows, Reading
from isogloss.data.readers.labelled import are_no_classes


def error(number: int, expected: str, found: str, next_step: str) -> InputError:
    return InputError(expected=expected, found=found, where=f"line {number}", next_step=next_step)


def rows(*labels: object, reading: Reading | None = None) -> LabelledRows:
    gathered = LabelledRows(Account("x.tsv", reading or Reading()), error)
    for number, label in enumerate(labels, start=1):
        gathered.add(number, f"text {number}", None, label)
    return gathered


@pytest.mark.parametrize(
    "label", ["-", "-1", "", " ", "nan", "NULL", "n/a", None, -1, float("nan")]
)
def test_a_row_without_gold_label_is_left_out_and_counted(label: object) -> None:
    with pytest.warns(DataWarning, match=r"1 of 4 examples without a gold label.*line 2"):
        examples = rows("b", label, "c", "b").close()
    assert [example.label for example in examples] == ["b", "c", "b"]


def test_most_rows_without_labels_are_refused() -> None:
    with pytest.raises(InputError, match=r"2 of 3 without one \(`-`, ``\)"):
        rows("a", "-", "").close()


def test_minus_one_may_be_a_class() -> None:
    with pytest.raises(InputError, match=r"Found `-1`, `0`, `1`. .*labels: {\"-1\": negative}"):
        rows("-1", "0", "1", "1").close()
    named = rows("-1", "0", "1", reading=Reading(renamed={"-1": "negative"})).close()
    assert [example.label for example in named] == ["negative", "0", "1"]
    with pytest.warns(DataWarning, match="1 of 3 examples labelled `-1` were left out"):
        assert len(rows("-1", "0", "1", reading=Reading(renamed={"-1": None})).close()) == 2


def test_numbers_are_named_also_as_floating_point() -> None:
    named = rows(0, "1", 1.0, reading=Reading(names=("no", "yes"))).close()
    assert [example.label for example in named] == ["no", "yes", "yes"]
    with pytest.raises(InputError, match=r"a label number from 0 to 1. Found `2`"):
        rows(0, 2, reading=Reading(names=("no", "yes"))).close()


@pytest.mark.parametrize(("text", "pair"), [("a", " "), ("", "b"), (None, "b"), (3, "b")])
def test_blank_pairs_are_named_together_or_skipped(text: object, pair: object) -> None:
    gathered = LabelledRows(Account("x.tsv", Reading()), error)
    skipping = LabelledRows(Account("x.tsv", Reading(skip=True)), error)
    for number in range(1, 6):
        for one in (gathered, skipping):
            one.add(number, *((text, pair) if number in {2, 4} else ("a", "b")), "x")
    with pytest.raises(InputError, match=r"two texts. Found .*; 2 such places: line 2, 4. Where"):
        gathered.close()
    with pytest.warns(DataWarning, match="2 of 5 examples were broken and skipped"):
        assert skipping.close() == [ClassifiedText("a", "b", "x")] * 3


def test_labels_that_hardly_repeat_are_no_classes() -> None:
    texts = [ClassifiedText("a", None, f"text {n}") for n in range(20)]
    assert are_no_classes(texts) and not are_no_classes(texts[:19])
    assert not are_no_classes([ClassifiedText("a", None, str(n % 10)) for n in range(20)])
