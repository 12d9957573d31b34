"""What every treatment keeps, whoever wrote it: the whole table is tested, not its authors."""

import dataclasses
import itertools
import pickle
from pathlib import Path

import pytest
import torch

import toys
from isogloss.core import InputError
from isogloss.study.spec.treatment_entry import TreatmentEntry
from isogloss.training import TrainingPlan
from isogloss.treatments import (
    TREATMENTS,
    build_treatment,
    citation,
    needs_translations,
    treatment_options,
)

CONTROLS = ("monolingual", "untreated")
JOINT = [name for name in TREATMENTS if name not in CONTROLS]
PARTS = {"sampler", "modules", "objective", "combine", "step"}
every = pytest.mark.parametrize("name", TREATMENTS)
treated_only = pytest.mark.parametrize("name", JOINT)


def plain(name: str = "untreated") -> TrainingPlan:
    """The untreated plan; its exponent is none of the defaults that treatments choose from.

    Of masked-LM training, or of a task where the treatment needs translations of its examples.
    """
    from isogloss.training import TextSampling

    if needs_translations(TREATMENTS[name]):
        return toys.paired_plan()
    return toys.plan(sampler=TextSampling(0.5))


def treated(name: str, before: TrainingPlan | None = None) -> TrainingPlan:
    return build_treatment(name, {}).apply(before or plain(name))


@every
def test_it_is_a_frozen_dataclass_known_by_its_name(name: str) -> None:
    kind = TREATMENTS[name]
    assert kind.name == name
    assert dataclasses.is_dataclass(kind)
    assert kind.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert not [base for base in kind.__mro__[1:] if base is not object], "final and flat"
    assert kind.claim.endswith(".")


@every
def test_it_replaces_the_parts_it_declares_and_no_other_field(name: str) -> None:
    before = plain(name)
    after = treated(name, before)
    declared = TREATMENTS[name].parts
    assert set(declared) <= PARTS
    changed = {
        field.name
        for field in dataclasses.fields(before)
        if getattr(before, field.name) != getattr(after, field.name)
    }
    assert changed - {"claims"} == set(declared)
    assert after.claims == tuple((part, name) for part in declared)


@every
def test_applied_twice_it_is_refused_by_name(name: str) -> None:
    once = treated(name)
    if not TREATMENTS[name].parts:
        assert treated(name, once) == once
        return
    with pytest.raises(InputError, match=f"`{name}` and `{name}`, which both replace it"):
        treated(name, once)


def test_treatments_of_one_part_refuse_one_another_and_others_go_together() -> None:
    for first, second in itertools.permutations(JOINT, 2):
        shared = set(TREATMENTS[first].parts) & set(TREATMENTS[second].parts)
        before = plain(second if needs_translations(TREATMENTS[second]) else first)
        if toys.is_task(before) and "meta_adapters" in (first, second):
            with pytest.raises(InputError, match="running text"):
                treated("meta_adapters", before)
        elif shared:
            with pytest.raises(InputError, match=f"`{first}` and `{second}`"):
                treated(second, treated(first, before))
        else:
            assert len(treated(second, treated(first, before)).claims) >= 2


@treated_only
def test_it_does_something(name: str) -> None:
    assert treated(name).fingerprint() != plain(name).fingerprint()


def test_no_two_are_alike() -> None:
    fingerprints = [treated(name).fingerprint() for name in JOINT]
    assert len(set(fingerprints)) == len(JOINT)


@pytest.mark.parametrize("name", CONTROLS)
def test_a_control_leaves_the_plan_as_it_is(name: str) -> None:
    assert treated(name) == plain()


@every
def test_the_plan_travels_to_another_process(name: str) -> None:
    after = treated(name)
    again = pickle.loads(pickle.dumps(after))
    assert again == after
    assert again.fingerprint() == after.fingerprint()


@every
def test_an_unknown_option_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="nonsense") as refused:
        build_treatment(name, {"nonsense": 1})
    assert refused.value.where == f"treatments.{name}"


@every
def test_a_misspelt_option_is_met_with_the_nearest(name: str) -> None:
    for option in treatment_options(build_treatment(name, {})):
        with pytest.raises(InputError, match=f"Did you mean `{option}`"):
            build_treatment(name, {option[:-1] + "_": 1})


@every
def test_an_option_of_a_wrong_type_is_refused(name: str) -> None:
    for option in treatment_options(build_treatment(name, {})):
        with pytest.raises(InputError, match=option):
            build_treatment(name, {option: {"no": "value"}})


@every
def test_options_go_there_and_back(name: str) -> None:
    one = build_treatment(name, {})
    assert build_treatment(name, treatment_options(one)) == one
    assert TreatmentEntry(name=name, options=treatment_options(one)).name == name


@every
def test_candidates_are_settings_of_the_same_treatment(name: str) -> None:
    one = build_treatment(name, {})
    candidates = one.candidates()
    assert {type(candidate) for candidate in candidates} == {type(one)}
    plans = {candidate.apply(plain(name)).fingerprint() for candidate in candidates}
    assert len(plans) == len(candidates), "each is another training"
    assert all(candidate.candidates() == (candidate,) for candidate in candidates)


@treated_only
def test_it_cites_its_source(name: str) -> None:
    cited = citation(TREATMENTS[name])
    assert cited is not None
    assert "https://" in cited.text
    assert cited.bibtex.startswith("@") and cited.key in cited.bibtex
    assert cited.bibtex.count("{") == cited.bibtex.count("}")


@every
def test_the_same_seed_gives_the_same_bits_and_finite_weights(name: str, tmp_path: Path) -> None:
    first, second = (toys.trained(treated(name), tmp_path / str(n)) for n in (1, 2))
    assert toys.same_bits(first, second)
    assert all(value.isfinite().all() for value in first.values())


@treated_only
def test_it_trains_to_other_weights_than_the_control(name: str, tmp_path: Path) -> None:
    """A treatment that trains as the control does is broken, unless it acts on tests alone."""
    ours = toys.trained(treated(name), tmp_path / "treated")
    control = toys.trained(plain(name), tmp_path / "control")
    shared = [key for key in control if key in ours]
    tests_alone = needs_translations(TREATMENTS[name]) == ("inference",)
    differs = any(not torch.equal(ours[key], control[key]) for key in shared)
    assert differs is not tests_alone


@every
def test_frozen_parameters_are_not_touched(name: str, tmp_path: Path) -> None:
    model = toys.model(treated(name))
    frozen = [key for key, _ in model.named_parameters() if "layers.0" in key]
    for key, value in model.named_parameters():
        value.requires_grad_(key not in frozen)
    before = toys.weights(model)
    toys.training(treated(name), model=model).run(tmp_path, toys.OFTEN)
    moved = {key for key, value in toys.weights(model).items() if not value.equal(before[key])}
    assert frozen and moved
    assert not moved & set(frozen)


@every
def test_a_run_that_went_on_equals_one_that_never_stopped(name: str, tmp_path: Path) -> None:
    whole = toys.trained(treated(name), tmp_path / "whole")
    broken = toys.training(treated(name))
    toys.stop_at(broken, 2)
    with pytest.raises(KeyboardInterrupt):
        broken.run(tmp_path / "cut", toys.OFTEN)
    assert toys.same_bits(toys.trained(treated(name), tmp_path / "cut"), whole)
