"""What every kind keeps in every architecture, those that add and those that replace."""

from collections.abc import Sequence

import pytest
import torch
from torch import Tensor, nn
from torch.func import functional_call

from isogloss.core import InputError
from isogloss.models import ModuleSpec, MultilingualModel
from isogloss.models.kinds import KINDS
from unit.models.toys import HOSTILE, PAIRS, ids, modules, toy_config, toy_model, unlike

REPLACING = ("feed_forward", "attention", "layer_norm")
EVERY = pytest.mark.parametrize("kind", KINDS)
BOTH = pytest.mark.parametrize(("kind", "model_type"), PAIRS)
REPLACE_IN = pytest.mark.parametrize(
    ("kind", "model_type"), [pair for pair in PAIRS if pair[0] in REPLACING]
)
ORDERS = {
    "grouped, equal": [0, 0, 1, 1, 2, 2],
    "grouped, unequal": [2, 0, 0, 0, 1, 1],
    "mixed": [0, 1, 2, 1, 0, 1],
    "one absent": [2, 0, 0, 2, 2, 0],
    "one only": [1, 1, 1, 1, 1, 1],
}
MIXED = torch.tensor(ORDERS["mixed"])
MASK = (torch.arange(12) < torch.tensor([12, 5, 7, 12, 9, 3])[:, None]).long()
# Every padded place sees a piece in ModernBERT's window: where none is, Hugging Face's eager
# attention divides by zero in fp64.
SHORT = (torch.arange(12) < torch.tensor([12, 10, 11, 12, 10, 11])[:, None]).long()


def treated(kind: str, model_type: str) -> MultilingualModel:
    return unlike(toy_model(modules(kind), model_type=model_type, languages=HOSTILE))


@BOTH
@pytest.mark.parametrize("mask", [None, MASK], ids=["full rows", "padded"])
def test_a_mixed_batch_equals_one_batch_a_language(
    kind: str, model_type: str, mask: Tensor | None
) -> None:
    model, x = treated(kind, model_type), ids(6)
    for order, language in ORDERS.items():
        index = torch.tensor(language)
        mixed = model.encode(x, mask, index)
        for present in set(language):
            rows = index == present
            alone = model.encode(x[rows], None if mask is None else mask[rows], index[rows])
            torch.testing.assert_close(mixed[rows], alone, atol=1e-6, rtol=1e-6, msg=order)


@BOTH
@pytest.mark.parametrize("order", ["grouped, equal", "grouped, unequal", "mixed"])
def test_chosen_positions_are_those_of_all(kind: str, model_type: str, order: str) -> None:
    """Where the last layer runs at the masked positions only, each has its own language."""
    model, index = treated(kind, model_type), torch.tensor(ORDERS[order])
    positions = torch.tensor([0, 5, 11, 12, 13, 30, 37, 40, 41, 48, 61, 62])
    everywhere = model.encode(ids(6), MASK, index).flatten(0, 1)[positions]
    chosen = model.encode_at(ids(6), MASK, index, positions)
    torch.testing.assert_close(chosen, everywhere, atol=1e-6, rtol=1e-6)
    names, slabs = zip(*model.language_specific_parameters().items(), strict=True)
    for name, found, expected in zip(
        names,
        torch.autograd.grad(chosen.pow(3).mean(), slabs),
        torch.autograd.grad(everywhere.pow(3).mean(), slabs),
        strict=True,
    ):
        torch.testing.assert_close(found, expected, atol=1e-6, rtol=1e-4, msg=name)


@BOTH
def test_the_gradients_of_a_mixed_batch_are_those_of_single_batches(
    kind: str, model_type: str
) -> None:
    model = treated(kind, model_type).double()
    named = {name: p for name, p in model.named_parameters() if p.requires_grad}

    def gradient(rows: Tensor) -> Sequence[Tensor]:
        loss = model(ids(6)[rows], None, MIXED[rows]).square().sum()
        return torch.autograd.grad(loss, list(named.values()), materialize_grads=True)

    mixed = gradient(torch.arange(6))
    single = [gradient((present == MIXED).nonzero()[:, 0]) for present in range(3)]
    for name, whole, *parts in zip(named, mixed, *single, strict=True):
        torch.testing.assert_close(whole, sum(parts), msg=name)


@BOTH
def test_absent_languages_get_exactly_no_gradient(kind: str, model_type: str) -> None:
    """Whatever the codes: these are parts of the word "adapter"."""
    model = treated(kind, model_type)
    for language in ORDERS.values():
        model.zero_grad()
        model.encode(ids(6), None, torch.tensor(language)).pow(3).sum().backward()
        for slab in model.language_specific_parameters().values():
            assert slab.grad is not None  # always in the graph: data-parallel training needs it
            found = [bool(gradient.any()) for gradient in slab.grad]
            assert found == [slot in language for slot in range(3)]


@BOTH
def test_languages_agree_when_their_slabs_do_and_only_then(kind: str, model_type: str) -> None:
    model = unlike(toy_model(ModuleSpec(kind, (0, 1, 0)), model_type=model_type))
    x, each = ids(1).expand(3, -1), torch.arange(3)
    hidden = model.encode(x, None, each)
    torch.testing.assert_close(hidden[0], hidden[2], atol=1e-6, rtol=0)
    assert not torch.allclose(hidden[0], hidden[1], atol=1e-3)
    with torch.no_grad():
        for slab in model.language_specific_parameters().values():
            slab[1] = slab[0]
    hidden = model.encode(x, None, each)
    torch.testing.assert_close(hidden[0], hidden[1], atol=1e-6, rtol=0)


@EVERY
def test_a_language_for_each_row_is_needed(kind: str) -> None:
    with pytest.raises(InputError, match="`language` of the batch"):
        treated(kind, "bert").encode(ids(2), None, None)
    with pytest.raises(RuntimeError, match="without languages"):
        treated(kind, "bert").backbone(ids(2))


@BOTH
def test_every_attention_and_its_second_derivatives(kind: str, model_type: str) -> None:
    """The derivative of a gradient along a direction is what a small step shows."""
    model = treated(kind, model_type).double()
    slabs = model.language_specific_parameters()

    def gradients(step: float) -> list[Tensor]:
        at = {name: slab + step for name, slab in slabs.items()}
        loss = functional_call(model, at, (ids(6), SHORT, MIXED)).square().mean()
        return list(torch.autograd.grad(loss, list(at.values()), create_graph=True))

    hidden, seconds = [model.encode(ids(6), SHORT, MIXED)], []
    for attention in ("math", "eager"):
        model.use_attention(attention)
        hidden.append(model.encode(ids(6), SHORT, MIXED))
        along = torch.stack([gradient.sum() for gradient in gradients(0)]).sum()
        seconds.append(torch.autograd.grad(along, list(slabs.values())))
    model.use_attention("math")
    # EuroBERT takes its norms in fp32, whatever the model is in: smaller steps drown in rounding.
    step, near = (1e-3, 1e-2) if model_type == "eurobert" else (1e-5, 1e-4)
    stepped = [a - b for a, b in zip(gradients(step), gradients(-step), strict=True)]
    torch.testing.assert_close(hidden[1], hidden[0])
    for name, math, eager, difference in zip(slabs, *seconds, stepped, strict=True):
        expected = difference / (2 * step)
        torch.testing.assert_close(math, expected, atol=near / 100, rtol=near, msg=name)
        # ModernBERT's eager attention takes its softmax in fp32, whatever the model is in.
        torch.testing.assert_close(eager, math, atol=1e-5, rtol=1e-3, msg=name)
    torch.testing.assert_close(hidden[2], hidden[0], atol=1e-5, rtol=1e-5)
    assert any(math.any() for math in seconds[0])


@BOTH
def test_weights_are_read_at_the_call(kind: str, model_type: str) -> None:
    """Other weights through `functional_call` reach the slabs, as those put in place do."""
    model = treated(kind, model_type)
    other = {name: value * 0.9 for name, value in model.named_parameters()}
    found = functional_call(model, other, (ids(6), None, MIXED))
    assert not torch.allclose(found, model(ids(6), None, MIXED))
    with torch.no_grad():
        for name, value in model.named_parameters():
            value.copy_(other[name])
    torch.testing.assert_close(found, model(ids(6), None, MIXED))


@BOTH
def test_bf16_autocast(kind: str, model_type: str) -> None:
    """No dtype meets another, whichever way the rows are routed; values are those of fp32."""
    model = treated(kind, model_type)
    for language in ORDERS.values():
        index = torch.tensor(language)
        exact = model.encode(ids(6), MASK, index)
        with torch.autocast("cpu", torch.bfloat16):
            hidden = model.encode(ids(6), MASK, index)
        assert hidden.dtype == _plain_dtype(model_type)
        model.zero_grad()
        hidden.float().pow(3).sum().backward()
        cosine = nn.functional.cosine_similarity(hidden.float().flatten(), exact.flatten(), dim=0)
        assert cosine > 0.999
        for slab in model.language_specific_parameters().values():
            assert slab.grad is not None and slab.grad.dtype == torch.float32
            assert not slab.grad[[slot not in language for slot in range(3)]].any()


def _plain_dtype(model_type: str) -> torch.dtype:
    """Return what the backbone alone gives: a kind changes no dtype on the way."""
    with torch.autocast("cpu", torch.bfloat16):
        return toy_model(model_type=model_type).encode(ids(6), MASK, None).dtype


@REPLACE_IN
def test_copies_are_the_model_itself_dropout_included(kind: str, model_type: str) -> None:
    config = toy_config(model_type, dropout=0.2)
    plain = toy_model(config=config)
    copied = toy_model(modules(kind, initialise="copy"), config=config)
    grouped = torch.tensor(ORDERS["grouped, equal"])
    for training in (False, True):
        torch.manual_seed(7)
        expected = plain.train(training).encode(ids(6), MASK, None)
        torch.manual_seed(7)
        found = copied.train(training).encode(ids(6), MASK, grouped)
        torch.testing.assert_close(found, expected, atol=1e-6, rtol=0)


@REPLACE_IN
def test_what_is_replaced_is_frozen_and_used_by_nobody(kind: str, model_type: str) -> None:
    model = treated(kind, model_type)
    before = model.encode(ids(6), MASK, MIXED)
    replaced = model.replaced_parameters()
    assert replaced and not any(value.requires_grad for value in replaced.values())
    with torch.no_grad():
        for value in replaced.values():
            value.fill_(torch.nan)
    after = model.encode(ids(6), MASK, MIXED)
    assert torch.equal(after, before)
    after.sum().backward()
    assert all(value.grad is None for value in replaced.values())


@EVERY
def test_nothing_is_replaced_twice(kind: str) -> None:
    first, second, both = (ModuleSpec(kind, (0, 1, 2), layers) for layers in ((0,), (1,), (0, 1)))
    toy_model(first, second)
    if kind in REPLACING:
        with pytest.raises(InputError, match=f"one set of `{kind}` modules in a layer"):
            toy_model(first, both)
    else:
        toy_model(first, both)


@BOTH
def test_every_number_has_one_owner(kind: str, model_type: str) -> None:
    """Shared, language-specific and replaced parameters are a partition; the table counts them."""
    model = toy_model(ModuleSpec(kind, (0, 1, 0)), model_type=model_type)
    shared, specific = model.shared_parameters(), model.language_specific_parameters()
    replaced = model.replaced_parameters()
    names = [*shared, *specific, *replaced]
    assert sorted(names) == sorted(name for name, _ in model.named_parameters())
    assert model.language_specific_names() == dict.fromkeys(specific, (0, 1, 0))
    assert all(slab.shape[0] == 2 for slab in specific.values())
    n_specific = sum(slab.numel() for slab in specific.values())
    for row in model.parameter_table():
        assert row.shared == sum(value.numel() for value in shared.values())
        assert 2 * row.language_specific == n_specific


@BOTH
def test_one_module_for_all_counts_as_shared(kind: str, model_type: str) -> None:
    alone = toy_model(ModuleSpec(kind, (0, 1, 2)), model_type=model_type).parameter_table()[0]
    model = unlike(toy_model(ModuleSpec.for_all(kind, 3), model_type=model_type))
    for row in model.parameter_table():
        assert (row.shared, row.language_specific) == (alone.shared + alone.language_specific, 0)
    hidden = model.encode(ids(1).expand(3, -1), None, torch.arange(3))
    torch.testing.assert_close(hidden, hidden[:1].expand_as(hidden), atol=1e-6, rtol=0)
