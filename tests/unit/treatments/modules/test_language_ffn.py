import pytest
import torch

import toys
from isogloss.core import InputError
from isogloss.training import SlotAdamW
from isogloss.treatments import LanguageFeedForward, build_treatment


def test_a_slot_for_each_language() -> None:
    [spec] = LanguageFeedForward().apply(toys.plan(toys.HOSTILE)).modules
    assert (spec.kind, spec.slots, spec.layers) == ("feed_forward", (0, 1, 2), None)
    assert spec.options == {}, "how it begins is settled by the model: from scratch or checkpoint"


def test_the_claim_a_language_learns_from_no_other() -> None:
    """Rows of other languages in the batch leave a language's layers as they were, to the bit."""
    plan = LanguageFeedForward().apply(toys.plan(toys.HOSTILE))
    model = toys.model(plan)
    optimizer = SlotAdamW(
        model.named_parameters(), model.language_specific_names(), plan.step.optimizer
    )
    before = toys.weights(model)
    present = torch.tensor([0, 2, 0])
    model(torch.randint(5, 30, (3, 9)), None, present).pow(2).sum().backward()
    optimizer.step(1.0, present)
    after = toys.weights(model)
    for name in model.language_specific_names():
        moved = [not torch.equal(after[name][slot], before[name][slot]) for slot in range(3)]
        assert moved == [True, False, True], name
    for name in model.replaced_parameters():
        assert torch.equal(after[name], before[name]), name


def test_languages_agree_exactly_when_their_layers_do() -> None:
    plan = LanguageFeedForward().apply(toys.plan())
    model = toys.model(plan).eval()
    rows, language = torch.randint(5, 30, (1, 9)).expand(2, -1), torch.tensor([0, 1])
    first, second = model(rows, None, language)
    assert not torch.allclose(first, second, atol=1e-4)
    with torch.no_grad():
        for slab in model.language_specific_parameters().values():
            slab[1] = slab[0]
    torch.testing.assert_close(*model(rows, None, language), atol=1e-6, rtol=1e-6)


def test_copies_begin_as_the_untreated_model() -> None:
    plan = LanguageFeedForward("copy").apply(toys.plan())
    ids, language = torch.randint(5, 30, (2, 9)), torch.tensor([0, 1])
    plain, treated = (toys.model(one).eval() for one in (toys.plan(), plan))
    found, expected = treated(ids, None, language), plain(ids, None, language)
    torch.testing.assert_close(found, expected, atol=1e-6, rtol=1e-6)


def test_the_shared_weights_begin_as_those_of_the_untreated_model() -> None:
    treated = toys.weights(toys.model(LanguageFeedForward().apply(toys.plan())))
    for name, value in toys.weights(toys.model(toys.plan())).items():
        assert torch.equal(treated[name], value)


def test_other_words_are_refused_at_the_door() -> None:
    with pytest.raises(InputError, match="initialise"):
        build_treatment("language_ffn", {"initialise": "same"})
