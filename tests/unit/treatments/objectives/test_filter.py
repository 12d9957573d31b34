"""FILTER: fused layers see both texts, none is the plain encoder, phase 2 has a teacher."""

from typing import Any

import pytest
import torch

from isogloss.core import InputError
from unit.treatments.objectives.pairs import TASKS, Built, gradients, plan_of

KINDS = pytest.mark.parametrize("kind", TASKS)


def built(kind: str = "classification", **options: Any) -> Built:
    return Built(plan_of(kind, "filter", **{"phases": 1, **options}))


def _predicted(one: Built, batch: Any) -> torch.Tensor:
    predictor = one.plan.objective.predictor(one.model)  # type: ignore[attr-defined]
    with torch.no_grad():
        return predictor(
            batch.input_ids, batch.attention_mask, batch.language, batch.beside["source"]
        )


@KINDS
@pytest.mark.parametrize(("before", "fused"), [(0, 0), (1, 0), (2, 1)])
def test_without_a_fused_layer_it_is_the_plain_encoder(kind: str, before: int, fused: int) -> None:
    one = built(kind, before=before, fused=fused)
    batch = one.sampler.batch(0)
    with torch.no_grad():
        plain = one.model(batch.input_ids, batch.attention_mask, batch.routing)
    assert torch.equal(_predicted(one, batch), plain)


@KINDS
@pytest.mark.parametrize(("before", "fused"), [(0, 1), (0, 2), (1, 1)])
def test_fused_layers_see_the_source(kind: str, before: int, fused: int) -> None:
    one = built(kind, before=before, fused=fused)
    batch = one.sampler.batch(0)
    with torch.no_grad():
        plain = one.model(batch.input_ids, batch.attention_mask, batch.routing)
    assert not torch.allclose(_predicted(one, batch), plain, atol=1e-4)


def test_layers_beyond_the_encoder_are_left_out_and_a_beginning_there_is_refused() -> None:
    objective: Any = built(fused=20).plan.objective
    assert objective.fused_layers(2) == range(1, 2)
    answers: Any = plan_of("qa", "filter").objective
    assert answers.fused_layers(24) == range(1, 21)
    with pytest.raises(InputError, match="at most 2 layers"):
        built(before=3)


def test_the_loss_is_of_both_texts_or_of_the_target() -> None:
    both, target = (built(loss_of=which).loss().item() for which in ("both", "target"))
    assert both > target > 0


def test_tags_that_nobody_says_add_nothing_in_phase_1() -> None:
    one = built("tagging", loss_of="target")
    batch = one.sampler.batch(0)
    assert batch.labels is not None
    rows = batch.select(batch.language == 1)
    assert one.loss(one.targets(0, rows)).item() == 0.0


@KINDS
def test_phase_2_learns_what_phase_1_says_and_leaves_it_alone(kind: str) -> None:
    one = built(kind, phases=2, taught=1.0, loss_of="target")
    objective: Any = one.plan.objective
    assert objective.earlier.phase == 1 and objective.earlier.earlier is None
    loss = one.loss()
    assert loss.item() > 0
    assert gradients(loss, one.model)
    assert all(one_.grad is None for one_ in one.context.teacher.parameters())  # type: ignore[union-attr]
    one.context.teacher.load_state_dict(one.model.state_dict())  # type: ignore[union-attr]
    assert one.loss().item() == pytest.approx(0.0, abs=1e-5)


def test_its_cost_counts_both_texts_and_the_phase_before() -> None:
    assert plan_of("classification", "filter", phases=1).passes == 2.0
    assert plan_of("classification", "filter").passes == pytest.approx(4 + 2 / 3)
