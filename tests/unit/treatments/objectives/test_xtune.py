"""xTune: views are compared, each half of a comparison moves one side, stage 2 has a teacher."""

import dataclasses
from pathlib import Path
from typing import Any

import pytest
import torch

import toys
from isogloss.core import InputError
from isogloss.treatments.objectives.xtune import kls
from unit.treatments.objectives.pairs import Built, gradients, plan_of

KINDS = pytest.mark.parametrize("kind", ["classification", "tagging"])


def built(kind: str = "classification", **options: Any) -> Built:
    """The toys' copies of tagged sentences have the same words: code switching keeps them."""
    return Built(plan_of(kind, "xtune", **{"alteration": "code_switch", **options}))


def test_each_half_of_the_divergence_moves_its_second_side_alone() -> None:
    z = torch.randn(2, 4, 3, generator=torch.Generator().manual_seed(0)).requires_grad_()
    log_p, log_q = z.log_softmax(-1)
    (moved,) = torch.autograd.grad(kls(log_p, log_q).sum(), z, retain_graph=True)
    from isogloss.treatments.objectives.kinds import kl

    (second,) = torch.autograd.grad(kl(log_p.detach(), log_q).sum(), z, retain_graph=True)
    (first,) = torch.autograd.grad(kl(log_q.detach(), log_p).sum(), z)
    assert not second[0].any() and second[1].any()
    assert first[0].any() and not first[1].any()
    assert torch.allclose(moved, first + second)
    assert not kls(log_p, log_p).any()


@KINDS
def test_stage_1_adds_the_distance_of_views(kind: str) -> None:
    near, far = (built(kind, stages=1, consistency=weight).loss() for weight in (0.0, 5.0))
    assert far > near > 0


@KINDS
def test_equal_views_are_at_no_distance(kind: str) -> None:
    one, plain = (built(kind, stages=1, consistency=weight) for weight in (5.0, 0.0))
    batch = one.sampler.batch(0)
    itself = dataclasses.replace(batch, beside={})
    twins = dataclasses.replace(batch, beside={f"altered{n}": itself for n in range(4)})
    with torch.no_grad():
        assert one.loss(one.targets(0, twins)).item() == pytest.approx(
            plain.loss(plain.targets(0, twins)).item(), rel=1e-5
        )


@KINDS
def test_stage_2_never_moves_the_model_of_stage_1(kind: str) -> None:
    one = built(kind)
    assert one.plan.objective.earlier.stage == 1  # type: ignore[attr-defined]
    teacher = one.context.teacher
    assert teacher is not None
    teacher.requires_grad_(requires_grad=True)
    loss = one.loss()
    assert gradients(loss, one.model)
    assert all(
        moved is None
        for moved in torch.autograd.grad(one.loss(), list(teacher.parameters()), allow_unused=True)
    )


def test_a_teacher_that_agrees_adds_nothing() -> None:
    one, without = built(), built(model_consistency=0.0)
    assert one.context.teacher is not None
    targets = one.targets()
    with torch.no_grad():
        assert one.loss(targets) > without.loss(targets)
        one.context.teacher.load_state_dict(one.model.state_dict())
        assert one.loss(targets).item() == pytest.approx(without.loss(targets).item(), rel=1e-5)


def test_entities_may_be_learned_from_the_likeliest_tags() -> None:
    soft, hard = (built("tagging", hard=hard).loss().item() for hard in (False, True))
    assert soft != hard


def test_views_are_drawn_anew_at_every_update_and_again_for_the_same_seed() -> None:
    one, again = built(), built()
    batch = one.sampler.batch(0)
    drawn = [one.targets(update, batch).batch.beside["view"].input_ids for update in range(6)]
    assert any(one_.shape != drawn[0].shape or (one_ != drawn[0]).any() for one_ in drawn[1:])
    assert torch.equal(drawn[3], again.targets(3, batch).batch.beside["view"].input_ids)


def test_noise_asks_for_no_copies_and_grows_with_its_size() -> None:
    small, large = (
        built(alteration="noise", sigma=sigma, stages=1, consistency=5.0) for sigma in (1e-6, 1.0)
    )
    assert small.plan.objective.reads.altered is None  # type: ignore[attr-defined]
    torch.manual_seed(0)
    assert large.loss() > small.loss()


def test_divergences_are_over_classes_too_unless_asked_otherwise() -> None:
    settings: dict[str, Any] = {"stages": 1}
    mean = built(**settings)
    task = built(**settings, consistency=0.0).loss()
    batch = built(**settings, reduction="batchmean").loss()
    assert (batch - task).item() == pytest.approx(3 * (mean.loss() - task).item(), rel=1e-4)


def test_copies_are_translations_of_texts_and_switched_words_for_tags() -> None:
    texts, tags = (plan_of(kind, "xtune").objective for kind in ("classification", "tagging"))
    assert texts.reads.altered.how == "translation"  # type: ignore[attr-defined]
    assert tags.reads.altered.how == "code_switch"  # type: ignore[attr-defined]
    with pytest.raises(InputError, match="word i"):
        plan_of("tagging", "xtune", alteration="translation")


def test_questions_are_refused() -> None:
    with pytest.raises(InputError, match="questions"):
        plan_of("qa", "xtune")


def test_training_brings_views_nearer_than_plain_training_does(tmp_path: Path) -> None:
    """Its claim: after training, an example and its copy are predicted more alike."""
    distances = []
    for consistency in (0.0, 20.0):
        plan = plan_of("classification", "xtune", stages=1, consistency=consistency)
        plan = dataclasses.replace(plan, updates=30)
        training = toys.training(plan)
        training.run(tmp_path / str(consistency), toys.OFTEN)
        one = Built(plan)
        targets = one.targets()
        view = targets.batch.beside["view"]
        with torch.no_grad():
            log_p, log_q = (
                training.model(x.input_ids, x.attention_mask, x.routing).log_softmax(-1)
                for x in (targets.batch, view)
            )
        distances.append(kls(log_p, log_q).mean().item())
    assert distances[1] < distances[0]
