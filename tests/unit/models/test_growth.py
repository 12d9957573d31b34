import pytest
import torch

from isogloss.core import InputError, Language
from isogloss.models import ATTACHMENTS, ModuleSpec
from isogloss.models.growth import source_of_new_slot
from unit.models.toys import HOSTILE, LANGUAGES, adapters, ids, toy_model

OLD = torch.tensor([0, 1, 2, 1, 0])
INITIALISE = ["mean", "random", "copy:tel"]


@pytest.mark.parametrize("initialise", INITIALISE)
@pytest.mark.parametrize("model_type", ATTACHMENTS)
def test_old_languages_keep_their_bits(model_type: str, initialise: str) -> None:
    model = toy_model(adapters(), ModuleSpec("adapter", (0, 0, 1)), model_type=model_type)
    before = model.encode(ids(5), None, OLD)
    model.add_language(HOSTILE[0], initialise)
    assert torch.equal(model.encode(ids(5), None, OLD), before)
    mixed = model.encode(torch.cat([ids(5), ids(1)]), None, torch.tensor([*OLD, 3]))
    torch.testing.assert_close(mixed[:5], before, atol=1e-6, rtol=0)


def test_the_new_slot() -> None:
    copied, averaged, drawn = toy_model(adapters()), toy_model(adapters()), toy_model(adapters())
    copied.add_language(HOSTILE[0], "copy:Telugu")
    averaged.add_language(HOSTILE[0])
    drawn.add_language(HOSTILE[0], "random")
    for name, slab in copied.language_specific_parameters().items():
        assert slab.shape[0] == 4
        assert torch.equal(slab[3], slab[1])
        torch.testing.assert_close(averaged.get_parameter(name)[3], slab[:3].mean(0))
    one = "language_modules.adapter_0.layer_0.places.attention.down"
    # Drawn as if the language had been there from the start.
    complete = toy_model(adapters(4), languages=(*LANGUAGES, HOSTILE[0]))
    assert torch.equal(drawn.get_parameter(one), complete.get_parameter(one))


def test_a_module_for_all_serves_the_new_language_too() -> None:
    model = toy_model(ModuleSpec.for_all("adapter", 3))
    before = dict(model.named_parameters())
    model.add_language(HOSTILE[0])
    assert all(before[name] is value for name, value in model.named_parameters())
    hidden = model.encode(ids(2, 5)[[0, 0]], None, torch.tensor([0, 3]))
    torch.testing.assert_close(hidden[0], hidden[1])


def test_the_new_language_learns_alone() -> None:
    model = toy_model(adapters())
    model.add_language(HOSTILE[0])
    model.encode(ids(2), None, torch.tensor([3, 3])).square().sum().backward()
    for slab in model.language_specific_parameters().values():
        assert slab.grad is not None
        assert slab.grad[3].any() and not slab.grad[:3].any()


def test_frozen_modules_stay_frozen() -> None:
    model = toy_model(adapters())
    model.language_modules.requires_grad_(False)
    model.add_language(HOSTILE[0])
    assert not any(slab.requires_grad for slab in model.language_specific_parameters().values())


@pytest.mark.parametrize("initialise", ["median", "copy:fra", "copy:jap", "copy:"])
def test_what_cannot_be_copied_is_refused_and_nothing_changes(initialise: str) -> None:
    model = toy_model(adapters())
    with pytest.raises(InputError):
        model.add_language(HOSTILE[0], initialise)
    assert model.languages == LANGUAGES
    assert model.specs == (adapters(),)


def test_a_language_is_added_once() -> None:
    with pytest.raises(InputError, match="Name each language once"):
        toy_model(adapters()).add_language(LANGUAGES[1])


def test_copy_goes_by_identity() -> None:
    assert source_of_new_slot("copy:tel-Telu", LANGUAGES) == 1
    assert source_of_new_slot("copy:te", LANGUAGES) == 1
    with pytest.raises(InputError):
        source_of_new_slot("copy:tel-Latn", LANGUAGES)
    assert source_of_new_slot("mean", (Language.parse("te"),)) is None
