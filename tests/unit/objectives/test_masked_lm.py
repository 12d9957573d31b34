import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor
from torch.nn.functional import cross_entropy

import toys
from isogloss.data import Batch
from isogloss.objectives import MaskedLM
from unit.evaluation.toys import LetterTokenizer

LETTERS = LetterTokenizer()


def objective(rate: float = 0.3, seed: int = 1) -> MaskedLM:
    return MaskedLM(rate, LETTERS, 2, seed)  # type: ignore[arg-type]


def batch(rows: int = 6, length: int = 40) -> Batch:
    ids = torch.randint(5, LETTERS.vocabulary_size, (rows, length))
    ids[:, 0], ids[:, 9], ids[:, -3:] = LETTERS.cls_id, LETTERS.sep_id, LETTERS.pad_id
    return Batch(ids, None, (torch.arange(rows) >= rows // 2).long())


def is_special(ids: Tensor) -> Tensor:
    return torch.isin(ids, torch.tensor(LETTERS.special_ids))


def test_shares_of_the_masks() -> None:
    """Of about 36,000 targets 80 % are masked and 10 % left: five standard errors of room."""
    whole = batch(1200, 100)
    found = objective().prepare(whole, 0)
    text = ~is_special(whole.input_ids)
    assert len(found.row) / int(text.sum()) == pytest.approx(0.3, abs=0.007)
    stands = found.batch.input_ids[found.row, found.column]
    masked = (stands == LETTERS.mask_id).float().mean()
    left = (stands == found.labels).float().mean()
    # A random piece may be the mask or the piece itself: 1 in 31.
    assert float(masked) == pytest.approx(0.8 + 0.1 / 31, abs=0.011)
    assert float(left) == pytest.approx(0.1 + 0.1 / 31, abs=0.008)


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10**6), st.sampled_from([0.01, 0.3, 0.99]), st.integers(0, 99))
def test_only_text_is_masked_and_nothing_else_changes(seed: int, rate: float, update: int) -> None:
    whole = batch()
    before = whole.input_ids.clone()
    found = objective(rate, seed).prepare(whole, update)
    assert not is_special(found.labels).any()
    assert torch.equal(found.labels, before[found.row, found.column])
    elsewhere = torch.ones_like(before, dtype=torch.bool)
    elsewhere[found.row, found.column] = False
    assert torch.equal(found.batch.input_ids[elsewhere], before[elsewhere])
    assert torch.equal(whole.input_ids, before), "the batch itself is not touched"
    assert found.count.sum() == len(found.row) > 0


def test_masks_depend_on_seed_and_update_alone() -> None:
    whole = batch()
    first = objective(seed=1).prepare(whole, 5)
    torch.manual_seed(99)
    again = objective(seed=1).prepare(whole, 5)
    assert torch.equal(first.batch.input_ids, again.batch.input_ids)
    for other in (objective(seed=1).prepare(whole, 6), objective(seed=2).prepare(whole, 5)):
        assert not torch.equal(first.batch.input_ids, other.batch.input_ids)


def test_there_is_always_something_to_predict() -> None:
    ids = torch.full((1, 8), LETTERS.pad_id)
    ids[0, 5] = 7
    found = objective(1e-9).prepare(Batch(ids, None, torch.tensor([1])), 0)
    assert found.labels.tolist() == [7]
    assert found.count.tolist() == [0, 1]


def test_logits_at_the_masks_give_the_loss_of_the_full_head() -> None:
    model = toys.model(toys.plan()).eval()
    found = objective().prepare(batch(), 0)
    losses = objective().losses(model, found)

    ids = found.batch.input_ids
    logits = model(ids, None, found.batch.language)
    assert logits.shape == (*ids.shape, LETTERS.vocabulary_size)
    labels = torch.full_like(ids, -100)
    labels[found.row, found.column] = found.labels
    full = cross_entropy(logits.flatten(0, 1), labels.flatten())
    assert torch.allclose(losses.total.sum() / losses.count.sum(), full, atol=1e-6)


def test_losses_of_two_shares_add_up() -> None:
    model = toys.model(toys.plan()).eval()
    whole = objective().prepare(batch(), 0)
    shares = [objective().losses(model, whole.shard(rank, 2)).total for rank in (0, 1)]
    assert torch.allclose(shares[0] + shares[1], objective().losses(model, whole).total, rtol=1e-5)
