"""The engine against one sub-batch a language, in float64."""

import gc

import pytest
import torch
from torch import Tensor, nn

from isogloss.core import InputError
from isogloss.gradients import GradientEngine, LanguageGradients, cosines
from isogloss.models import MultilingualModel, TokenClassifier
from toys import with_lora
from unit.gradients import toys
from unit.models import toys as models

every_architecture = pytest.mark.parametrize("architecture", toys.ARCHITECTURES)
EXACT = {"rtol": 1e-9, "atol": 1e-12}


def exact(architecture: str) -> dict[str, float]:
    """Return tolerances in float64; EuroBERT norms in float32 whatever the rest is in."""
    return {"rtol": 1e-4, "atol": 1e-7} if architecture == "eurobert" else EXACT


def watched(
    model: MultilingualModel, of: toys.Case, engine: GradientEngine | None = None, **how: object
) -> LanguageGradients:
    engine = engine or GradientEngine(model)
    with engine.watch(of.language, of.row, **how):  # type: ignore[arg-type]
        losses = of.losses(model)
    losses.sum().backward()
    return engine.take()


def seen(found: LanguageGradients, model: nn.Module) -> list[str]:
    names = [name for name, p in model.named_parameters() if p.requires_grad]
    hidden = {*found.coverage.unseen, *found.coverage.language_specific}
    return [name for name in names if name not in hidden]


@every_architecture
@pytest.mark.parametrize("language", [(0, 0, 1, 1, 2, 2), (2, 0, 1, 0, 2, 1), (1, 0, 0, 2, 2, 2)])
def test_gramians_are_those_of_one_sub_batch_a_language(
    architecture: str, language: tuple[int, ...]
) -> None:
    of = toys.case(language)
    model = models.toy_model(model_type=architecture).double()
    found = watched(model, of)
    expected = toys.gramian(toys.sub_batch_gradients(of, model), seen(found, model), [0, 1, 2])
    assert found.languages == (0, 1, 2)
    torch.testing.assert_close(found.gramian(), expected, **exact(architecture))


@every_architecture
def test_every_module_and_layer_is_exact(architecture: str) -> None:
    of = toys.case()
    model = models.toy_model(model_type=architecture).double()
    engine = GradientEngine(model)
    found = watched(model, of, engine)
    rows = toys.sub_batch_gradients(of, model)
    for unit, gramian in found.by_module().items():
        own = [name for name in seen(found, model) if name in names_of(engine, unit)]
        torch.testing.assert_close(
            gramian, toys.gramian(rows, own, [0, 1, 2]), **exact(architecture)
        )
    layer = next(layer for layer in found.by_layer() if layer.endswith(".1"))
    inside = [name for name in seen(found, model) if name.startswith(f"{layer}.")]
    torch.testing.assert_close(
        found.by_layer()[layer], toys.gramian(rows, inside, [0, 1, 2]), **exact(architecture)
    )


@pytest.mark.parametrize("how", ["backward", "probe", "never", "failed"])
def test_nothing_of_a_pass_outlives_it(how: str) -> None:
    """A worker does hundreds of runs: activations kept by one look would add up to gigabytes."""
    model = models.toy_model(model_type="modernbert")
    engine = GradientEngine(model)
    of = toys.case()
    before = _n_tensors()
    for _ in range(3):
        try:
            with engine.watch(of.language, of.row, halves=True):
                losses = of.losses(model)
                if how == "failed":
                    raise RuntimeError
        except RuntimeError:
            del losses
            continue
        if how == "backward":
            losses.sum().backward()
        if how == "probe":
            engine.probe(losses.sum())
        if how != "never":
            engine.take()
        del losses
        model.zero_grad()
    if how == "never":  # the hooks of the last pass wait for it
        watched(model, of, engine)
        model.zero_grad()
    del engine
    assert _n_tensors() == before


def _n_tensors() -> int:
    gc.collect()
    return sum(issubclass(type(one), Tensor) for one in gc.get_objects())


def test_lora_weights_alone_are_seen_where_the_rest_is_frozen() -> None:
    of = toys.case()
    model = models.toy_model(model_type="modernbert").double()
    trained = with_lora(model)
    for name, value in model.named_parameters():
        if "lora_B" in name:
            nn.init.normal_(value)
    found = watched(model, of)
    assert found.coverage.share == 1
    assert set(seen(found, model)) == trained
    expected = toys.gramian(toys.sub_batch_gradients(of, model), sorted(trained), [0, 1, 2])
    torch.testing.assert_close(found.gramian(), expected, **EXACT)


def test_rows_that_the_model_brings_together_inside_keep_their_language() -> None:
    """With adapters, `encode` reorders rows; the head of the task sees them in their own order."""
    of = toys.case((2, 0, 1, 0, 2, 1))
    model = TokenClassifier(models.toy_model(models.adapters()), 5).double()
    labels = torch.arange(of.ids.numel()).view_as(of.ids) % 5

    def losses() -> Tensor:
        logits = model(of.ids, of.mask, of.language)
        each = nn.functional.cross_entropy(logits.flatten(0, 1), labels.flatten(), reduction="none")
        by_row = each.view_as(of.ids).mean(1)
        return torch.zeros(3).double().index_add(0, of.language, by_row)

    engine = GradientEngine(model)
    with engine.watch(of.language):
        summed = losses()
    summed.sum().backward()
    found = engine.take()
    names = seen(found, model)
    assert "head.weight" in names
    assert len(found.coverage.language_specific) == 16
    expected = toys.gramian(toys.gradients(losses, model), names, [0, 1, 2])
    torch.testing.assert_close(found.gramian(), expected, **EXACT)


def test_dropout_is_shared_with_the_pass_that_is_watched() -> None:
    """The oracle repeats the backward, not the forward: the same masks, the same gradients."""
    of = toys.case()
    model = models.toy_model(model_type="bert").double().train()
    for module in model.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.3
    torch.manual_seed(5)
    found = watched(model, of)
    torch.manual_seed(5)
    rows = toys.gradients(lambda: of.losses(model), model)
    expected = toys.gramian(rows, seen(found, model), [0, 1, 2])
    torch.testing.assert_close(found.gramian(), expected, **EXACT)


def test_absent_languages_are_no_row() -> None:
    of = toys.case((2, 0, 2, 0))
    model = models.toy_model().double()
    found = watched(model, of)
    expected = toys.gramian(
        toys.gradients(lambda: of.losses(model), model), seen(found, model), [0, 2]
    )
    assert found.languages == (0, 2)
    torch.testing.assert_close(found.gramian(), expected, **EXACT)


def test_rows_of_languages_that_are_not_asked_for_are_left_out() -> None:
    of = toys.case()
    model = models.toy_model().double()
    both, one = watched(model, of), watched(model, of, present=[1])
    assert one.languages == (1,)
    torch.testing.assert_close(one.gramian(), both.gramian()[1:2, 1:2], **EXACT)


def test_float32_gramians_are_exact_to_six_digits() -> None:
    of = toys.case()
    exact = watched(models.toy_model().double(), of).gramian()
    torch.testing.assert_close(watched(models.toy_model(), of).gramian(), exact, rtol=1e-5, atol=0)


def test_bf16_autocast_gives_nearly_the_same_cosines() -> None:
    of = toys.case(padded=False)
    exact = cosines(watched(models.toy_model().double(), of).gramian())
    model = models.toy_model()
    engine = GradientEngine(model)
    with torch.autocast("cpu", dtype=torch.bfloat16), engine.watch(of.language, of.row):
        losses = of.losses(model)
    losses.sum().backward()
    assert (cosines(engine.take().gramian()) - exact).abs().max() < 5e-3


@every_architecture
@pytest.mark.parametrize("reentrant", [False, True])
def test_activation_checkpointing_changes_nothing(architecture: str, reentrant: bool) -> None:
    if reentrant and architecture == "deberta-v2":
        pytest.skip("its layers share what is computed of relative positions, outside of them")
    of = toys.case(padded=False)
    model = models.toy_model(model_type=architecture).double().train()
    plain = watched(model, of)
    model.backbone.activation_checkpointing_enable({"use_reentrant": reentrant})
    checkpointed = watched(model, of)
    assert checkpointed.coverage == plain.coverage
    torch.testing.assert_close(checkpointed.gramian(), plain.gramian(), **exact(architecture))


@pytest.mark.parametrize("sketch", [0, 64])
def test_gradients_and_weights_keep_their_bits(sketch: int) -> None:
    of = toys.case()
    model = models.toy_model(models.adapters()).train()
    of.losses(model).sum().backward()
    before = {name: p.detach().clone() for name, p in model.named_parameters()}
    plain = {name: p.grad.clone() for name, p in model.named_parameters() if p.grad is not None}
    model.zero_grad()
    watched(model, of, GradientEngine(model, sketch=sketch))
    for name, parameter in model.named_parameters():
        assert torch.equal(parameter, before[name])
        assert name not in plain or torch.equal(parameter.grad, plain[name]), name


def test_no_hook_is_left() -> None:
    of = toys.case()
    model = models.toy_model()
    engine = GradientEngine(model)
    watched(model, of, engine)
    with pytest.raises(ZeroDivisionError), engine.watch(of.language):
        raise ZeroDivisionError
    assert not any(m._forward_hooks or m._forward_pre_hooks for m in model.modules())
    with pytest.raises(RuntimeError, match="without a watched forward"):
        engine.take()


def test_factors_of_the_losses_are_divided_out() -> None:
    of = toys.case()
    model = models.toy_model().double()
    plain = watched(model, of)
    factors = torch.tensor([0.5, 0.2, 0.3])
    engine = GradientEngine(model, sketch=64)
    with engine.watch(of.language, of.row):
        losses = of.losses(model)
    (factors * losses).sum().backward()
    found = engine.take(factors)
    torch.testing.assert_close(found.gramian(), plain.gramian(), rtol=1e-6, atol=0)


def test_a_probe_leaves_no_gradient_and_the_graph_for_a_backward() -> None:
    of = toys.case()
    model = models.toy_model(models.adapters(), model_type="bert").double()
    plain = watched(model, of)
    expected = {name: p.grad for name, p in model.named_parameters()}
    model.zero_grad()
    engine = GradientEngine(model)
    with engine.watch(of.language, of.row):
        losses = of.losses(model)
    engine.probe(losses.sum())
    assert all(p.grad is None for p in model.parameters())
    torch.testing.assert_close(engine.take().gramian(), plain.gramian(), **EXACT)
    losses.sum().backward()
    for name, parameter in model.named_parameters():
        torch.testing.assert_close(parameter.grad, expected[name])


@every_architecture
@pytest.mark.parametrize("granularity", ["module", "layer"])
def test_a_surgery_writes_the_weighted_sum(architecture: str, granularity: str) -> None:
    """The weights differ from unit to unit; what is not seen keeps the gradient of the sum."""
    of = toys.case()
    model = models.toy_model(models.adapters(), model_type=architecture).double().train()
    rows = toys.gradients(lambda: of.losses(model), model)
    engine = GradientEngine(model, granularity=granularity)  # type: ignore[arg-type]
    used: dict[str, Tensor] = {}

    def surgery(unit: str, gramian: Tensor) -> Tensor:
        used[unit] = torch.rand(3, dtype=torch.float64) + gramian.diagonal() * 0
        return used[unit]

    found = watched(model, of, engine, surgery=surgery)
    hidden = {*found.coverage.unseen, *found.coverage.language_specific}
    for name, parameter in model.named_parameters():
        expected = rows[name].sum(0)
        if name not in hidden:
            [unit] = [unit for unit in used if name in names_of(engine, unit)]
            expected = torch.einsum("l,l...->...", used[unit], rows[name])
        torch.testing.assert_close(parameter.grad, expected, **exact(architecture))
    assert all(parameter.requires_grad for parameter in model.parameters())


def names_of(engine: GradientEngine, unit: str) -> set[str]:
    leaves = [leaf for leaf in engine._inventory.leaves if leaf.unit == unit]
    return {name for leaf in leaves for name in leaf.names.values()}


def test_a_surgery_works_under_activation_checkpointing() -> None:
    of = toys.case(padded=False)
    model = models.toy_model().double().train()
    model.backbone.activation_checkpointing_enable({"use_reentrant": False})
    expected = {
        n: rows.sum(0) for n, rows in toys.gradients(lambda: of.losses(model), model).items()
    }
    watched(model, of, surgery=lambda unit, gramian: torch.ones(3))
    for name, parameter in model.named_parameters():
        torch.testing.assert_close(parameter.grad, expected[name], **EXACT)


def test_a_module_used_twice_is_summed_before_its_gramian() -> None:
    model = nn.Sequential(nn.Linear(4, 4), nn.Tanh()).double()
    x = torch.randn(6, 4).double()
    language = torch.tensor([0, 0, 1, 1, 2, 2])

    def losses() -> Tensor:
        return torch.zeros(3).double().index_add(0, language, model(model(x)).square().sum(1))

    engine = GradientEngine(model)
    with engine.watch(language):
        summed = losses()
    summed.sum().backward()
    expected = toys.gramian(toys.gradients(losses, model), ["0.weight", "0.bias"], [0, 1, 2])
    torch.testing.assert_close(engine.take().gramian(), expected, **EXACT)


def test_what_cannot_be_seen_is_named_with_the_reason() -> None:
    model = nn.Sequential(nn.Linear(4, 6), nn.BatchNorm1d(6), nn.Conv1d(6, 6, 1), nn.Linear(6, 2))
    engine = GradientEngine(model, choose=lambda path: path != "0")
    with engine.watch([0, 1]):
        loss = model[3](model[0](torch.randn(2, 4))).sum()
    loss.backward()
    reasons = engine.take().coverage.unseen
    assert reasons["0.weight"] == "left out by choice"
    assert "mixes the rows" in reasons["1.weight"]
    assert "no gradient came" in reasons["2.bias"]
    assert "3.weight" not in reasons


def test_a_refused_use_leaves_the_whole_gradient_to_autograd_under_surgery() -> None:
    """One use without a batch dimension, one with: neither is lost, and nothing is half seen."""
    model = nn.ModuleDict({"a": nn.Linear(3, 3)}).double()
    x, single = torch.randn(4, 3).double(), torch.randn(1, 3).double()

    def losses() -> Tensor:
        y = model["a"](model["a"](single) + x)
        return torch.zeros(2).double().index_add(0, torch.tensor([0, 0, 1, 1]), y.square().sum(1))

    expected = torch.autograd.grad(losses().sum(), list(model.parameters()))
    engine = GradientEngine(model)
    with engine.watch([0, 0, 1, 1], surgery=lambda unit, gramian: torch.zeros(2)):
        summed = losses()
    summed.sum().backward()
    assert engine.take().coverage.seen == 0
    for parameter, gradient in zip(model.parameters(), expected, strict=True):
        torch.testing.assert_close(parameter.grad, gradient)


def test_halves_and_surgery_do_not_go_together() -> None:
    engine = GradientEngine(nn.Linear(1, 1))
    with (
        pytest.raises(InputError, match="halves or a surgery"),
        engine.watch([0, 0], halves=True, surgery=lambda unit, gramian: torch.ones(1)),
    ):
        pass


def test_frozen_parameters_are_neither_seen_nor_counted() -> None:
    of = toys.case()
    model = models.toy_model().double()
    for name, parameter in model.named_parameters():
        parameter.requires_grad_("layers.1" in name)
    found = watched(model, of)
    assert found.coverage.share == 1.0
    assert set(found.by_layer()) == {"backbone.model.layers.1"}


def test_a_model_in_evaluation_is_watched_without_gradients() -> None:
    model = models.toy_model()
    engine = GradientEngine(model)
    with torch.no_grad(), engine.watch([0, 1]):
        toys.case((0, 1)).losses(model)
    assert engine.take().by_unit == {}
