import torch

import toys
from isogloss.objectives import LanguageLosses, Targets
from isogloss.training import Training
from isogloss.treatments.steps.meta_adapters.functional_loss import (
    FunctionalLoss,
    mean_over_targets,
    sum_of_means,
)


def case() -> tuple[Training, FunctionalLoss, Targets]:
    one = toys.training(toys.plan())
    targets = one.objective.prepare(one.sampler.batch(0), 0)
    return one, FunctionalLoss(one.model, one.objective), targets


def test_under_its_own_parameters_a_model_has_its_own_losses() -> None:
    one, loss, targets = case()
    own = one.objective.losses(one.model, targets)
    found = loss.under(dict(one.model.named_parameters()), targets)
    assert torch.equal(found.total, own.total)


def test_other_parameters_do_what_they_would_do_in_the_model() -> None:
    one, loss, targets = case()
    moved = {name: value + 0.1 for name, value in one.model.named_parameters()}
    inside = loss.under(moved, targets).total
    assert not torch.equal(inside, one.objective.losses(one.model, targets).total)
    with torch.no_grad():
        for name, value in one.model.named_parameters():
            value.copy_(moved[name])
    assert torch.equal(inside, one.objective.losses(one.model, targets).total)


def test_reductions() -> None:
    losses = LanguageLosses(torch.tensor([6.0, 0.0, 2.0]), torch.tensor([3.0, 0.0, 1.0]))
    assert float(mean_over_targets(losses)) == 2.0
    assert float(sum_of_means(losses)) == 4.0
