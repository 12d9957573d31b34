import dataclasses
import math

import pytest
import torch
from torch import Tensor, nn

import toys
from isogloss.core import InputError, TrainingError
from isogloss.models import ModuleSpec
from isogloss.objectives import LanguageLosses, Targets
from isogloss.training import GradientCombine, Training, gradient_combine
from isogloss.training.contract import OwnForward
from isogloss.treatments.gradients.pcgrad import PCGradWeighting
from unit.gradients import toys as oracle

every_scope = pytest.mark.parametrize("scope", ["module", "layer", "model"])


@dataclasses.dataclass
class Fixed:
    """Weights 1, 2, 3, .. by language, and a note of what was asked."""

    asked: list[tuple[str, list[int]]] = dataclasses.field(default_factory=list)

    def start(self, n_languages: int, seed: int) -> "Fixed":
        return self

    def weights(self, unit: str, gramian: object, languages: list[int]) -> object:
        self.asked.append((unit, list(languages)))
        return torch.tensor([1.0 + language for language in languages]).double().numpy()

    def state(self) -> dict[str, Tensor]:
        return {}

    def load_state(self, state: dict[str, Tensor]) -> None:
        pass


def combined(one: Training, targets: Targets) -> dict[str, Tensor | None]:
    with one.combine.watching(one.model, targets, one.engine):
        losses = one.objective.losses(one.model, targets)
    one.combine.backward(losses, one.model, one.engine)
    return {name: parameter.grad for name, parameter in one.model.named_parameters()}


def started(scope: str, **changes: object) -> tuple[Training, Targets]:
    rule = GradientCombine(Fixed(), scope)  # type: ignore[arg-type]
    one = toys.training(toys.plan(toys.HOSTILE, **{"rows": 6, "combine": rule, **changes}))
    return one, one.objective.prepare(one.sampler.batch(0), 0)


@every_scope
def test_the_direction_is_the_weighted_sum_of_mean_loss_gradients(scope: str) -> None:
    adapters = ModuleSpec.per_language("adapter", 3, bottleneck=4)
    one, targets = started(scope, modules=(adapters,))
    rows = oracle.gradients(lambda: one.objective.losses(one.model, targets).mean, one.model)
    for name, gradient in combined(one, targets).items():
        weights = torch.tensor([1.0, 2.0, 3.0])
        if "language_modules" in name and scope != "model":
            weights = torch.full((3,), 1 / 3)  # slabs get the mean where modules are weighed
        expected = torch.einsum("l,l...->...", weights, rows[name])
        torch.testing.assert_close(gradient, expected, rtol=1e-4, atol=1e-6, msg=name)


@every_scope
def test_a_pass_a_language_comes_to_the_same(scope: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Losses, direction and metrics; the choice is the engine's, by shape and memory."""
    adapters = ModuleSpec.per_language("adapter", 3, bottleneck=4)
    found = []
    for apart in (False, True):
        monkeypatch.setattr(gradient_combine, "runs_apart", lambda *_, apart=apart, **__: apart)
        one, targets = started(scope, modules=(adapters,))
        assert isinstance(one.combine, OwnForward)
        losses = one.combine.losses(one.objective, one.model, targets, one.engine)
        assert losses.total.requires_grad is not apart
        one.combine.backward(losses, one.model, one.engine)
        gradients = {name: value.grad for name, value in one.model.named_parameters()}
        found.append((losses, gradients, one.combine.metrics()))
    (losses, gradients, metrics), (own_losses, own_gradients, own_metrics) = found
    torch.testing.assert_close(own_losses.mean, losses.mean.detach())
    assert own_metrics == pytest.approx(metrics, rel=1e-4)
    for name, gradient in gradients.items():
        torch.testing.assert_close(own_gradients[name], gradient, rtol=1e-4, atol=1e-6, msg=name)


def test_the_way_is_chosen_by_shape() -> None:
    short, targets = started("model")
    assert short.combine.losses(short.objective, short.model, targets, short.engine).total.grad_fn  # type: ignore[attr-defined]
    long, targets = started("model", rows=48)
    found = long.combine.losses(long.objective, long.model, targets, long.engine)  # type: ignore[attr-defined]
    assert found.total.grad_fn is None


@every_scope
def test_absent_languages_are_not_asked_about(scope: str) -> None:
    one, targets = started(scope)
    rows = (targets.batch.language != 1).nonzero().squeeze(1)
    kept = (targets.language != 1).nonzero().squeeze(1)
    place = {int(row): index for index, row in enumerate(rows)}
    assert targets.column is not None
    fewer = Targets.of(
        targets.batch.select(rows),
        torch.tensor([place[int(row)] for row in targets.row[kept]]),
        targets.column[kept],
        targets.labels[kept],
        3,
    )
    combined(one, fewer)
    asked = one.plan.combine.weighting.asked  # type: ignore[attr-defined]
    assert {tuple(languages) for _, languages in asked} == {(0, 2)}
    assert len(asked) == (1 if scope == "model" else len({unit for unit, _ in asked}))


class _Spoilt:
    """An objective whose second language has a loss that is not a number."""

    def __init__(self, inner: object) -> None:
        self.inner = inner

    def prepare(self, *args: object) -> Targets:
        return self.inner.prepare(*args)  # type: ignore[attr-defined]

    def losses(self, model: nn.Module, targets: Targets) -> LanguageLosses:
        found = self.inner.losses(model, targets)  # type: ignore[attr-defined]
        spoilt = torch.tensor([1.0, math.nan, 1.0])
        return LanguageLosses(found.total * spoilt, found.count)


@every_scope
@pytest.mark.parametrize("policy", ["stop", "skip"])
def test_a_gradient_that_is_not_finite_is_named_and_never_averaged_in(
    scope: str, policy: str
) -> None:
    rule = GradientCombine(PCGradWeighting(), scope, policy)  # type: ignore[arg-type]
    one, targets = started(scope, combine=rule)
    one.objective = _Spoilt(one.objective)
    if policy == "stop":
        with pytest.raises(TrainingError, match="gradient of ad-Latn is not finite"):
            combined(one, targets)
        return
    assert all(gradient is None for gradient in combined(one, targets).values())
    assert one.combine.metrics() == {"skipped_updates": 1.0}


def test_the_log_gets_the_conflict_of_the_last_batch() -> None:
    one, targets = started("module")
    combined(one, targets)
    metrics = one.combine.metrics()
    assert set(metrics) == {"gradient_conflict_rate", "gradient_cosine"}
    assert -1 < metrics["gradient_cosine"] < 1


@every_scope
def test_a_model_without_shared_trained_parameters_is_refused(scope: str) -> None:
    adapters = ModuleSpec.per_language("adapter", 3, bottleneck=4)
    one, targets = started(scope, modules=(adapters,))
    for name, parameter in one.model.named_parameters():
        parameter.requires_grad_("language_modules" in name)
    with pytest.raises(InputError, match="parameters that languages share"):
        combined(one, targets)


@pytest.mark.parametrize(("scope", "passes"), [("module", 1.0), ("layer", 1.0), ("model", 5 / 3)])
def test_passes(scope: str, passes: float) -> None:
    one = started(scope)[0]
    assert one.plan.passes == pytest.approx(passes)
