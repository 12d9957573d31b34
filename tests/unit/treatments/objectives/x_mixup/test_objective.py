"""X-Mixup's loss: which text is the source, which terms there are, what each of them moves."""

import dataclasses
import math
from typing import Any

import pytest
import torch

import toys
from isogloss.core import InputError
from isogloss.data import Batch
from isogloss.models import ModuleSpec
from isogloss.treatments.objectives.x_mixup.objective import two_streams
from unit.treatments.objectives.pairs import TASKS, Built, gradients, plan_of, relabelled

KINDS = pytest.mark.parametrize("kind", TASKS)


def built(kind: str = "classification", **options: Any) -> Built:
    return Built(plan_of(kind, "x_mixup", **options))


@KINDS
def test_every_kind_of_task_has_a_finite_loss_that_moves_the_whole_encoder(kind: str) -> None:
    one = built(kind)
    loss = one.loss()
    assert math.isfinite(loss.item()) and loss.item() > 0
    moved = gradients(loss, one.model)
    assert {"mixing.weight", "mixing.bias", "head.weight"} <= moved.keys()
    assert {"mixing.weight", "mixing.bias"} <= one.model.state_dict().keys()
    assert 0 < one.objective.metrics()["mixing_ratio"] < 0.5


def test_gold_sources_are_read_first_and_translations_back_later() -> None:
    one = built(p_k=2.0)
    batch = one.sampler.batch(0)
    shares = []
    for begin in (0, 40):
        gold = 0
        for update in range(begin, begin + 10):
            source = one.targets(update, batch).batch.beside["source"].input_ids
            gold += source.shape == batch.beside["source"].input_ids.shape and bool(
                (source == batch.beside["source"].input_ids).all()
            )
        shares.append(gold / 10)
    assert shares[0] > 0 == shares[1]
    again = built(p_k=2.0)
    assert torch.equal(
        one.targets(3, batch).batch.beside["source"].input_ids,
        again.targets(3, batch).batch.beside["source"].input_ids,
    )


def test_the_share_of_gold_sources_is_the_one_of_the_schedule() -> None:
    one = built(sampling="per_step", p_k=1000.0)
    n = 400
    gold = sum(bool(one.objective._is_gold(1, 6908 + update)[0]) for update in range(n))
    assert abs(gold / n - 0.46) < 4 * math.sqrt(0.25 / n)  # p falls from 0.5 to 0.42 meanwhile
    first = [bool(one.objective._is_gold(1, update)[0]) for update in range(100)]
    assert sum(first) >= 98


@pytest.mark.parametrize(("sampling", "n_kinds"), [("per_step", 1), ("per_example", 2)])
def test_one_coin_is_for_a_batch_or_for_an_example(sampling: str, n_kinds: int) -> None:
    one = built(sampling=sampling, p_k=1000.0)
    drawn = one.objective._is_gold(64, 6908)
    assert len(drawn.unique()) == n_kinds


def test_once_an_epoch_all_updates_of_it_have_one_source() -> None:
    one = built(sampling="per_epoch", p_k=3.0)
    epoch = one.objective._epoch
    assert epoch == 5  # 20 rows in batches of 4
    for begin in range(0, 40, epoch):
        coins = {bool(one.objective._is_gold(1, begin + step)[0]) for step in range(epoch)}
        assert len(coins) == 1


@KINDS
@pytest.mark.parametrize("sampling", ["gold", "back"])
def test_the_labels_of_a_source_translated_back_count_for_classes_alone(
    kind: str, sampling: str
) -> None:
    one = built(kind, sampling=sampling)
    batch = one.sampler.batch(0)
    name = "source" if sampling == "gold" else "back"
    with torch.no_grad():
        losses = [
            one.loss(one.targets(0, relabelled(batch, name, label))).item() for label in (0, 1)
        ]
    depends = losses[0] != losses[1]
    assert depends is (sampling == "gold" or kind == "classification")


def test_a_batch_of_translations_back_learns_tags_from_the_target_with_weight_one() -> None:
    settings = {"mse_weight": 0.0, "sampling": "back", "labels": "given"}
    with torch.no_grad():
        low = built("tagging", alpha=0.1, **settings).loss()
        high = built("tagging", alpha=0.9, **settings).loss()
    assert low.item() == high.item()


def test_hidden_tags_are_learned_from_the_teacher() -> None:
    settings = {"mse_weight": 0.0, "alpha": 0.0, "sampling": "gold"}
    taught, given = (built("tagging", labels=labels, **settings) for labels in ("teacher", "given"))
    assert taught.plan.objective.earlier is not None
    assert given.plan.objective.earlier is None
    batch = taught.sampler.batch(0)
    assert batch.labels is not None and bool((batch.labels == -1).any())
    with torch.no_grad():
        before = taught.loss(taught.targets(0, batch))
        taught.context.teacher.head.bias += torch.tensor([3.0, 0.0, 0.0])
        assert taught.loss(taught.targets(0, batch)) != before
    none_said = dataclasses.replace(batch, labels=batch.labels.clamp(max=-1))
    assert given.loss(given.targets(0, none_said)).item() == 0.0


def test_consistency_terms_are_what_their_weights_say() -> None:
    with torch.no_grad():
        total = built(sampling="gold").loss()
        task = built(sampling="gold", mse_weight=0.0, kl_weight=0.0).loss()
        mse = built(sampling="gold", kl_weight=0.0).loss() - task
        kl = built(sampling="gold", mse_weight=0.0).loss() - task
    assert mse > 0 and kl > 0
    assert total.item() == pytest.approx((task + mse + kl).item(), rel=1e-5)


def test_the_divergence_is_that_of_the_example_by_hand() -> None:
    from isogloss.treatments.objectives.kinds import kl

    p, q = torch.tensor([[0.7, 0.2, 0.1]]), torch.tensor([[0.5, 0.3, 0.2]])
    assert float(kl(p.log(), q.log())) == pytest.approx(0.085123, abs=1e-6)


def test_detached_sources_get_nothing_from_consistency() -> None:
    only = {"sampling": "gold", "alpha": 0.0, "mixes": False, "kl_weight": 50.0}
    free, detached = (built(detach=which, **only) for which in ("none", "source"))
    assert not torch.allclose(
        gradients(free.loss(), free.model)["head.weight"],
        gradients(detached.loss(), detached.model)["head.weight"],
    )


def test_without_mixing_both_streams_are_the_plain_encoder() -> None:
    one = built(mixes=False)
    target = one.sampler.batch(0)
    source = target.beside["source"]
    with torch.no_grad():
        streams = two_streams(one.model, target, source, 0, mixes=False)
        for view, hidden in ((target, streams.target), (source, streams.source)):
            plain = one.model.model.encode(view.input_ids, view.attention_mask, view.routing)
            assert torch.equal(hidden, plain)
    assert streams.ratio is None
    one.loss()
    assert one.objective.metrics() == {}


def test_the_source_is_left_as_it_is_when_it_is_mixed_into_the_target() -> None:
    one = built()
    target = one.sampler.batch(0)
    source = target.beside["source"]
    with torch.no_grad():
        streams = two_streams(one.model, target, source, 1)
        plain = one.model.model.encode(source.input_ids, source.attention_mask, source.routing)
        alone = one.model.model.encode(target.input_ids, target.attention_mask, target.routing)
    assert torch.equal(streams.source, plain)
    assert not torch.allclose(streams.target, alone, atol=1e-4)


def test_a_text_beside_itself_is_mixed_too() -> None:
    """Consistency is not zero by construction for the source's own pairs."""
    one = built(sampling="gold")
    batch = one.sampler.batch(0)
    itself = dataclasses.replace(batch, beside={})
    with torch.no_grad():
        streams = two_streams(one.model, itself, itself, 0)
        assert not torch.equal(streams.target[:, 0], streams.source[:, 0])
        twin = dataclasses.replace(batch, beside={"source": itself})
        assert math.isfinite(one.loss(one.targets(0, twin)).item())


@KINDS
def test_it_predicts_from_both_streams_or_from_the_target(kind: str) -> None:
    found = {}
    for logits in ("mean", "target"):
        one = built(kind, eval_logits=logits)
        batch = one.sampler.batch(0)
        predictor = one.plan.objective.predictor(one.model)
        with torch.no_grad():
            found[logits] = predictor(
                batch.input_ids, batch.attention_mask, batch.language, batch.beside["source"]
            )
    assert torch.equal(found["mean"], found["target"]) is (kind != "classification")


def test_without_translations_at_test_time_it_is_the_plain_classifier() -> None:
    one = built(at_test="none")
    assert one.plan.objective.predictor(one.model) is one.model


def test_a_mixing_layer_outside_of_the_model_is_refused() -> None:
    with pytest.raises(InputError, match="a mixing layer from 0 to 1: the encoder has 2"):
        built(layer=2)


def test_it_goes_with_language_adapters() -> None:
    adapters = ModuleSpec.per_language("adapter", 2, bottleneck=4)
    plan = plan_of("classification", "x_mixup")
    one = Built(dataclasses.replace(plan, modules=(adapters,)))
    moved = gradients(one.loss(), one.model)
    assert any("language_modules" in name for name in moved)


@pytest.mark.parametrize("other", ["pcgrad", "sequential_reptile", "famo"])
def test_it_goes_with_treatments_of_other_parts(other: str, tmp_path: Any) -> None:
    from isogloss.treatments import build_treatment

    plan = plan_of("classification", "x_mixup")
    both = build_treatment(other, {}).apply(plan)
    weights = toys.trained(both, tmp_path)
    assert all(value.isfinite().all() for value in weights.values())


def test_a_row_of_no_batch_changes_another_row() -> None:
    """Sequences never mix across rows, which gradient surgery by language rests on."""
    one = built(sampling="gold")
    batch = one.sampler.batch(0)
    with torch.no_grad():
        whole = one.objective.losses(one.model, one.targets(0, batch))
        rows: list[Batch] = [batch.select(batch.language == index) for index in range(2)]
        parts = [one.objective.losses(one.model, one.targets(0, part)).total for part in rows]
    assert torch.allclose(whole.total, parts[0] + parts[1], atol=1e-5)


def test_training_brings_target_and_source_nearer_than_learning_both_does(tmp_path: Any) -> None:
    """Its claim, relative to how far the rows' vectors lie apart."""
    distances = []
    for name in ("translate_train", "x_mixup"):
        plan = dataclasses.replace(plan_of("classification", name), updates=40)
        training = toys.training(plan)
        training.run(tmp_path / name, toys.OFTEN)
        batch = toys.paired_plan().sampler.build(toys.context(plan)).batch(0)
        source = batch.beside["source"]
        with torch.no_grad():
            r_t, r_s = (
                training.model.model.encode(one.input_ids, one.attention_mask, one.routing)[:, 0]
                for one in (batch, source)
            )
        distances.append(((r_t - r_s).square().mean() / r_s.var(0).mean()).item())
    assert distances[1] < distances[0]
