"""The treatment as data: its parts, its defaults, what it refuses. The claim: test_meta_step."""

import dataclasses
from typing import Any

import pytest

import toys
from isogloss.core import InputError
from isogloss.training import SingleLanguageSampling, TrainingPlan
from isogloss.treatments import build_treatment
from isogloss.treatments.steps.meta_adapters.held_out import PartSampling
from isogloss.treatments.steps.meta_adapters.treatment import MetaStep


def treated(languages: tuple[Any, ...] = toys.HOSTILE, **options: Any) -> TrainingPlan:
    return build_treatment("meta_adapters", options).apply(toys.plan(languages))


def step(**options: Any) -> MetaStep:
    found = treated(**options).step
    assert isinstance(found, MetaStep)
    return found


def test_the_forms_differ_in_their_batches() -> None:
    for form, what, n_validation in (
        ("language", SingleLanguageSampling, 3),
        ("mixed", PartSampling, 1),
    ):
        plan = treated(form=form)
        assert isinstance(plan.step, MetaStep)
        assert isinstance(plan.sampler, what) and isinstance(plan.step.inner, what)
        assert len(plan.step.validation) == n_validation


def test_the_look_ahead_reads_other_rows_of_the_same_language() -> None:
    plan = treated(form="language")
    assert isinstance(plan.step, MetaStep) and plan.step.inner is not None
    context = toys.context(plan)
    batches, inner = plan.sampler.build(context), plan.step.inner.build(context)
    for update in range(9):
        one, other = batches.batch(update), inner.batch(update)
        assert one.language.unique().tolist() == other.language.unique().tolist()
        assert not one.input_ids.equal(other.input_ids)


def test_defaults_are_those_of_the_specification() -> None:
    found = step()
    assert (found.hypergradient, found.order) == ("exact", "modules_first")
    assert (found.shared_step_moves, found.inner_preconditioner) == ("shared", "none")
    assert found.inner_rate == 0.1
    assert all(
        isinstance(one, PartSampling) and (one.part, one.held_out) == ("held_out", 0.02)
        for one in found.validation
    )


def test_switches_reach_the_step() -> None:
    assert step(inner_rate="current").inner_rate is None
    assert step(reuse_batch=True).inner is None
    assert step(module_learning_rate=0.5).specific.learning_rate == 0.5
    assert step().specific == step().shared
    on_train = treated(validation="train")
    assert isinstance(on_train.sampler, PartSampling) and on_train.sampler.held_out == 0


@pytest.mark.parametrize("kind", ["adapter", "feed_forward", "attention", "layer_norm"])
def test_any_kind_per_language_or_group(kind: str) -> None:
    [module] = treated(modules=kind).modules
    assert (module.kind, module.slots) == (kind, (0, 1, 2))
    te, ad, er = toys.HOSTILE
    [grouped] = treated(modules=kind, groups=[[te, er], [ad]], layers=[0]).modules
    assert (grouped.slots, grouped.layers) == ((0, 1, 0), (0,))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"only_other_languages": True, "hypergradient": "first_order"}, "zero everywhere"),
        ({"only_other_languages": True, "form": "mixed"}, "batches of their own"),
        ({"inner_rate": 0}, "inner_rate"),
        ({"inner_rate": "fast"}, "inner_rate"),
        ({"held_out": 1.0}, "held_out"),
        ({"modules": "adapters"}, "modules"),
        ({"groups": [["qaa", "qaa"]]}, "twice"),
    ],
)
def test_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        build_treatment("meta_adapters", options)


def test_one_language_has_nobody_to_learn_from() -> None:
    with pytest.raises(InputError, match="two languages or more"):
        treated(toys.HOSTILE[:1])


def test_a_slice_that_leaves_no_training_text_is_refused() -> None:
    plan = treated(held_out=0.999)
    with pytest.raises(InputError, match="text left to train on"):
        plan.sampler.build(toys.context(plan))


def test_the_seed_is_the_only_thing_that_two_runs_differ_in() -> None:
    first = treated()
    other = dataclasses.replace(first, seed=2)
    assert first.fingerprint() != other.fingerprint()
    assert treated().fingerprint() == first.fingerprint()
