import pytest
import torch

import toys
from isogloss.core import InputError
from isogloss.treatments import LanguageAttention, build_treatment


def test_a_slot_for_each_language() -> None:
    [spec] = LanguageAttention("copy", (1,)).apply(toys.plan(toys.HOSTILE)).modules
    assert (spec.kind, spec.slots, spec.layers) == ("attention", (0, 1, 2), (1,))
    assert spec.options == {"initialise": "copy"}


@pytest.mark.parametrize("present", range(3))
def test_the_claim_a_language_learns_from_no_other(present: int) -> None:
    model = toys.model(LanguageAttention().apply(toys.plan(toys.HOSTILE)))
    model(torch.randint(5, 30, (2, 9)), None, torch.full((2,), present)).pow(2).sum().backward()
    for slab in model.language_specific_parameters().values():
        assert slab.grad is not None
        assert [bool(one.any()) for one in slab.grad] == [i == present for i in range(3)]


def test_a_mixed_batch_equals_one_batch_a_language() -> None:
    model = toys.model(LanguageAttention().apply(toys.plan(toys.HOSTILE))).eval()
    rows, language = torch.randint(5, 30, (6, 9)), torch.tensor([2, 0, 1, 1, 0, 1])
    mixed = model.encode(rows, None, language)
    for index in range(3):
        alone = model.encode(rows[language == index], None, language[language == index])
        torch.testing.assert_close(mixed[language == index], alone, atol=1e-6, rtol=1e-6)


def test_other_words_are_refused_at_the_door() -> None:
    with pytest.raises(InputError, match="initialise"):
        build_treatment("language_attention", {"initialise": "same"})
