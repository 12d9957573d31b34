import pytest
import torch
from torch import nn

import toys
from isogloss.core import InputError
from isogloss.treatments import Mixout, build_treatment
from isogloss.treatments.regularisation.mixout import MixoutStep
from unit.treatments.descent import Descent, started


def mixing(model: nn.Module, share: float = 0.7, **changes: float) -> tuple[Descent, object]:
    descent = Descent(**changes)
    context = toys.context(toys.plan())
    return descent, started(MixoutStep(descent, share).build(context), model)  # type: ignore[arg-type]


def layer(size: int = 4) -> nn.Linear:
    return nn.Linear(size, size, bias=False, dtype=torch.float64)


def test_claim_the_loss_grows_by_a_penalty_on_the_distance_in_the_mean() -> None:
    """Of ||w - goal||^2 / 2, in the mean: plus p / (1 - p) ||w - u||^2 / 2; the mean is w."""
    model, share = layer(300), 0.7
    descent, step = mixing(model, share, rate=0.0)
    u = model.weight.detach().clone()
    with torch.no_grad():
        model.weight.add_(torch.randn_like(u))
    w = model.weight.detach().clone()
    step.update(0, None)
    assert torch.equal(model.weight, w), "the weights are put back to the last bit"
    [mixed] = descent.seen
    grown = (mixed - 1).square().mean() / 2 - (w - 1).square().mean() / 2
    assert float(grown) == pytest.approx(share / (1 - share) / 2, rel=0.05)
    assert float((mixed - w).mean()) == pytest.approx(0, abs=0.02)


def test_a_weight_is_the_first_one_or_goes_beyond_itself() -> None:
    """(w - p u) / (1 - p), so that the mean is w; the first weights in a share p of places."""
    model = layer(100)
    descent, step = mixing(model, 0.8, rate=0.0)
    u = model.weight.detach().clone()
    with torch.no_grad():
        model.weight.add_(1)
    step.update(0, None)
    [mixed] = descent.seen
    back = mixed == u
    assert float(back.double().mean()) == pytest.approx(0.8, abs=0.02)
    expected = (model.weight.detach() - 0.8 * u) / 0.2
    assert torch.allclose(mixed[~back], expected[~back])


def test_gradients_pass_where_the_weight_stood_only() -> None:
    model = layer(50)
    descent, step = mixing(model, 0.8, rate=0.0)
    u = model.weight.detach().clone()
    with torch.no_grad():
        model.weight.add_(1)
    step.update(0, None)
    [mixed] = descent.seen
    expected = torch.where(mixed == u, 0.0, (mixed - 1) * 5)
    assert torch.allclose(model.weight.grad, expected)


def test_masks_follow_from_seed_and_update() -> None:
    seen = []
    for updates in ([0, 1], [1], [0]):
        model = layer()
        with torch.no_grad():
            model.weight.fill_(0.0)
        descent, step = mixing(model, 0.5, rate=0.0)
        with torch.no_grad():
            model.weight.fill_(1.0)
        for update in updates:
            step.update(update, None)
        seen.append(descent.seen)
    assert torch.equal(seen[0][1], seen[1][0])
    assert torch.equal(seen[0][0], seen[2][0])
    assert not torch.equal(seen[0][0], seen[0][1])


def test_at_the_first_weights_nothing_is_mixed() -> None:
    model = layer()
    descent, step = mixing(model, rate=0.0)
    step.update(0, None)
    assert torch.equal(descent.seen[0], model.weight)


def test_weights_are_put_back_after_an_error() -> None:
    model = layer()
    descent, step = mixing(model)
    with torch.no_grad():
        model.weight.add_(1)
    before = model.weight.detach().clone()

    def fail(update: int, batch: object) -> None:
        raise KeyboardInterrupt

    descent.accumulate = fail  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        step.update(0, None)
    assert torch.equal(model.weight, before)


def test_linear_layers_are_mixed_and_embeddings_are_not() -> None:
    one = toys.training(Mixout().apply(toys.plan()))
    embeddings = one.model.backbone.get_input_embeddings().weight
    mixed = {id(one.step._anchor.parameters[name]) for name in one.step._mixed}
    assert id(embeddings) not in mixed, "tied to the decoder, which is a linear layer"
    layers = [m.weight for m in one.model.modules() if isinstance(m, nn.Linear)]
    assert {id(weight) for weight in layers} - {id(embeddings)} == mixed


def test_a_model_without_linear_layers_to_mix_is_refused() -> None:
    model = nn.Sequential(nn.Linear(2, 2), nn.LayerNorm(2))
    model[0].requires_grad_(False)
    with pytest.raises(InputError, match="linear layers of the encoder that may move"):
        mixing(model)


@pytest.mark.parametrize("share", [0, 1, -0.1])
def test_values_that_mean_nothing_are_refused_at_the_door(share: float) -> None:
    with pytest.raises(InputError, match="share"):
        build_treatment("mixout", {"share": share})
