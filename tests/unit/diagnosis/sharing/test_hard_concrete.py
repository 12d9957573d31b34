import math

import pytest
import torch

from isogloss.diagnosis.sharing.hard_concrete import (
    GAMMA,
    LARGEST,
    TEMPERATURE,
    ZETA,
    expected_density,
    held_at,
    logit_of_drop,
    open_probability,
    resting_gates,
    sample_gates,
)

PI = torch.tensor([-3.0, 0.0, 3.0], dtype=torch.float64)


def test_values_of_the_specification() -> None:
    assert open_probability(PI).tolist() == pytest.approx([0.198, 0.832, 0.990], abs=5e-4)
    assert resting_gates(PI).tolist() == pytest.approx([0, 0.5, 1])
    u = (torch.arange(200_000, dtype=torch.float64) + 0.5) / 200_000
    assert sample_gates(torch.zeros_like(u), u).mean() == pytest.approx(0.5, abs=1e-6)


@pytest.mark.parametrize("temperature", [TEMPERATURE, 1.0])
@pytest.mark.parametrize("pi", PI.tolist())
def test_probability_is_that_of_the_samples(pi: float, temperature: float) -> None:
    u = (torch.arange(400_000, dtype=torch.float64) + 0.5) / 400_000
    z = sample_gates(torch.full_like(u, pi), u, temperature)
    expected = float(open_probability(torch.tensor(pi, dtype=torch.float64), temperature))
    assert float((z > 0).double().mean()) == pytest.approx(expected, abs=1e-5)
    assert float(z.min()) >= 0
    assert float(z.max()) <= 1


def test_stretched_limits() -> None:
    ends = torch.tensor([-40.0, 40.0], dtype=torch.float64)
    assert resting_gates(ends).tolist() == [0.0, 1.0]
    u = torch.tensor([0.0, 1.0], dtype=torch.float64)
    assert sample_gates(torch.zeros(2, dtype=torch.float64), u).tolist() == [0.0, 1.0]
    # A gate at rest leaves 0 where sigmoid(pi) (zeta - gamma) = -gamma: at log(1/11).
    edge = math.log(-GAMMA / ZETA)
    around = torch.tensor([edge - 1e-6, edge + 1e-6], dtype=torch.float64)
    assert (resting_gates(around) > 0).tolist() == [False, True]


def test_gradients_are_those_of_the_formulas() -> None:
    pi = PI.clone().requires_grad_(True)
    (chance,) = torch.autograd.grad(open_probability(pi).sum(), pi)
    p = open_probability(PI)
    assert torch.allclose(chance, p * (1 - p), atol=1e-12)
    u = torch.tensor([0.9, 0.4, 0.1], dtype=torch.float64)
    (slope,) = torch.autograd.grad(sample_gates(pi, u).sum(), pi)
    s = torch.sigmoid((torch.log(u / (1 - u)) + PI) / TEMPERATURE)
    inside = (s * (ZETA - GAMMA) + GAMMA > 0) & (s * (ZETA - GAMMA) + GAMMA < 1)
    assert inside.any()
    assert torch.allclose(slope, (ZETA - GAMMA) * s * (1 - s) / TEMPERATURE * inside, atol=1e-12)
    step = 1e-6
    numeric = (sample_gates(PI + step, u) - sample_gates(PI - step, u)) / (2 * step)
    assert torch.allclose(slope, numeric, atol=1e-8)


def test_density_weighs_by_size() -> None:
    logits = torch.tensor([[50.0, -50.0], [-50.0, 50.0]], dtype=torch.float64)
    sizes = torch.tensor([1.0, 3.0], dtype=torch.float64)
    assert expected_density(logits, sizes).tolist() == pytest.approx([0.25, 0.75])


def test_first_logit_drops_what_was_asked() -> None:
    assert logit_of_drop(0.5) == 0
    assert torch.sigmoid(torch.tensor(logit_of_drop(0.05))).item() == pytest.approx(0.95)


@pytest.mark.parametrize("density", [0.1, 0.5, 0.9])
def test_all_gates_move_alike_until_a_density_is_met(density: float) -> None:
    generator = torch.Generator().manual_seed(1)
    logits = torch.randn((3, 500), generator=generator, dtype=torch.float64) - 1
    sizes = torch.rand(500, generator=generator, dtype=torch.float64)
    found = held_at(logits, sizes, density)
    assert expected_density(found, sizes).tolist() == pytest.approx([density] * 3, abs=1e-6)
    inside = found.abs() < LARGEST
    shift = (found - logits).masked_fill(~inside, torch.nan)
    assert all(row[~row.isnan()].std() < 1e-9 for row in shift)
    assert torch.allclose(held_at(found, sizes, density), found, atol=1e-6), "and stay there"
