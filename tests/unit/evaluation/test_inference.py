import numpy as np
import pytest
import torch
from torch import nn

from isogloss.evaluation.inference import batches_by_length, inference, languages_of, padded


def test_each_module_gets_its_own_mode_back() -> None:
    model = nn.Sequential(nn.Dropout(), nn.Linear(2, 2))
    model.train()
    model[0].eval()
    with inference(model) as device:
        assert not any(module.training for module in model.modules())
        assert not model[1](torch.ones(1, 2)).requires_grad
    assert (model.training, model[0].training, model[1].training) == (True, False, True)
    assert device.type == "cpu"


def test_modes_come_back_after_an_error() -> None:
    model = nn.Linear(2, 2).train()
    with pytest.raises(RuntimeError, match="broken"), inference(model):
        raise RuntimeError("broken")
    assert model.training


def test_full_precision_whatever_surrounds_it() -> None:
    model = nn.Linear(2, 2)
    with torch.autocast("cpu", dtype=torch.bfloat16), inference(model):
        assert model(torch.ones(1, 2)).dtype == torch.float32


def test_a_model_can_be_trained_after_it_was_evaluated() -> None:
    model = nn.Linear(2, 1).train()
    with inference(model):
        model(torch.ones(1, 2))
    model(torch.ones(1, 2)).sum().backward()
    assert model.weight.grad is not None


def test_batches_hold_every_row_once_longest_first() -> None:
    lengths = [3, 9, 1, 9, 4]
    batches = list(batches_by_length(lengths, 2))
    assert [batch.tolist() for batch in batches] == [[1, 3], [4, 0], [2]]
    assert list(batches_by_length([], 2)) == []


def test_padding_and_its_mask() -> None:
    ids, mask = padded([[5, 6, 7], [8]], pad_id=0)
    assert ids.tolist() == [[5, 6, 7], [8, 0, 0]]
    assert mask is not None
    assert mask.tolist() == [[1, 1, 1], [1, 0, 0]]


def test_rows_of_one_length_need_no_mask() -> None:
    ids, mask = padded([[5, 6], [7, 8]], pad_id=0)
    assert mask is None
    assert ids.dtype == torch.int64
    assert np.array_equal(ids.numpy(), [[5, 6], [7, 8]])


def test_the_languages_of_chosen_rows() -> None:
    assert languages_of(2, [0, 1, 2]).tolist() == [2, 2, 2]
    assert languages_of([5, 6, 7], [2, 0]).tolist() == [7, 5]
