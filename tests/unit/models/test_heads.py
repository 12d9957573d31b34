from collections.abc import Iterator

import pytest
import torch
from torch import nn

from isogloss.models import ATTACHMENTS, SequenceClassifier, TokenClassifier
from unit.models.toys import adapters, ids, toy_model

HEADS = [TokenClassifier, SequenceClassifier]


@pytest.mark.parametrize(("head", "shape"), [(HEADS[0], (4, 12, 5)), (HEADS[1], (4, 5))])
def test_shapes(head: type, shape: tuple[int, ...]) -> None:
    classifier = head(toy_model(adapters()), 5)
    assert classifier(ids(4), None, torch.tensor([0, 1, 2, 0])).shape == shape


def test_a_row_is_classified_by_its_first_position() -> None:
    model = toy_model()
    sequence, token = SequenceClassifier(model, 3, seed=4), TokenClassifier(model, 3, seed=4)
    logits = sequence(ids(2), None, None)
    torch.testing.assert_close(logits, token(ids(2), None, None)[:, 0])


@pytest.mark.parametrize("model_type", ATTACHMENTS)
@pytest.mark.parametrize("head", HEADS)
def test_labelled_positions_alone_give_the_same_update(head: type, model_type: str) -> None:
    """Logits and gradients, in padded rows of several languages, whatever the rest would be."""
    classifier = head(toy_model(adapters(), model_type=model_type), 3, seed=1).double()
    tokens, mask = ids(4), torch.ones(4, 12, dtype=torch.long)
    mask[1, 7:] = 0
    batch = (tokens, mask, torch.tensor([0, 0, 1, 2]))
    rows = torch.tensor([0, 0, 1, 2, 3, 3]) if head is TokenClassifier else torch.arange(4)
    columns = torch.tensor([1, 4, 2, 11, 0, 5]) if head is TokenClassifier else rows * 0
    logits = classifier(*batch)
    expected = logits[rows, columns] if head is TokenClassifier else logits
    found = classifier(*batch, rows * 12 + columns)
    close = {"rtol": 1e-4, "atol": 1e-6}  # EuroBERT norms in float32 whatever the rest is in
    torch.testing.assert_close(found, expected, **close)
    parameters = list(used(classifier))
    wanted, gradients = (
        torch.autograd.grad(one.square().sum(), parameters, allow_unused=True)
        for one in (expected, found)
    )
    assert sum(one is not None for one in wanted) > len(wanted) / 2
    for one, other in zip(gradients, wanted, strict=True):
        torch.testing.assert_close(one, other, **close)


def used(classifier: nn.Module) -> Iterator[nn.Parameter]:
    """Yield what a task trains: all but the masked-LM head."""
    model = classifier.model
    others = {id(one) for one in model.attachment.head_parameters(model.backbone)}
    yield from (one for one in classifier.head.parameters())
    yield from (one for one in model.parameters() if id(one) not in others)


@pytest.mark.parametrize("head", HEADS)
def test_initial_values_come_from_the_seed_alone(head: type) -> None:
    model = toy_model()
    state = torch.get_rng_state()
    first, same, other = head(model, 3, seed=1), head(model, 3, seed=1), head(model, 3, seed=2)
    assert torch.equal(first.head.weight, same.head.weight)
    assert not torch.equal(first.head.weight, other.head.weight)
    assert torch.equal(state, torch.get_rng_state())


@pytest.mark.parametrize("head", HEADS)
def test_dropout_acts_in_training_only(head: type) -> None:
    classifier = head(toy_model(), 3, dropout=0.5)
    assert not torch.equal(classifier(ids(2), None, None), classifier(ids(2), None, None))
    classifier.eval()
    assert torch.equal(classifier(ids(2), None, None), classifier(ids(2), None, None))


@pytest.mark.parametrize("head", HEADS)
def test_everything_is_trained(head: type) -> None:
    classifier = head(toy_model(adapters()), 3)
    classifier(ids(3), None, torch.tensor([0, 1, 2])).square().sum().backward()
    without = {name for name, value in classifier.named_parameters() if value.grad is None}
    # The masked-LM head takes no part in a task.
    assert all(
        name.startswith(("model.backbone.head", "model.backbone.decoder")) for name in without
    )
