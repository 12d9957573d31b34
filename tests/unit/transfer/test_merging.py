import pytest
import torch
from torch import Tensor
from torch.nn.functional import gelu

from isogloss.core import InputError
from isogloss.transfer.merging import merged, nothing_like, uniform_average, widened

Weights = dict[str, Tensor]


def adapter(seed: int, width: int = 4) -> Weights:
    generator = torch.Generator().manual_seed(seed)
    shapes = {"down": (width, 8), "down_bias": (width,), "up": (8, width), "up_bias": (8,)}
    return {f"layer_0.{name}": torch.randn(s, generator=generator) for name, s in shapes.items()}


def change(weights: Weights, z: Tensor) -> Tensor:
    w1, c1, w2, c2 = weights.values()
    return gelu(z @ w1.T + c1) @ w2.T + c2


@pytest.fixture
def z() -> Tensor:
    return torch.randn(5, 8, generator=torch.Generator().manual_seed(9))


def test_the_uniform_average_is_the_mean_of_the_outputs(z: Tensor) -> None:
    members = [adapter(1), adapter(2, 6), adapter(3)]
    one = merged(members, "uniform_average")
    assert one["layer_0.down"].shape == (14, 8)
    mean = torch.stack([change(weights, z) for weights in members]).mean(0)
    assert torch.allclose(change(one, z), mean, atol=1e-6)


def test_the_weight_average_is_the_mean_of_the_parameters(z: Tensor) -> None:
    first, second = adapter(1), adapter(2)
    one = merged([first, second], "weight_average")
    assert torch.allclose(one["layer_0.up"], (first["layer_0.up"] + second["layer_0.up"]) / 2)
    both = merged([first, second], "uniform_average")
    assert not torch.allclose(change(one, z), change(both, z), atol=1e-3)


@pytest.mark.parametrize("operator", ["uniform_average", "weight_average"])
def test_an_adapter_in_its_own_company_is_itself_to_the_last_bit(operator: str, z: Tensor) -> None:
    one = adapter(1)
    assert torch.equal(change(merged([one, one, one], operator), z), change(one, z))


def test_a_member_that_is_there_twice_has_twice_the_share(z: Tensor) -> None:
    first, second = adapter(1), adapter(2)
    one = change(merged([first, first, second], "uniform_average"), z)
    wanted = (2 * change(first, z) + change(second, z)) / 3
    assert torch.allclose(one, wanted, atol=1e-6)
    given = uniform_average([(first, 0.25), (second, 0.75)])
    assert torch.allclose(
        change(given, z), 0.25 * change(first, z) + 0.75 * change(second, z), atol=1e-6
    )


def test_wider_slots_and_the_baseline_compute_the_same_and_nothing(z: Tensor) -> None:
    slot = adapter(5, 10)
    assert torch.allclose(change(widened(adapter(1), slot), z), change(adapter(1), z), atol=1e-6)
    assert torch.equal(change(nothing_like(slot), z), torch.zeros(5, 8))


def test_unknown_operators_are_refused() -> None:
    with pytest.raises(InputError, match="merge operator"):
        merged([adapter(1), adapter(2)], "fuse")
