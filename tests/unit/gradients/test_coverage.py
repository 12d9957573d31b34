from torch import nn

from isogloss.gradients.coverage import coverage, slab_names
from isogloss.models import TokenClassifier
from unit.models import toys as models


def test_shares_count_numbers_and_leave_frozen_and_specific_ones_out() -> None:
    model = nn.ModuleDict({"a": nn.Linear(3, 1), "b": nn.Linear(4, 1)})
    parameters = dict(model.named_parameters())
    parameters["b.bias"].requires_grad_(False)
    found = coverage(parameters, ["a.bias"], ["a.weight"], {"b.weight": "because"})
    assert (found.seen, found.shared) == (3, 7)
    assert found.unseen == {"b.weight": "because"}
    assert found.language_specific == ("a.bias",)
    text = str(found)
    assert "42.9% of 7" in text and "b.weight (because)" in text and "1 slabs" in text


def test_nothing_shared_is_seen_whole() -> None:
    assert coverage({}, [], [], {}).share == 1.0


def test_slabs_are_found_inside_a_task_model_too() -> None:
    """Languages named like parts of the word adapter change nothing."""
    model = models.toy_model(models.adapters(), languages=models.HOSTILE)
    names = set(dict(TokenClassifier(model, 2).named_parameters()))
    slabs = slab_names(TokenClassifier(model, 2))
    assert len(slabs) == 16
    assert set(slabs) <= names
    assert not [name for name in slabs if "language_modules" not in name]
