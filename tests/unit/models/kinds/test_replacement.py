import copy
from functools import partial

import pytest
import torch
from torch import nn

from isogloss.core import InputError
from isogloss.models import ModuleSpec
from isogloss.models.kinds.contract import LanguageModule, Site
from isogloss.models.kinds.replacement import options_of, stacked, stand_in, starts_as_copy
from unit.models.toys import toy_model


class Twice(nn.Module):
    """Says with which slots it is called."""

    def forward(self, x: torch.Tensor, slots: tuple[int, ...]) -> torch.Tensor:
        return x * len(slots)


class Toy(LanguageModule):
    """Stands for the first layer's output map."""

    def __init__(self, spec: ModuleSpec, site: Site) -> None:
        super().__init__(spec, site)
        self.replaced = site.paths(("mlp.Wo",))
        self.maps = nn.ModuleDict({"anything": Twice()})

    def attach(self, site: Site) -> None:
        stand_in(self, self.maps, site)


def test_slabs_do_the_work_of_frozen_originals() -> None:
    model = toy_model()
    site = model.site(0, 0)
    module = Toy(ModuleSpec("toy", (0, 1, 2)), site)
    original = site.layer.get_submodule("mlp.Wo")
    assert module.replaced == ("model.layers.0.mlp.Wo",)
    assert original is site.backbone.get_submodule(module.replaced[0])
    module.attach(site)
    assert torch.equal(original(torch.ones(2)), torch.full((2,), 3.0))
    module.slots = (0, 1, 2, 3)  # as when a language is added
    assert torch.equal(original(torch.ones(2)), torch.full((2,), 4.0))
    assert not any(parameter.requires_grad for parameter in original.parameters())
    assert site.layer.get_submodule("mlp.Wi").weight.requires_grad


def test_a_deep_copy_calls_its_own_module() -> None:
    model = toy_model()
    site = model.site(0, 0)
    module = Toy(ModuleSpec("toy", (0, 1, 2)), site)
    module.attach(site)
    model.register_module("toy", module)
    twin = copy.deepcopy(model)
    twin.toy.slots = (0,)
    first, second = (one.backbone.get_submodule(module.replaced[0]) for one in (model, twin))
    assert torch.equal(first(torch.ones(2)), torch.full((2,), 3.0))
    assert torch.equal(second(torch.ones(2)), torch.ones(2))
    assert isinstance(first.forward, partial)


def test_equal_modules_become_slabs() -> None:
    first, second = nn.Linear(3, 2), nn.Linear(3, 2)
    slabs = stacked([first, second, first])
    assert {name: tuple(slab.shape) for name, slab in slabs.items()} == {
        "weight": (3, 2, 3),
        "bias": (3, 2),
    }
    assert torch.equal(slabs["weight"][1], second.weight)
    assert not slabs["weight"].requires_grad
    slabs["bias"][2] = 7
    assert not torch.equal(first.bias, slabs["bias"][2]), "a copy, not a view"


def test_options_have_defaults_and_no_other_names() -> None:
    defaults = {"initialise": "independent", "norms": "all"}
    spec = ModuleSpec("toy", (0,), None, {"norms": "inside"})
    assert options_of(spec, defaults) == {"initialise": "independent", "norms": "inside"}
    with pytest.raises(InputError, match="option of the `toy` modules: one of initialise, norms"):
        options_of(ModuleSpec("toy", (0,), None, {"initialize": "copy"}), defaults)


def test_how_slots_begin() -> None:
    assert starts_as_copy("copy")
    assert not starts_as_copy("independent")
    with pytest.raises(InputError, match="one of copy, independent"):
        starts_as_copy("same")
