import pytest
import torch

from isogloss.gradients import GradientEngine, SketchSum, cosines
from isogloss.gradients.block import Block
from isogloss.gradients.sketch import sign_sketch
from unit.gradients import toys
from unit.models import toys as models


def test_a_short_gradient_is_kept_whole() -> None:
    rows = torch.randn(3, 40)
    sketch = sign_sketch(Block(rows), "a", k=64)
    torch.testing.assert_close(sketch @ sketch.T, rows @ rows.T)


def test_inner_products_are_right_on_average_and_near_each_time() -> None:
    rows = torch.randn(2, 30_000)
    rows[1] += rows[0]
    exact = float(cosines(rows @ rows.T)[0, 1])
    sketches = [sign_sketch(Block(rows), str(name)) for name in range(60)]
    found = torch.tensor([float(cosines(s @ s.T)[0, 1]) for s in sketches])
    assert float((found - exact).abs().max()) < 0.1
    assert float(found.mean()) == pytest.approx(exact, abs=0.01)


def test_rows_of_a_table_are_sketched_as_the_table() -> None:
    values, tokens = torch.randn(2, 3, 10), torch.tensor([1, 4, 600_000])
    for name in ("a", "b"):
        of_tokens = sign_sketch(Block(values, tokens), name, k=64)
        dense = Block(values, tokens).dense(torch.Size([600_001, 10]))
        torch.testing.assert_close(of_tokens, sign_sketch(Block(dense), name, k=64))


def test_names_have_signs_of_their_own_and_always_the_same() -> None:
    ones = Block(torch.ones(1, 5_000))
    assert torch.equal(sign_sketch(ones, "a"), sign_sketch(ones, "a"))
    assert not torch.equal(sign_sketch(ones, "a"), sign_sketch(ones, "b"))


def test_sketches_add_over_micro_batches_where_gramians_do_not() -> None:
    """Two micro-batches, of other languages each, against the batch in one."""
    of = toys.case((0, 0, 1, 1, 2, 2), padded=False)
    model = models.toy_model().double()
    whole = toys.gramian(
        toys.gradients(lambda: of.losses(model), model),
        [name for name, _ in model.named_parameters()],
        [0, 1, 2],
    )
    engine = GradientEngine(model, sketch=1024)
    total = SketchSum(engine.units, n_languages=4)
    gramians = torch.zeros(3, 3, dtype=torch.float64)
    for rows in ([0, 2], [1, 3, 4, 5]):
        kept = torch.tensor(rows)
        place = {row: index for index, row in enumerate(rows)}
        target_row = torch.tensor([place[int(row)] for row in of.row if int(row) in place])
        with engine.watch(of.language[kept], target_row):
            losses = of.losses(model, kept)
        losses.sum().backward()
        found = engine.take()
        total.add(found.languages, dict(found.sketches))
        for gramian in found.by_unit.values():
            index = torch.tensor(found.languages)
            gramians[index[:, None], index] += gramian
    assert total.languages == (0, 1, 2)
    estimated = torch.stack(list(total.gramians().values())).sum(0)
    assert (cosines(estimated) - cosines(whole)).abs().max() < 0.05
    torch.testing.assert_close(estimated.diagonal(), whole.diagonal(), rtol=0.1, atol=0)
    assert not torch.allclose(gramians, whole, rtol=0.1)
