import torch

import toys
from isogloss.objectives import LanguageLosses
from isogloss.training import PlainEngine, WeightedSum


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
