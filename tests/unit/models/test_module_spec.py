import copy
import dataclasses
import pickle

import pytest

from isogloss.core import InputError
from isogloss.models import ModuleSpec


def test_one_module_a_language() -> None:
    spec = ModuleSpec.per_language("adapter", 3, layers=[0], bottleneck=4)
    assert (spec.slots, spec.layers, dict(spec.options)) == ((0, 1, 2), (0,), {"bottleneck": 4})
    assert not spec.shared
    assert spec.n_slots == 3


def test_one_module_for_all_is_shared() -> None:
    assert ModuleSpec.for_all("adapter", 3).shared
    # One language alone: its module is its own, not a control for capacity.
    assert not ModuleSpec.per_language("adapter", 1).shared


def test_specs_are_values() -> None:
    spec = ModuleSpec("adapter", [0, 0, 1], [1], {"bottleneck": 4})  # type: ignore[arg-type]
    assert pickle.loads(pickle.dumps(spec)) == copy.deepcopy(spec) == spec
    assert hash(spec) == hash(ModuleSpec(**spec.as_dict()))
    assert dataclasses.asdict(spec)["options"] == {"bottleneck": 4}


def test_the_callers_options_are_copied() -> None:
    options: dict[str, float | str | int] = {"bottleneck": 4}
    spec = ModuleSpec("adapter", (0,), None, options)
    options["bottleneck"] = 5
    assert spec.options == {"bottleneck": 4}


def test_a_new_language_gets_its_own_slot_or_the_one_of_all() -> None:
    assert ModuleSpec("adapter", (0, 0, 1)).with_language().slots == (0, 0, 1, 2)
    assert ModuleSpec("adapter", (0, 0)).with_language().slots == (0, 0, 0)


@pytest.mark.parametrize("layers", [(0, 2), (-1,), (), (1, 1)])
def test_layers_outside_the_model_are_refused(layers: tuple[int, ...]) -> None:
    with pytest.raises(InputError, match="The model has 2 layers"):
        ModuleSpec("adapter", (0,), layers).chosen_layers(2)


def test_layers_default_to_all() -> None:
    assert ModuleSpec("adapter", (0,)).chosen_layers(3) == (0, 1, 2)
    assert ModuleSpec("adapter", (0,), (2, 0)).chosen_layers(3) == (2, 0)


@pytest.mark.parametrize("slots", [(0, 1), (0, 1, 3), (1, 2, 3), (0, 1, 2, 3), (), (0, -1, 1)])
def test_slots_that_do_not_fit_the_languages_are_refused(slots: tuple[int, ...]) -> None:
    with pytest.raises(InputError, match="numbered without gaps"):
        ModuleSpec("adapter", slots).check_slots(3)
