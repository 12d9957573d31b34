import pytest
import torch

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
