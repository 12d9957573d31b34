"""What training asks of every architecture, beside what the tests of modules and engine do."""

import pytest
import torch

import toys
from isogloss.models import ATTACHMENTS
from isogloss.treatments import build_treatment
from unit.models.toys import toy_config, toy_model

TYPES = pytest.mark.parametrize("model_type", ATTACHMENTS)


@TYPES
@pytest.mark.parametrize("name", ["meta_adapters", "pcgrad", "sequential_reptile"])
def test_steps_that_need_more_than_one_gradient(model_type: str, name: str) -> None:
    """Second derivatives, gradients by language and slow weights move what they should."""
    of = build_treatment(name, {}).apply(toys.plan())
    config = toy_config(model_type, vocab_size=toys.LetterTokenizer.vocabulary_size)
    model = toy_model(*of.modules, config=config, languages=of.languages)
    one = toys.training(of, model=model)
    before = toys.weights(model)
    for update in range(2):
        one.step.update(update, one.sampler.batch(update))
    after = toys.weights(model)
    assert all(bool(value.isfinite().all()) for value in after.values())
    inside = [key for key in after if key.startswith(f"backbone.{model.attachment.layers}.")]
    moved = {key for key in after if not torch.equal(after[key], before[key])}
    assert moved.intersection(inside)
    assert moved.issuperset(model.language_specific_names())
