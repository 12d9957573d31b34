from typing import Any

import pytest
import torch

import toys
from isogloss.diagnosis.sharing.gates import frozen, gate_places, gate_sizes
from isogloss.diagnosis.sharing.losses import Criterion, GatedText
from unit.evaluation.toys import LetterTokenizer

EN, SW = toys.PAIR
TOKENIZER: Any = LetterTokenizer()


@pytest.fixture(scope="module")
def model() -> Any:
    return toys.model(toys.plan())


def text(model: Any, *sets: tuple[Any, int], criterion: Criterion = "masked_lm") -> GatedText:
    corpora: Any = toys.corpora(toys.PAIR)
    places = gate_places(model, "columns")
    return GatedText(model, places, corpora, sets, TOKENIZER, 3, 12, 0.3, criterion)


def gates(of: GatedText, value: float) -> torch.Tensor:
    return torch.full((len(of.sets), len(gate_sizes(of.places))), value)


@pytest.mark.parametrize("criterion", ["masked_lm", "representation"])
def test_a_set_reads_the_same_whatever_stands_beside_it(model: Any, criterion: Criterion) -> None:
    together = text(model, (EN, 0), (EN, 1), (SW, 0), criterion=criterion)
    with frozen(model):
        found = together(5, gates(together, 0.8))
        alone = [
            text(model, one, criterion=criterion)(5, gates(together, 0.8)[:1])
            for one in together.sets
        ]
        other = together(6, gates(together, 0.8))
    assert torch.allclose(found, torch.cat(alone), atol=1e-5)
    assert not torch.allclose(found, other)
    assert len(set(found.tolist())) == 3, "seeds and languages read different text"


def test_representation_counts_from_nothing_lost(model: Any) -> None:
    one = text(model, (EN, 0), (SW, 0), criterion="representation")
    with frozen(model):
        whole, closed = (one(0, gates(one, value)) for value in (1.0, 0.0))
    assert whole.tolist() == pytest.approx([0, 0], abs=1e-8)
    assert (closed > 1e-6).all(), "an untrained model adds little to its embeddings"


def test_gradients_of_a_set_are_its_own(model: Any) -> None:
    one = text(model, (EN, 0), (SW, 0))
    z = gates(one, 0.9).requires_grad_(True)
    with frozen(model):
        one(0, z)[0].backward()
    assert z.grad is not None
    assert bool((z.grad[0] != 0).any())
    assert not z.grad[1].any()


@pytest.mark.parametrize("criterion", ["masked_lm", "representation"])
def test_samples_of_gates_share_the_rows_of_their_set(model: Any, criterion: Criterion) -> None:
    one = text(model, (EN, 0), (SW, 0), criterion=criterion)
    open_, closed = gates(one, 1.0), gates(one, 0.0)
    with frozen(model):
        same = one(0, open_.repeat_interleave(3, dim=0))
        mixed = one(0, torch.stack([open_[0], closed[0], open_[0], *open_[:1].expand(3, -1)]))
    assert torch.allclose(same, one(0, open_), atol=1e-6)
    assert not torch.allclose(mixed[0], same[0], atol=1e-7)
    assert torch.allclose(mixed[1], same[1], atol=1e-6)


def test_some_of_the_sets(model: Any) -> None:
    one = text(model, (EN, 0), (EN, 1), (SW, 0))
    assert one.only(slice(1, 3)).sets == ((EN, 1), (SW, 0))
