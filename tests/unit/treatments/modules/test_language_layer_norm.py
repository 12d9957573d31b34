import pytest
import torch

import toys
from isogloss.core import InputError
from isogloss.models import MultilingualModel
from isogloss.treatments import LanguageLayerNorm, build_treatment


def model_of(treatment: LanguageLayerNorm) -> MultilingualModel:
    return toys.model(treatment.apply(toys.plan(toys.HOSTILE)))


def test_a_slot_for_each_language() -> None:
    [spec] = LanguageLayerNorm().apply(toys.plan(toys.HOSTILE)).modules
    assert (spec.kind, spec.slots, spec.options) == ("layer_norm", (0, 1, 2), {"norms": "all"})


def test_it_begins_as_the_untreated_model() -> None:
    rows, language = torch.randint(5, 30, (3, 9)), torch.arange(3)
    plain, treated = (
        toys.model(toys.plan(toys.HOSTILE)).eval(),
        model_of(LanguageLayerNorm()).eval(),
    )
    found, expected = treated(rows, None, language), plain(rows, None, language)
    torch.testing.assert_close(found, expected, atol=1e-6, rtol=1e-6)


def test_the_claim_few_numbers_and_no_other_language() -> None:
    """2 n + 1 norms of one scale each in ModernBERT; a batch moves its own language's alone."""
    model = model_of(LanguageLayerNorm())
    assert [row.language_specific for row in model.parameter_table()] == [(2 * 2 + 1) * 64] * 3
    model(torch.randint(5, 30, (2, 9)), None, torch.tensor([1, 1])).pow(2).sum().backward()
    for slab in model.language_specific_parameters().values():
        assert slab.grad is not None
        assert [bool(one.any()) for one in slab.grad] == [False, True, False]


def test_inside_leaves_the_outer_norms_shared() -> None:
    shared = model_of(LanguageLayerNorm("inside")).shared_parameters()
    assert {"backbone.model.embeddings.norm.weight", "backbone.model.final_norm.weight"} <= set(
        shared
    )


@pytest.mark.parametrize("option", [{"norms": "outer"}, {"initialise": "ones"}])
def test_other_words_are_refused_at_the_door(option: dict[str, str]) -> None:
    with pytest.raises(InputError, match=next(iter(option))):
        build_treatment("language_layer_norm", option)
