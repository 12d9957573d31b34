import pytest
import torch
from torch import Tensor, nn

import toys
from isogloss.treatments.steps.slow_weights.weights import SlowWeights

# specification of Sequential Reptile, 2.8(5): weights, then bias, after 40 steps.
GOLDEN = {
    "carry": [-0.24252239, -0.15755696, -0.14244758, -0.20336858, 0.12161530, -0.29919610],
    "reset": [-0.23623480, -0.15606659, -0.13482540, -0.19081661, 0.13549259, -0.28412551],
}


def regression() -> tuple[nn.Linear, list[tuple[Tensor, Tensor]], list[int]]:
    """Three regressions with five inputs, a linear model and 40 draws of one of the three."""
    data = []
    for task in range(3):
        generator = torch.Generator().manual_seed(task)
        inputs = torch.randn(16, 5, generator=generator, dtype=torch.float64)
        data.append((inputs, torch.randn(16, 1, generator=generator, dtype=torch.float64)))
    torch.manual_seed(1)
    model = nn.Linear(5, 1, dtype=torch.float64)
    generator = torch.Generator().manual_seed(9)
    draws = [int(torch.randint(0, 3, (1,), generator=generator)) for _ in range(40)]
    return model, data, draws


def adamw(model: nn.Module) -> torch.optim.Optimizer:
    return torch.optim.AdamW(model.parameters(), lr=0.05)


def sgd(model: nn.Module, rate: float = 0.05) -> torch.optim.Optimizer:
    return torch.optim.SGD(model.parameters(), lr=rate)


def step(model: nn.Module, optimizer: torch.optim.Optimizer, data: tuple[Tensor, Tensor]) -> None:
    optimizer.zero_grad()
    nn.functional.mse_loss(model(data[0]), data[1]).backward()
    optimizer.step()


def walk(inner: int, eta: float, make=adamw, state: str = "carry") -> list[float]:
    """Return the weights and the bias after 40 steps with slow weights behind them."""
    model, data, draws = regression()
    optimizer = make(model)
    slow = SlowWeights(model.named_parameters(), eta)
    for number, task in enumerate(draws, start=1):
        step(model, optimizer, data[task])
        if number % inner == 0:
            slow.advance()
            optimizer = make(model) if state == "reset" else optimizer
    return torch.cat([model.weight[0], model.bias]).tolist()


@pytest.mark.parametrize("state", GOLDEN)
def test_golden_values(state: str) -> None:
    assert walk(10, 0.1, state=state) == pytest.approx(GOLDEN[state], abs=1e-8)


def test_with_rate_1_nothing_changes_to_the_last_bit() -> None:
    model, data, draws = regression()
    optimizer = adamw(model)
    for task in draws:
        step(model, optimizer, data[task])
    assert walk(10, 1.0) == torch.cat([model.weight[0], model.bias]).tolist()


def test_with_rate_0_the_slow_weights_never_move() -> None:
    model, _, _ = regression()
    assert walk(10, 0.0) == torch.cat([model.weight[0], model.bias]).tolist()


def test_one_inner_step_of_gradient_descent_is_a_shorter_step() -> None:
    model, data, draws = regression()
    optimizer = sgd(model, 0.3 * 0.05)
    for task in draws:
        step(model, optimizer, data[task])
    shorter = torch.cat([model.weight[0], model.bias]).tolist()
    assert walk(1, 0.3, sgd) == pytest.approx(shorter, abs=1e-12)


def test_the_mean_over_chains() -> None:
    weight = nn.Parameter(torch.tensor([1.0, 2.0]))
    slow = SlowWeights([("te", weight)], 0.5)
    for end in ([5.0, 2.0], [0.0, 0.0], [1.0, 7.0]):
        weight.data.copy_(torch.tensor(end))
        if end[1] < 7:
            slow.end_chain()
            assert weight.tolist() == [1.0, 2.0]
    slow.advance()
    assert weight.tolist() == [1.5, 2.5], "half-way to the mean of the ends, (2, 3)"
    weight.data.zero_()
    slow.advance()
    assert weight.tolist() == [0.75, 1.25], "earlier chains are forgotten"


def test_exchanged_for_a_while_and_back_even_after_an_error() -> None:
    weight = nn.Parameter(torch.ones(3))
    slow = SlowWeights([("w", weight)], 0.1)
    weight.data.mul_(1 / 3)
    theta = weight.detach().clone()
    with slow.exchanged():
        assert weight.tolist() == [1, 1, 1]
    assert torch.equal(weight, theta)
    with pytest.raises(KeyError), slow.exchanged():
        raise KeyError
    assert torch.equal(weight, theta)


def test_frozen_parameters_have_no_slow_weights() -> None:
    frozen = nn.Parameter(torch.ones(2), requires_grad=False)
    slow = SlowWeights([("frozen", frozen), ("ad", nn.Parameter(torch.ones(2)))], 0.1)
    assert set(slow.state()) == {"phi/ad", "n_chains"}


def test_weights_of_half_precision_have_slow_weights_in_full() -> None:
    """0.1 of a bf16 weight's last place would be rounded away, update after update."""
    weight = nn.Parameter(torch.ones(1, dtype=torch.bfloat16))
    slow = SlowWeights([("w", weight)], 0.1)
    for _ in range(20):
        weight.data.add_(2**-7)
        slow.advance()
    assert slow.state()["phi/w"].dtype == torch.float32
    assert weight.dtype == torch.bfloat16
    assert float(weight.detach()) > 1


@pytest.mark.parametrize("n_chains", [0, 2])
def test_state_goes_over_bit_by_bit(n_chains: int) -> None:
    first, second = (nn.Parameter(torch.randn(4)) for _ in range(2))
    left, right = SlowWeights([("w", first)], 0.3), SlowWeights([("w", second)], 0.3)
    for _ in range(n_chains):
        first.data.add_(1)
        left.end_chain()
    first.data.add_(0.1)
    second.data.copy_(first)
    right.load_state(left.state())
    assert toys.same_bits(left.state(), right.state())
    left.advance()
    right.advance()
    assert torch.equal(first, second)
