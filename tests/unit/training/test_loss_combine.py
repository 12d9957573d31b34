import math

import pytest
import torch

import toys
from isogloss.core import TrainingError
from isogloss.objectives import LanguageLosses
from isogloss.training import LossCombine, PlainEngine, WeightedSum
from isogloss.training.loss_combine import RunningLossCombine, global_means
from isogloss.treatments.loss_weights.static_weights import StaticWeighting
from isogloss.treatments.loss_weights.uncertainty_weighting import LearnedVariances


def started(policy: str = "stop") -> RunningLossCombine:
    rule = LossCombine(StaticWeighting(0.0), policy)  # type: ignore[arg-type]
    return rule.build(toys.context(toys.plan()))


def backward(rule: RunningLossCombine, factors: list[float]) -> torch.nn.Module:
    model = torch.nn.Linear(2, 1, bias=False)
    torch.nn.init.ones_(model.weight)
    x = torch.eye(2)
    total = model(x).squeeze(1) * torch.tensor(factors)
    rule._present = [0, 1]  # what `watching` notes
    rule.backward(LanguageLosses(total, torch.tensor([2.0, 4.0])), model, PlainEngine("fp32"))
    return model


def test_the_gradient_is_that_of_the_weighted_means() -> None:
    assert backward(started(), [1.0, 1.0]).weight.grad.tolist() == [[0.25, 0.125]]


def test_means_are_over_the_global_batch() -> None:
    losses = LanguageLosses(torch.tensor([1.0, 0.0]), torch.tensor([4.0, 0.0]))
    means = global_means(losses, PlainEngine("fp32"))
    assert means[0] == 0.25 and math.isnan(means[1])


def test_a_loss_that_is_not_finite_is_named_or_skipped() -> None:
    with pytest.raises(TrainingError, match="loss of swa-Latn is not finite"):
        backward(started(), [1.0, math.nan])
    rule = started("skip")
    assert backward(rule, [1.0, math.inf]).weight.grad is None
    assert rule.metrics() == {"skipped_updates": 1.0}


def test_weights_are_logged_by_language() -> None:
    rule = started()
    backward(rule, [1.0, 1.0])
    assert rule.metrics() == {"weight/eng-Latn": 0.5, "weight/swa-Latn": 0.5}


def test_state_is_that_of_the_weighting() -> None:
    one = LossCombine(LearnedVariances()).build(toys.context(toys.plan()))
    backward(one, [1.0, 2.0])
    other = LossCombine(LearnedVariances()).build(toys.context(toys.plan()))
    other.load_state(one.state())
    assert toys.same_bits(one.state(), other.state())


def test_the_gradient_is_that_of_the_mean_loss() -> None:
    """Five targets of one language and three of another: the mean over eight, not over two."""
    weight = torch.nn.Parameter(torch.randn(4))
    inputs, language = torch.randn(8, 4), torch.tensor([0] * 5 + [1] * 3)
    each = (inputs @ weight).square()
    [mean_gradient] = torch.autograd.grad(each.mean(), [weight], retain_graph=True)

    total = torch.zeros(3).index_add(0, language, each)
    losses = LanguageLosses(total, torch.tensor([5.0, 3.0, 0.0]))
    WeightedSum().build(toys.context(toys.plan())).backward(
        losses, torch.nn.Module(), PlainEngine("fp32")
    )
    assert torch.allclose(weight.grad, mean_gradient)
