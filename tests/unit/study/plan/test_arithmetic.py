import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from isogloss.models import create_model, model_size
from isogloss.study.plan.arithmetic import forward_pass, memory_mb, n_parameters, update
from unit.models.toys import LANGUAGES, ToyVocabulary

SHAPE = {"rows": 4.0, "length": 16.0, "predicted": 1.0}


@pytest.mark.parametrize("preset", ["micro", "mini", "paper"])
def test_operations_are_those_that_pytorch_counts(preset: str) -> None:
    model = create_model(preset, tokenizer=ToyVocabulary(), languages=LANGUAGES, seed=0).eval()
    ids = torch.randint(5, 99, (4, 16))
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        model(ids, None, torch.zeros(4, dtype=torch.long), torch.arange(64))
    counted = forward_pass(model_size(preset), 100, **SHAPE).gigaflops
    assert counted == pytest.approx(counter.get_total_flops() / 1e9, rel=0.05)


@pytest.mark.parametrize("preset", ["micro", "tiny", "paper"])
def test_parameters_are_counted(preset: str) -> None:
    model = create_model(preset, tokenizer=ToyVocabulary(), languages=LANGUAGES, seed=0)
    exact = sum(parameter.numel() for parameter in model.parameters())
    assert n_parameters(model_size(preset), 100) == pytest.approx(exact, rel=0.02)


def test_an_update_is_three_forward_passes() -> None:
    size = model_size("tiny")
    one, three = forward_pass(size, 100, **SHAPE), update(size, 100, **SHAPE)
    assert three.gigaflops == pytest.approx(3 * one.gigaflops)
    assert three == one.times(3) == one.plus(one).plus(one)


def test_memory_grows_with_the_model_and_with_the_batch() -> None:
    small = memory_mb(model_size("micro"), 2000, rows=16, length=64, predicted=0.3)
    large = memory_mb(model_size("paper"), 2000, rows=16, length=64, predicted=0.3)
    longer = memory_mb(model_size("micro"), 2000, rows=64, length=128, predicted=0.3)
    assert 500 < small < longer < large < 2000
