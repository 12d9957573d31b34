import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from isogloss.core import InputError
from isogloss.gradients.rows import Grouping, Rows


def test_rows_are_sorted_by_group_and_the_rest_left_out() -> None:
    grouping = Grouping.of([1, -1, 0, 1], 3)
    values = torch.tensor([[1.0], [2.0], [3.0], [4.0]])
    assert [part.flatten().tolist() for part in grouping.parts(values)] == [[3.0], [1.0, 4.0], []]
    assert grouping.sums(values).flatten().tolist() == [3.0, 5.0, 0.0]


def test_sorted_rows_need_no_gathering() -> None:
    assert Grouping.of([0, 0, 1], 2).order is None
    assert Grouping.of([0, 0, -1], 1).order is not None


def test_outputs_are_told_apart_by_their_shape() -> None:
    rows = Rows([0, 0, 1], [0, 0, 1, 2, 2])
    assert rows.grouping(torch.zeros(3, 7, 2)).counts == (2, 1)
    assert rows.grouping(torch.zeros(3, 2)).counts == (2, 1)
    assert rows.grouping(torch.zeros(5, 2)).counts == (3, 2)
    for shape in ((1, 7, 2), (5, 7, 2), (4, 2), (3,), ()):
        assert rows.grouping(torch.zeros(shape)) is None


def test_as_many_targets_as_rows_are_targets_in_two_axes_and_rows_in_three() -> None:
    rows = Rows([0, 0, 1], [2, 2, 0])
    assert rows.grouping(torch.zeros(3, 2)).counts == (1, 2)
    assert rows.grouping(torch.zeros(3, 7, 2)).counts == (2, 1)


def test_halves_alternate_within_a_language() -> None:
    rows = Rows([4, 2, 4, 2, 4], halves=True)
    assert rows.languages == (2, 4)
    values = torch.arange(5.0).view(5, 1, 1)
    parts = rows.grouping(values).parts(values)
    assert [part.flatten().tolist() for part in parts] == [[1.0], [3.0], [0.0, 4.0], [2.0]]
    assert rows.shares == pytest.approx((1 / 2, 1 / 2, 2 / 3, 1 / 3))


def test_shares_are_those_of_the_targets() -> None:
    assert Rows([0, 0], [0, 0, 0, 1], halves=True).shares == (0.75, 0.25)


def test_one_row_cannot_be_halved() -> None:
    with pytest.raises(InputError, match=r"two sequences of each language.*1 of language 7"):
        Rows([3, 3, 7], halves=True)


def test_no_row_of_any_group_is_no_error() -> None:
    grouping = Grouping.of([-1, -1], 2)
    assert [len(part) for part in grouping.parts(torch.ones(2, 3))] == [0, 0]
    assert grouping.sums(torch.ones(2, 3)).tolist() == [[0.0] * 3] * 2


@given(st.lists(st.integers(-1, 3), min_size=1, max_size=12))
def test_every_row_is_in_the_part_of_its_group_and_in_its_sum(groups: list[int]) -> None:
    """In the order of the batch; rows of no group are in none, and a group may have no row."""
    values = torch.arange(2.0 * len(groups)).view(-1, 2)
    grouping = Grouping.of(groups, 4)
    by_hand = [[row for row, group in enumerate(groups) if group == index] for index in range(4)]
    assert grouping.counts == tuple(map(len, by_hand))
    for part, rows in zip(grouping.parts(values), by_hand, strict=True):
        assert torch.equal(part, values[rows])
    sums = torch.stack([values[rows].sum(0) for rows in by_hand])
    assert torch.equal(grouping.sums(values), sums)


@given(st.lists(st.integers(0, 3), min_size=1, max_size=10), st.data())
def test_targets_have_the_groups_of_their_rows(language: list[int], data: st.DataObject) -> None:
    """A head that runs on picked targets is split as the rows that they were picked from."""
    row = data.draw(st.lists(st.integers(0, len(language) - 1), min_size=1, max_size=15))
    rows = Rows(language, row)
    of_targets = rows.grouping(torch.zeros(len(row), 5))
    if len(row) != len(language):
        assert rows.grouping(torch.zeros(len(language), 2, 5)).counts == tuple(
            language.count(index) for index in rows.languages
        )
    picked = [language[place] for place in row]
    assert of_targets.counts == tuple(picked.count(index) for index in rows.languages)
    assert rows.shares == (1.0,) * len(rows.languages)
