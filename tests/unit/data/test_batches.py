import dataclasses
from typing import Any

import pytest
import torch

from isogloss.data.batches import Batch
from isogloss.data.routing import Routing


def a_batch(**changes: Any) -> Batch:
    whole = Batch(
        torch.arange(12).reshape(4, 3),
        torch.ones(4, 3, dtype=torch.int64),
        torch.tensor([0, 0, 1, 2]),
        torch.full((4, 3), -100),
    )
    return dataclasses.replace(whole, **changes)


def test_select_takes_the_same_rows_of_every_tensor() -> None:
    part = a_batch().select(torch.tensor([2, 0]))
    assert part.input_ids.tolist() == [[6, 7, 8], [0, 1, 2]]
    assert part.language.tolist() == [1, 0]
    assert part.attention_mask.shape == part.labels.shape == (2, 3)


def test_select_accepts_a_slice_and_a_mask() -> None:
    whole = a_batch()
    assert whole.select(slice(1, 3)).language.tolist() == [0, 1]
    assert whole.select(whole.language == 0).input_ids.tolist() == [[0, 1, 2], [3, 4, 5]]


def test_what_is_absent_stays_absent() -> None:
    bare = a_batch(attention_mask=None, labels=None)
    for changed in (bare.select(slice(2)), bare.to("cpu"), bare.to("meta")):
        assert changed.attention_mask is None
        assert changed.labels is None


def test_to_moves_every_tensor_but_the_languages() -> None:
    moved = a_batch().to("meta")
    tensors = (moved.input_ids, moved.attention_mask, moved.labels)
    assert {tensor.device.type for tensor in tensors} == {"meta"}
    assert moved.language.device.type == "cpu"


def test_it_knows_which_rows_belong_to_which_language() -> None:
    assert a_batch().to("meta").routing == Routing((0, 1, 2), (2, 1, 1), None)
    mixed = a_batch(language=torch.tensor([1, 0, 1, 0])).routing
    assert mixed.order is not None and mixed.order.tolist() == [1, 3, 0, 2]


def test_a_batch_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        a_batch().labels = None
