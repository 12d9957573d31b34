import numpy as np
import pytest
import torch

import toys
from isogloss.treatments.loss_weights.famo import FAMOWeighting
from unit.treatments.directions import directions, weights_of


def test_the_language_that_fell_least_comes_to_weigh_more() -> None:
    rule = FAMOWeighting().start(toys.context(toys.plan()))
    first = rule.weights(np.array([2.0, 2.0]), [0, 1])
    for _ in range(5):
        rule.weights(np.array([2.0, 2.0]), [0, 1])
        rule.after(np.array([1.9, 1.5]), [0, 1])
    now = rule.weights(np.array([2.0, 2.0]), [0, 1])
    assert first == pytest.approx([0.5, 0.5])
    assert now[0] > 0.5 and now.sum() == pytest.approx(1.0)


def test_weights_are_inverse_to_losses_at_the_start() -> None:
    rule = FAMOWeighting().start(toys.context(toys.plan()))
    assert rule.weights(np.array([1.0, 3.0]), [0, 1]) == pytest.approx([0.75, 0.25])
    assert rule.weights(np.array([3.0]), [1]) == pytest.approx([1.0])


def test_torchjd_learns_the_same_weights() -> None:
    scalarization = pytest.importorskip("torchjd.scalarization", reason="the extra is missing")
    theirs, ours = scalarization.FAMO(2), FAMOWeighting().start(toys.context(toys.plan()))
    rng = np.random.default_rng(0)
    for _ in range(10):
        before, after = rng.random(2) + 0.5, rng.random(2) + 0.5
        values = torch.tensor(before, dtype=torch.float32, requires_grad=True)
        theirs(values).backward()
        weights = ours.weights(before, [0, 1])
        assert values.grad.tolist() == pytest.approx(weights.tolist(), rel=1e-3)
        theirs.update(torch.tensor(after, dtype=torch.float32))
        ours.after(after, [0, 1])


def test_state_goes_over() -> None:
    one, other = (FAMOWeighting().start(toys.context(toys.plan())) for _ in range(2))
    one.weights(np.array([1.0, 2.0]), [0, 1])
    one.after(np.array([0.5, 1.9]), [0, 1])
    other.load_state(one.state())
    losses = np.array([1.0, 1.0])
    np.testing.assert_array_equal(one.weights(losses, [0, 1]), other.weights(losses, [0, 1]))


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
