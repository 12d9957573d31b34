import pytest
import torch

import toys
from isogloss.core import InputError
from isogloss.models import MultilingualModel
from isogloss.treatments import LanguageAdapters, SharedAdapter, build_treatment


def model_of(treatment: SharedAdapter | LanguageAdapters) -> MultilingualModel:
    return toys.model(treatment.apply(toys.plan(toys.HOSTILE)))


def test_one_slot_for_all() -> None:
    [spec] = SharedAdapter(8, layers=(0,)).apply(toys.plan(toys.HOSTILE)).modules
    assert (spec.kind, spec.slots, spec.layers, spec.shared) == ("adapter", (0, 0, 0), (0,), True)
    assert spec.options == {"bottleneck": 8, "initialise": "linear"}


def test_the_claim_the_same_for_all_languages_and_trained_by_all() -> None:
    model = model_of(SharedAdapter(8))
    hidden = model.encode(torch.randint(5, 30, (1, 9)).expand(3, -1), None, torch.arange(3))
    torch.testing.assert_close(hidden, hidden[:1].expand_as(hidden), atol=1e-6, rtol=1e-6)
    hidden.square().sum().backward()
    assert not model.language_specific_names()
    slabs = [p for name, p in model.named_parameters() if name.startswith("language_modules.")]
    assert slabs and all(slab.shape[0] == 1 and slab.grad is not None for slab in slabs)


def test_as_many_numbers_as_one_language_has_and_counted_as_shared() -> None:
    """n 2 (2 d b + d + b), spec b.1."""
    n, d, b = 2, 64, 8
    own, shared = model_of(LanguageAdapters(b)), model_of(SharedAdapter(b))
    for one, all_share in zip(own.parameter_table(), shared.parameter_table(), strict=True):
        assert one.language_specific == n * 2 * (2 * d * b + d + b)
        assert all_share.language_specific == 0
        assert all_share.shared == one.shared + one.language_specific


def test_groups_make_no_sense_here() -> None:
    with pytest.raises(InputError, match="options of `shared_adapter`: bottleneck, initialise"):
        build_treatment("shared_adapter", {"groups": [["en"]]})
