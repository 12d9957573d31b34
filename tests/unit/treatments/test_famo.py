import pytest
import torch

from unit.treatments.directions import directions, weights_of


def test_the_direction_divides_by_the_losses() -> None:
    found = directions("famo")
    one = found.training
    targets = one.objective.prepare(one.sampler.batch(0), 0)
    means = one.objective.losses(one.model, targets).mean.detach().double()
    expected = (1 / means) / (1 / means).sum()
    torch.testing.assert_close(weights_of(found), expected, rtol=1e-3, atol=0)


def test_the_claim_who_fell_least_comes_to_weigh_more() -> None:
    """The weighting is shown the losses of the same batch after the step, by the step itself."""
    import toys
    from isogloss.treatments import build_treatment

    one = toys.training(build_treatment("famo", {"learning_rate": 0.5}).apply(toys.plan()))
    batch = one.sampler.batch(0)
    before = one.step.update(0, batch).mean
    targets = one.objective.prepare(batch, 0)
    after = one.objective.losses(one.model, targets).mean.detach()
    fell = (before.log() - after.log()).tolist()
    logits = one.combine.state()["values"].tolist()
    assert (logits[0] > logits[1]) == (fell[0] < fell[1])
    assert one.plan.passes == pytest.approx(4 / 3)
