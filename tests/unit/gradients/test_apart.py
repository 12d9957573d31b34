"""A pass a language against one pass over all rows."""

import pytest
import torch

from isogloss.gradients import GradientEngine, OnePass, runs_apart
from isogloss.models import MultilingualModel
from unit.gradients import toys
from unit.models import toys as models


def loss_of(of: toys.Case, model: MultilingualModel, language: int) -> torch.Tensor:
    return of.losses(model)[language]


@pytest.mark.parametrize("architecture", ["modernbert", "eurobert"])
@pytest.mark.parametrize("surgery", [True, False])
def test_the_gramians_are_those_of_one_pass(architecture: str, surgery: bool) -> None:
    """Also what is left out: with a surgery, modules that are run again (EuroBERT's norms)."""
    of = toys.case((2, 0, 1, 0, 2, 1))
    model = models.toy_model(models.adapters(), model_type=architecture).double()
    engine = GradientEngine(model)
    ways = {"surgery": lambda unit, gramian: torch.ones(3)} if surgery else {}
    with engine.watch(of.language, of.row, **ways):  # type: ignore[arg-type]
        losses = of.losses(model)
    losses.sum().backward()
    expected = engine.take()
    kept = engine.keep()
    for language in range(3):
        kept.add(language, loss_of(of, model, language))
    found = kept.take(surgery=surgery)
    assert found.languages == expected.languages
    assert list(found.by_unit) == list(expected.by_unit)
    for unit, gramian in expected.by_unit.items():
        torch.testing.assert_close(found.by_unit[unit], gramian, rtol=1e-4, atol=1e-7)
    assert found.coverage == expected.coverage


def test_the_direction_is_the_weighted_sum_and_is_used_up() -> None:
    of = toys.case((0, 0, 1, 1, 2, 2))
    model = models.toy_model().double()
    kept = GradientEngine(model).keep()
    for language in range(3):
        kept.add(language, loss_of(of, model, language))
    assert all(parameter.grad is None for parameter in model.parameters())
    weights = torch.tensor([0.5, 2.0, -1.0])
    wanted = of.losses(model) @ weights.double()
    expected = torch.autograd.grad(wanted, list(model.parameters()), allow_unused=True)
    for unit in kept.take().by_unit:  # the decoder shares the embeddings: named twice in a unit
        kept.direct(weights, kept.names_of(unit))
    kept.direct(weights, kept.names)
    kept.direct(weights, kept.names)  # nothing is left to add
    for (name, parameter), gradient in zip(model.named_parameters(), expected, strict=True):
        torch.testing.assert_close(parameter.grad, gradient, msg=name)


@pytest.mark.parametrize(
    ("languages", "positions", "one_pass", "expected"),
    [
        (2, 2048, "module", True),
        (4, 2048, "module", False),
        (4, 2048, "measure", True),
        (8, 2048, "measure", False),
        (16, 2048, "model", True),
        (2, 96, "model", False),
    ],
)
def test_few_positions_run_together(
    languages: int, positions: int, one_pass: OnePass, expected: bool
) -> None:
    assert runs_apart(languages, positions, 1000, one_pass=one_pass) is expected


def test_memory_is_a_limit() -> None:
    """Four bytes a number and language."""
    assert runs_apart(2, 4096, 1000, memory_limit=8000)
    assert not runs_apart(2, 4096, 1000, memory_limit=7999)
