import pytest
import torch
from torch.nn.functional import cross_entropy

import toys
from isogloss.data import Batch
from isogloss.models import ModuleSpec
from isogloss.objectives import LanguageLosses, Targets, sum_by_language


def targets(*, per_row: bool = False) -> Targets:
    """Five rows of three languages, the third absent; two targets a row, or the row itself."""
    language = torch.tensor([0, 0, 1, 1, 0])
    batch = Batch(torch.arange(30).view(5, 6), torch.ones(5, 6), language)
    row = torch.arange(5) if per_row else torch.arange(5).repeat_interleave(2)
    column = None if per_row else torch.tensor([0, 5, 1, 4, 2, 3, 0, 1, 2, 5])
    return Targets.of(batch, row, column, torch.arange(len(row)) % 7, 3)


def test_language_of_each_target() -> None:
    assert targets().language.tolist() == [0, 0, 0, 0, 1, 1, 1, 1, 0, 0]
    assert targets().count.tolist() == [6, 4, 0]
    assert targets().present == (0, 1)
    assert targets().routing.languages == (0, 1) and targets().routing.counts == (6, 4)


def test_pick_takes_the_targets_of_any_shape() -> None:
    one = targets()
    values = torch.randn(5, 6, 4)
    expected = torch.stack([values[r, c] for r, c in zip(one.row, one.column, strict=True)])
    assert torch.equal(one.pick(values), expected)
    assert torch.equal(targets(per_row=True).pick(values[:, 0]), values[:, 0])


def test_losses_of_the_languages_add_up_to_the_cross_entropy() -> None:
    one, logits = targets(), torch.randn(10, 7)
    losses = sum_by_language(logits, one)
    assert torch.allclose(losses.total.sum(), cross_entropy(logits, one.labels, reduction="sum"))
    assert torch.allclose(
        losses.total[1], cross_entropy(logits[4:8], one.labels[4:8], reduction="sum")
    )
    assert losses.total[2] == 0


def test_the_loss_is_summed_in_fp32() -> None:
    assert sum_by_language(torch.randn(10, 7).bfloat16(), targets()).total.dtype == torch.float32


def test_the_mean_of_an_absent_language_is_no_number() -> None:
    losses = LanguageLosses(torch.tensor([6.0, 0.0]), torch.tensor([3.0, 0.0]))
    assert losses.mean[0] == 2
    assert losses.mean[1].isnan()


@pytest.mark.parametrize("per_row", [False, True])
@pytest.mark.parametrize("world_size", [1, 2, 3, 7])
def test_shares_of_the_processes_add_up(per_row: bool, world_size: int) -> None:
    whole = targets(per_row=per_row)
    values = torch.randn(5, 7) if per_row else torch.randn(5, 6, 7)
    total = torch.zeros(3)
    for rank in range(world_size):
        share = whole.shard(rank, world_size)
        rows = torch.arange(5)[rank::world_size]
        if rank >= 5:
            assert (len(share.batch.language), len(share.row)) == (1, 0), "a row, but no target"
            continue
        assert torch.equal(share.batch.input_ids, whole.batch.input_ids[rows])
        assert torch.equal(share.count, whole.count), "losses are divided by the global count"
        total += sum_by_language(share.pick(values[rows]), share).total
    assert torch.allclose(total, sum_by_language(whole.pick(values), whole).total)


def test_a_process_without_rows_has_gradients_that_are_zero() -> None:
    model = toys.model(toys.plan())
    objective = toys.training(toys.plan()).objective
    batch = Batch(torch.randint(5, 30, (1, 8)), None, torch.tensor([0]))
    share = objective.prepare(batch, 0).shard(1, 2)
    objective.losses(model, share).total.sum().backward()
    gradients = [parameter.grad for parameter in model.parameters()]
    assert all(gradient is not None and not gradient.any() for gradient in gradients)


def test_on_the_cpu_nothing_is_copied() -> None:
    one = targets()
    assert one.to(torch.device("cpu")) is one


def test_another_device_gets_everything() -> None:
    moved = targets().to(torch.device("meta"))
    tensors = (moved.row, moved.column, moved.labels, moved.count, moved.batch.input_ids)
    assert {tensor.device.type for tensor in (*tensors, moved.language)} == {"meta"}
    assert targets(per_row=True).to(torch.device("meta")).column is None


@pytest.mark.parametrize("kind", ["adapter", "feed_forward", "attention", "layer_norm"])
def test_an_update_asks_the_device_for_nothing(kind: str) -> None:
    """Tensors on `meta` have no values: whatever would wait for a GPU raises there."""
    plan = toys.plan(toys.HOSTILE, modules=(ModuleSpec.per_language(kind, 3),))
    one = toys.training(plan)
    targets = one.objective.prepare(one.sampler.batch(0), 0).to(torch.device("meta"))
    model = one.model.to("meta")
    with one.combine.watching(model, targets, one.engine):
        losses = one.objective.losses(model, targets)
    one.combine.backward(losses, model, one.engine)
    slab = next(value for name, value in model.named_parameters() if "language_modules" in name)
    assert slab.grad is not None and slab.grad.device.type == "meta"


def test_a_tensor_of_languages_on_the_device_would_be_waited_for() -> None:
    """The test above sees it: the same pass with languages that have to be fetched."""
    one = toys.training(toys.plan(modules=(ModuleSpec.per_language("adapter", 2),)))
    batch = one.sampler.batch(0).to("meta")
    model = one.model.to("meta")
    with pytest.raises((NotImplementedError, RuntimeError)):
        model(batch.input_ids, None, batch.language.to("meta"))


@pytest.mark.parametrize("per_row", [False, True])
def test_the_targets_of_one_language_come_with_its_rows_alone(per_row: bool) -> None:
    whole = targets(per_row=per_row)
    values = torch.randn(5, 7) if per_row else torch.randn(5, 6, 7)
    expected = sum_by_language(whole.pick(values), whole).total
    for language, rows in enumerate(([0, 1, 4], [2, 3])):
        own = whole.only(language)
        assert torch.equal(own.batch.input_ids, whole.batch.input_ids[rows])
        assert own.routing.languages == (language,)
        assert torch.equal(own.count, whole.count)
        found = sum_by_language(own.pick(values[rows]), own).total
        assert torch.allclose(found[language], expected[language])
