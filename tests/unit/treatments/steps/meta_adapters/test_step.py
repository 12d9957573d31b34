"""The meta step: whose weights move, by what, and that its two forms agree where they must."""

import dataclasses
from typing import Any

import pytest
import torch
from torch import Tensor

import toys
from isogloss.core import InputError
from isogloss.data import Batch
from isogloss.training import PlainEngine, Training, TrainingPlan
from isogloss.treatments import build_treatment
from isogloss.treatments.steps.meta_adapters.treatment import MetaStep

PAIR = toys.PAIR
PLAIN = {"bottleneck": 4, "inner_rate": 0.5}


def plan(languages: tuple[Any, ...] = PAIR, **options: Any) -> TrainingPlan:
    return build_treatment("meta_adapters", PLAIN | options).apply(toys.plan(languages))


def specific(one: Training) -> dict[str, Tensor]:
    weights = toys.weights(one.model)
    return {name: weights[name] for name in one.slots}


def shared(one: Training) -> dict[str, Tensor]:
    return {name: w for name, w in toys.weights(one.model).items() if name not in one.slots}


def rows_of(batch: Batch, language: int, n_rows: int = 4) -> Batch:
    """Return a batch whose rows are all of one language."""
    return Batch(batch.input_ids[:n_rows], None, torch.full((n_rows,), language))


def record_gradients(one: Training, monkeypatch: pytest.MonkeyPatch) -> dict[str, Tensor]:
    """Return the gradients of phi of the next update, before clipping; nothing moves."""
    found: dict[str, Tensor] = {}

    def keep(self: Any, optimizer: Any, update: int, batch: Batch) -> None:
        for name, parameter in one.model.named_parameters():
            if parameter.grad is not None and name in one.slots and name not in found:
                found[name] = parameter.grad.clone()
        optimizer.zero_grad()

    monkeypatch.setattr(type(one.step), "_step", keep)
    return found


@pytest.mark.parametrize("code", range(3))
def test_only_the_sampled_language_moves_and_its_moments_alone(code: int) -> None:
    """With codes that are parts of the word adapter: routing by name would move them all."""
    one = toys.training(plan(toys.HOSTILE, form="language"))
    one.step.update(0, one.sampler.batch(0))
    before, state = specific(one), {k: v.clone() for k, v in one.step.state().items()}
    update = next(u for u in range(1, 9) if int(one.sampler.batch(u).language[0]) == code)
    one.step.update(update, one.sampler.batch(update))
    others = [index for index in range(3) if index != code]
    for name, after in specific(one).items():
        assert torch.equal(after[others], before[name][others])
        assert not torch.equal(after[code], before[name][code])
        for moment in ("exp_avg", "exp_avg_sq", "step"):
            key = f"{name}/{moment}"
            assert torch.equal(one.step.state()[key][others], state[key][others])


def test_the_mixed_form_moves_all_languages_at_once() -> None:
    one = toys.training(plan(toys.HOSTILE, form="mixed"))
    before = specific(one)
    one.step.update(0, one.sampler.batch(0))
    present = one.sampler.batch(0).language.unique().tolist()
    for name, after in specific(one).items():
        moved = [i for i in range(3) if not torch.equal(after[i], before[name][i])]
        assert moved == present


@pytest.mark.parametrize("kind", ["adapter", "feed_forward", "attention", "layer_norm"])
def test_every_kind_of_module_may_be_meta_learned(kind: str) -> None:
    one = toys.training(plan(modules=kind, form="mixed"))
    before = specific(one)
    one.step.update(0, one.sampler.batch(0))
    assert before
    assert all(not torch.equal(after, before[name]) for name, after in specific(one).items())
    assert one.step.metrics()["meta_ratio"] > 0


def test_a_group_shares_its_meta_gradient() -> None:
    groups = [[toys.HOSTILE[0], toys.HOSTILE[1]], [toys.HOSTILE[2]]]
    one = toys.training(plan(toys.HOSTILE, form="language", groups=groups))
    before = specific(one)
    update = next(u for u in range(9) if int(one.sampler.batch(u).language[0]) == 0)
    one.step.update(update, one.sampler.batch(update))
    for name, after in specific(one).items():
        assert after.shape[0] == 2
        assert not torch.equal(after[0], before[name][0])
        assert torch.equal(after[1], before[name][1])


@pytest.mark.parametrize("moves", ["shared", "all"])
def test_which_weights_each_half_of_the_step_moves(
    moves: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = toys.training(plan(shared_step_moves=moves))
    batch = one.sampler.batch(0)
    before = shared(one)
    one.step._move_modules(0, batch)  # type: ignore[attr-defined]
    assert toys.same_bits(shared(one), before)
    modules = specific(one)
    one.step._move_shared(0, batch)  # type: ignore[attr-defined]
    assert not toys.same_bits(shared(one), before)
    assert toys.same_bits(specific(one), modules) is (moves == "shared")
    assert all(parameter.requires_grad for parameter in one.model.parameters())


def test_the_order_is_that_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    for order, expected in (("modules_first", [1, 2]), ("shared_first", [2, 1])):
        one = toys.training(plan(order=order))
        seen: list[int] = []
        monkeypatch.setattr(one.step, "_move_modules", lambda *_, seen=seen: seen.append(1))
        monkeypatch.setattr(one.step, "_move_shared", lambda *_, seen=seen: seen.append(2))
        one.step.update(0, one.sampler.batch(0))
        assert seen == expected


class TestFormsAgree:
    """Algorithm 1 and the mixed form, where a batch holds one language."""

    def gradients(self, form: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, Tensor]:
        one = toys.training(plan(form=form, reuse_batch=True))
        step: Any = one.step
        other: Any = toys.training(plan(form="mixed"))
        batch, mixed = rows_of(other.sampler.batch(0), 1), other.step._validation[0].batch(0)
        halves = [mixed.select(mixed.language == language) for language in (0, 1)]
        given = [mixed] if form == "mixed" else halves
        step._validation = [_Fixed(one_batch) for one_batch in given]
        _same_masks(step, one, monkeypatch)
        found = record_gradients(one, monkeypatch)
        step._move_modules(0, batch)
        return found

    def test_exactly(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with monkeypatch.context() as first:
            algorithm_1 = self.gradients("language", first)
        with monkeypatch.context() as second:
            mixed = self.gradients("mixed", second)
        assert algorithm_1 and algorithm_1.keys() == mixed.keys()
        for name, gradient in algorithm_1.items():
            torch.testing.assert_close(gradient, mixed[name], rtol=1e-4, atol=1e-8)
            assert gradient[1].any() and not gradient[0].any()


@dataclasses.dataclass
class _Fixed:
    given: Batch

    def batch(self, update: int) -> Batch:
        return self.given


def _same_masks(step: Any, one: Training, monkeypatch: pytest.MonkeyPatch) -> None:
    """Mask every third piece, so that parts of a batch are masked as the whole is."""
    from isogloss.objectives import Targets

    def targets(batch: Batch, update: int, draw: int) -> Targets:
        chosen = torch.zeros_like(batch.input_ids, dtype=torch.bool)
        chosen[:, 1::3] = True
        row, column = chosen.nonzero(as_tuple=True)
        labels = batch.input_ids[row, column]
        ids = batch.input_ids.masked_fill(chosen, 1)
        return Targets.of(Batch(ids, None, batch.language), row, column, labels, 2)

    monkeypatch.setattr(step, "_targets", targets)


@pytest.mark.parametrize("form", ["language", "mixed"])
def test_finite_difference_is_near_exact(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = {}
    for method in ("exact", "finite_difference", "first_order"):
        with monkeypatch.context() as patched:
            one = toys.training(plan(form=form, hypergradient=method))
            gradients = record_gradients(one, patched)
            one.step.update(0, one.sampler.batch(0))
            found[method] = torch.cat([g.flatten() for g in gradients.values()])
    near = (found["finite_difference"] - found["exact"]).norm() / found["exact"].norm()
    far = (found["first_order"] - found["exact"]).norm() / found["exact"].norm()
    assert float(near) < 1e-3
    assert float(far) > 1e-2


def test_the_module_update_lowers_the_validation_loss_after_a_look_ahead() -> None:
    """The claim: what the modules descend is J, the loss of all languages after a step of theta."""
    one = toys.training(plan(form="language", module_learning_rate=1e-3))
    step: Any = one.step
    batch = one.sampler.batch(0)

    def objective() -> float:
        inner = step._inner.batch(0)
        targets = step._targets(inner, 0, 1)
        from isogloss.treatments.steps.meta_adapters.hypergradients import mean_over_targets

        loss = mean_over_targets(step._loss(targets, 0, 1, step._theta, step._phi))
        slopes = torch.autograd.grad(loss, list(step._theta.values()), allow_unused=True)
        ahead = {
            name: value.detach() - 0.5 * (0.0 if slope is None else slope)
            for (name, value), slope in zip(step._theta.items(), slopes, strict=True)
        }
        terms = step._validation_losses(0, inner)
        return float(sum(term.loss(ahead, step._phi) for term in terms).detach())

    before = objective()
    for _ in range(3):
        step._move_modules(0, batch)
    assert objective() < before


@pytest.mark.parametrize(
    ("options", "passes"),
    [
        ({"form": "language"}, 2 + 4),
        ({"form": "language", "hypergradient": "finite_difference"}, 2 + 4),
        ({"form": "language", "only_other_languages": True}, 2 + 3),
        ({"form": "mixed"}, 5),
        ({"form": "mixed", "hypergradient": "first_order"}, 3),
    ],
)
def test_the_cost_is_told(options: dict[str, Any], passes: float) -> None:
    assert plan(**options).step.passes == passes


def test_second_order_switches_to_attention_that_has_one_and_the_others_do_not() -> None:
    for method, attention in (("exact", "math"), ("finite_difference", "sdpa")):
        assert toys.training(plan(hypergradient=method)).model.attention == attention  # type: ignore[union-attr]


def test_the_signal_is_logged_and_forgotten_once_told() -> None:
    one = toys.training(plan())
    one.step.update(0, one.sampler.batch(0))
    told = one.step.metrics()
    assert told["meta_ratio"] > 0 and -1 <= told["meta_cosine"] <= 1
    assert one.step.metrics() == {}


@pytest.mark.parametrize("form", ["mixed", "language"])
def test_how_often_validation_text_was_read_is_told(form: str) -> None:
    one = toys.training(plan(form=form, held_out=0.25))
    told = []
    for update in (0, 39):
        one.step.update(update, one.sampler.batch(update))
        told.append(one.step.metrics()["meta_validation_epochs"])
    step: Any = one.step
    windows = min(min(sampler._windows) for sampler in step._validation)
    rows = one.plan.rows / (len(one.plan.languages) if form == "mixed" else 1)
    assert told[1] == pytest.approx(40 * rows / windows, rel=0.05)
    assert 0 < told[0] < told[1] / 20


def test_the_signal_is_linear_in_the_inner_rate() -> None:
    ratios = []
    for rate in (1e-4, 1e-2):
        one = toys.training(plan(inner_rate=rate, hypergradient="exact"))
        one.step.update(0, one.sampler.batch(0))
        ratios.append(one.step.metrics()["meta_ratio"])
    assert ratios[1] / ratios[0] == pytest.approx(100, rel=0.05)


def test_the_current_rate_is_that_of_the_shared_weights() -> None:
    one = toys.training(plan(inner_rate="current"))
    step: Any = one.step
    assert step._look_ahead(0).beta == one.step.learning_rate(0)


def test_the_preconditioner_waits_for_moments() -> None:
    one = toys.training(plan(inner_preconditioner="adam", inner_rate="current"))
    step: Any = one.step
    assert step._look_ahead(0).precondition is None
    one.step.update(0, one.sampler.batch(0))
    scales = step._look_ahead(1).precondition
    assert scales.keys() == step._theta.keys()
    one.step.update(1, one.sampler.batch(1))
    assert all(w.isfinite().all() for w in toys.weights(one.model).values())


def test_activation_checkpointing_is_refused() -> None:
    of = plan()
    model = toys.model(of)
    model.backbone.activation_checkpointing_enable()
    with pytest.raises(InputError, match="activation checkpointing off"):
        toys.training(of, model=model)


def test_an_unknown_hypergradient_is_refused_with_the_nearest() -> None:
    with pytest.raises(InputError, match="Did you mean `exact`"):
        MetaStep(None, (), hypergradient="exakt").build(toys.context(toys.plan()))


def test_validation_text_is_never_trained_on() -> None:
    one = toys.training(plan(form="language"))
    step: Any = one.step

    def windows(batches: list[Batch]) -> set[tuple[int, ...]]:
        return {tuple(row) for batch in batches for row in batch.input_ids.tolist()}

    trained = windows([s.batch(u) for s in (one.sampler, step._inner) for u in range(60)])
    validated = windows([s.batch(u) for s in step._validation for u in range(20)])
    assert trained and validated and not trained & validated


def test_bf16_is_for_the_shared_step_alone() -> None:
    one = toys.training(plan(), engine=PlainEngine("bf16"))
    one.step.update(0, one.sampler.batch(0))
    assert all(w.isfinite().all() for w in toys.weights(one.model).values())
