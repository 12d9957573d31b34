import pytest

from isogloss.core import InputError
from isogloss.models import KINDS, ModuleSpec
from isogloss.models.attaching import attach_modules, kind_of
from unit.models.toys import toy_model

REPLACING = ("feed_forward", "attention", "layer_norm")


def test_modules_by_spec_and_layer() -> None:
    specs = (ModuleSpec("adapter", (0, 1)), ModuleSpec("attention", (0, 0), (1,)))
    model = toy_model()
    attached = attach_modules(specs, model.site, model.n_layers)
    assert {key: list(modules) for key, modules in attached.items()} == {  # type: ignore[arg-type]
        "adapter_0": ["layer_0", "layer_1"],
        "attention_1": ["layer_1"],
    }


def test_the_kind_of_a_spec() -> None:
    assert all(kind_of(ModuleSpec(name, (0,))) is kind for name, kind in KINDS.items())
    with pytest.raises(InputError, match="Did you mean `feed_forward`"):
        kind_of(ModuleSpec("feedforward", (0,)))


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_replaced_twice(kind: str) -> None:
    """Of two modules in one place the first would never be used."""
    first, second, both = (ModuleSpec(kind, (0, 1, 2), layers) for layers in ((0,), (1,), (0, 1)))
    toy_model(first, second)
    if kind not in REPLACING:
        toy_model(first, both)
        return
    with pytest.raises(InputError, match=f"one set of `{kind}` modules in a layer") as refused:
        toy_model(first, both)
    assert refused.value.found == "a second one in layer 0"


def test_different_parts_go_together() -> None:
    specs = [ModuleSpec(kind, (0, 1, 2)) for kind in KINDS]
    model = toy_model(*specs)
    assert len(model.replaced_parameters()) == 2 * 2 + 2 * 2 + 5
