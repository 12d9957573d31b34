import pytest
import torch

from isogloss.core import InputError
from isogloss.data import Routing, Runs


def test_grouped_rows_keep_their_order() -> None:
    routing = Routing.of(torch.tensor([2, 2, 0, 1, 1]))
    assert routing == Routing((2, 0, 1), (2, 1, 2), None)


def test_mixed_rows_are_sorted_stably() -> None:
    routing = Routing.of([1, 0, 1, 0])
    assert routing.order is not None
    assert routing.order.tolist() == [1, 3, 0, 2]
    assert (routing.languages, routing.counts) == ((0, 1), (2, 2))


@pytest.mark.parametrize("language", [[2, 2, 0, 1, 1], [1, 0, 1, 0, 2]])
def test_what_is_picked_has_the_languages_of_its_rows(language: list[int]) -> None:
    rows = torch.tensor([4, 0, 0, 3, 2])
    found = Routing.of(language).at(rows)
    expected = Routing.of([language[row] for row in rows.tolist()])
    assert (found.languages, found.counts) == (expected.languages, expected.counts)
    assert str(found.order) == str(expected.order)


def test_no_rows() -> None:
    assert Routing.of([]).counts == ()


def test_neighbours_that_share_a_slot_become_one_run() -> None:
    routing = Routing((0, 1, 2), (2, 3, 4), None)
    assert routing.runs((0, 0, 1)) == Runs((0, 1), (5, 4))
    assert routing.runs((0, 1, 0)) == Runs((0, 1, 0), (2, 3, 4))
    assert routing.runs((0, 0, 0)) == Runs((0,), (9,))


def test_runs_know_their_shortcuts() -> None:
    assert Runs((1, 2, 3), (4, 4, 4)).equal
    assert Runs((1, 2, 3), (4, 4, 4)).consecutive
    assert not Runs((2, 1), (4, 3)).equal
    assert not Runs((2, 1), (4, 3)).consecutive


def test_the_index_made_in_inference_mode_serves_training() -> None:
    runs = Runs((97, 12), (1, 1))
    with torch.inference_mode():
        runs.slot_index(torch.device("cpu"))
    assert not runs.slot_index(torch.device("cpu")).is_inference()


@pytest.mark.parametrize(("language", "n_rows"), [([0, 1], 3), ([0, 5], 2), ([-1, 0], 2)])
def test_wrong_languages_are_refused(language: list[int], n_rows: int) -> None:
    with pytest.raises(InputError, match="`language` of the batch"):
        Routing.of(language).check(n_rows, 3)


@pytest.mark.parametrize("language", [[2, 2, 0, 1, 1], [0, 0, 0], [1], [1, 0, 1, 0, 2]])
def test_what_is_picked_in_order_is_grouped_as_row_by_row(language: list[int]) -> None:
    generator = torch.Generator().manual_seed(0)
    for n in (0, 1, 3, 20):
        rows = torch.randint(len(language), (n,), generator=generator).sort().values
        found = Routing.of(language).at(rows)
        expected = Routing.of([language[row] for row in rows.tolist()])
        assert (found.languages, found.counts) == (expected.languages, expected.counts)
        assert str(found.order) == str(expected.order)
