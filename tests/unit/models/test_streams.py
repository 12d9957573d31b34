"""Two texts layer by layer: alone each is the encoder's, and where they are to meet, they do."""

from typing import Any

import pytest
import torch
from torch import Tensor

from isogloss.core import InputError
from isogloss.models import ATTACHMENTS, ModuleSpec, MultilingualModel, Stream
from unit.models.toys import adapters, ids, modules, shaken, toy_model, unlike

MIXABLE = [name for name, one in ATTACHMENTS.items() if not one.maps_positions]
TYPES = pytest.mark.parametrize("model_type", MIXABLE)
T, S = (ids(3, 9), torch.tensor([0, 1, 1])), (ids(4, 7)[:3], torch.tensor([2, 2, 2]))
MASK = (torch.arange(9) < torch.tensor([9, 5, 7])[:, None]).long()
SOURCE_MASK = (torch.arange(7) < torch.tensor([3, 7, 6])[:, None]).long()


def _streams(model: MultilingualModel, *, padded: bool = True) -> tuple[Stream, Stream]:
    return (
        Stream.opened(model, T[0], MASK if padded else None, T[1]),
        Stream.opened(model, S[0], SOURCE_MASK if padded else None, S[1]),
    )


def _model(model_type: str, *specs: ModuleSpec) -> MultilingualModel:
    return unlike(shaken(toy_model(*specs, model_type=model_type)))


def _real(hidden: Tensor, mask: Tensor) -> Tensor:
    return hidden[mask.bool()]


@TYPES
@pytest.mark.parametrize("padded", [True, False])
def test_a_stream_that_meets_nobody_has_the_bits_of_the_encoder(
    model_type: str, padded: bool
) -> None:
    for specs in ((), (adapters(),), (modules("layer_norm"), adapters())):
        model = _model(model_type, *specs)
        stream, _ = _streams(model, padded=padded)
        plain = model.encode(T[0], MASK if padded else None, T[1])
        assert torch.equal(stream.through(0, 1).through(1, 2).closed(), plain)


@TYPES
def test_the_source_of_a_crossing_is_the_plain_encoder_and_the_target_is_not(
    model_type: str,
) -> None:
    model = _model(model_type, adapters())
    target, source = _streams(model)
    for number in (0, 1):
        t, s = (one.through(0, number) for one in (target, source))
        t, s = t.crossed(s, number, lambda crossing: crossing.norm(crossing.own + 1.0))
        hidden = s.through(number + 1, 2).closed()
        assert torch.equal(hidden, model.encode(S[0], SOURCE_MASK, S[1]))
        assert not torch.allclose(t.through(number + 1, 2).closed(), model.encode(T[0], MASK, T[1]))
        assert not model.attachment.layers_of(model.backbone)[number]._forward_hooks


@TYPES
@pytest.mark.parametrize("attention", ["sdpa", "eager"])
def test_joined_texts_see_each_other_and_padding_is_seen_by_nobody(
    model_type: str, attention: Any
) -> None:
    model = _model(model_type)
    model.use_attention(attention)
    target, source = _streams(model)
    after, beside = target.joined(source).through(0, 1).parted(target, source)
    alone = target.through(0, 1).hidden
    assert after.hidden.shape == alone.shape
    assert not torch.allclose(_real(after.hidden, MASK), _real(alone, MASK), atol=1e-4)
    swapped = source.joined(target).through(0, 1).parted(source, target)
    for one, other, mask in ((after, swapped[1], MASK), (beside, swapped[0], SOURCE_MASK)):
        assert torch.allclose(_real(one.hidden, mask), _real(other.hidden, mask), atol=1e-5)
    other = Stream.opened(model, S[0].where(SOURCE_MASK.bool(), 99), SOURCE_MASK, S[1])
    again, _ = target.joined(other).through(0, 1).parted(target, other)
    assert torch.allclose(_real(after.hidden, MASK), _real(again.hidden, MASK), atol=1e-6)


@TYPES
def test_a_source_of_padding_alone_leaves_the_target_as_it_is(model_type: str) -> None:
    model = _model(model_type)
    target, source = _streams(model)
    nothing = Stream(model, source.hidden, SOURCE_MASK * 0, source.inputs, source.routing)
    after, _ = target.joined(nothing).through(0, 2).parted(target, nothing)
    plain = target.through(0, 2).hidden
    assert torch.allclose(_real(after.hidden, MASK), _real(plain, MASK), atol=1e-5)


def test_texts_without_padding_need_no_mask() -> None:
    model = _model("xlm-roberta")
    target, source = _streams(model, padded=False)
    assert target.joined(source).inputs[0]["attention_mask"] is None
    assert bool(target.real.all())


def test_relative_positions_are_refused() -> None:
    with pytest.raises(InputError, match="relative positions"):
        Stream.opened(toy_model(model_type="deberta-v2"), T[0], None, T[1])


def test_languages_that_do_not_stand_together_are_refused() -> None:
    model = _model("bert", adapters())
    with pytest.raises(ValueError, match="together"):
        Stream.opened(model, T[0], None, torch.tensor([0, 1, 0]))
