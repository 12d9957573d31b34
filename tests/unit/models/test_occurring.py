"""Training the embeddings that occur alone, against training the whole table."""

import copy

import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from isogloss.gradients import GradientEngine
from isogloss.models import ATTACHMENTS, TokenClassifier, occurring_rows
from isogloss.models.occurring import OccurringRows
from unit.models.toys import toy_config, toy_model

KNOWN = [0, 2, 3, 7, 11, 19, 23, 41]


def batches(n: int) -> list[tuple[Tensor, Tensor]]:
    """Return batches of known tokens; each holds only some of them."""
    generator = torch.Generator().manual_seed(0)
    chosen = torch.tensor(KNOWN)
    return [
        (
            chosen[torch.randint(place % 4, 4 + place % 5, (3, 6), generator=generator)],
            torch.randint(0, 3, (18,), generator=generator),
        )
        for place in range(n)
    ]


def trained(classifier: TokenClassifier, decay: float = 0.0) -> None:
    """Train for some updates with fused AdamW, gradients clipped."""
    parameters = list(classifier.parameters())
    optimizer = torch.optim.AdamW(parameters, lr=0.01, weight_decay=decay, fused=True)
    for ids, labels in batches(6):
        cross_entropy(classifier(ids, None, None).flatten(0, 1), labels).backward()
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        optimizer.zero_grad()


def table(classifier: TokenClassifier) -> Tensor:
    return classifier.model.backbone.get_input_embeddings().weight.detach()


@pytest.mark.parametrize("model_type", ATTACHMENTS)
def test_the_update_is_that_of_the_whole_table(model_type: str) -> None:
    dense = TokenClassifier(toy_model(model_type=model_type), 3)
    sparse = copy.deepcopy(dense)
    names = [name for name, _ in dense.named_parameters()]
    trained(dense)
    with occurring_rows(sparse.model, KNOWN):
        trained(sparse)
    assert [name for name, _ in sparse.named_parameters()] == names
    for name, value in sparse.named_parameters():
        torch.testing.assert_close(value, dense.get_parameter(name), atol=2e-6, rtol=1e-5)


def test_decay_leaves_rows_alone_that_do_not_occur() -> None:
    """There, and only there, the whole table is moved otherwise."""
    dense = TokenClassifier(toy_model(), 3)
    sparse, start = copy.deepcopy(dense), table(dense).clone()
    trained(dense, decay=0.1)
    with occurring_rows(sparse.model, KNOWN):
        trained(sparse, decay=0.1)
    absent = [token for token in range(len(start)) if token not in KNOWN]
    assert torch.equal(table(sparse)[absent], start[absent])
    torch.testing.assert_close(table(dense)[absent], start[absent] * (1 - 0.01 * 0.1) ** 6)
    torch.testing.assert_close(table(sparse)[KNOWN], table(dense)[KNOWN], atol=2e-6, rtol=1e-5)


def test_a_token_outside_is_read_and_never_trained_in_silence() -> None:
    model = toy_model()
    ids = torch.tensor([[2, 7, 60, 61], [3, 11, 60, 2]])
    expected = model.encode(ids, None, None)
    with occurring_rows(model, KNOWN):
        with torch.no_grad():
            assert torch.equal(model.encode(ids, None, None), expected)
        with pytest.raises(RuntimeError, match=r"not told of: \[60, 61\]"):
            model.encode(ids, None, None)


def test_gradients_by_language_see_all_that_is_trained() -> None:
    model = toy_model()
    with occurring_rows(model, KNOWN):
        engine = GradientEngine(model)
        with engine.watch([0, 1]):
            loss = model(torch.tensor([[2, 7, 3], [3, 11, 2]]), None, None).square().sum()
        loss.backward()
        assert engine.take().coverage.share == 1.0


def test_padding_has_no_gradient() -> None:
    model = toy_model(model_type="xlm-roberta", config=toy_config("xlm-roberta"))
    with occurring_rows(model, KNOWN):
        ids = torch.tensor([[2, 7, 0, 0]])
        model.encode(ids, (ids > 0).long(), None).square().sum().backward()
        inside = model.backbone.get_input_embeddings()
        assert isinstance(inside, OccurringRows)
        gradient = inside.rows.weight.grad
        assert gradient is not None and not gradient[KNOWN.index(0)].any()
        assert gradient[KNOWN.index(7)].any()


def test_what_is_not_trained_stays_as_it_is() -> None:
    model = toy_model().requires_grad_(False)
    whole = model.backbone.get_input_embeddings()
    with occurring_rows(model, KNOWN):
        assert model.backbone.get_input_embeddings() is whole
    model.requires_grad_(True)
    with pytest.raises(KeyboardInterrupt), occurring_rows(model, KNOWN):
        raise KeyboardInterrupt
    assert model.backbone.get_input_embeddings() is whole
