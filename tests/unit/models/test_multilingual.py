import copy

import pytest
import torch
from torch import Tensor
from torch.func import functional_call

from isogloss.core import InputError
from isogloss.data import Routing
from isogloss.models import ATTACHMENTS, ModuleSpec, MultilingualModel
from unit.models.toys import HOSTILE, LANGUAGES, adapters, ids, toy_model

TYPES = pytest.mark.parametrize("model_type", ATTACHMENTS)
ORDERS = {
    "grouped, equal": [0, 0, 1, 1, 2, 2],
    "grouped, unequal": [2, 0, 0, 0, 1, 1],
    "mixed": [0, 1, 2, 1, 0, 1],
    "one absent": [2, 0, 0, 2, 2, 0],
    "one only": [1, 1, 1, 1, 1, 1],
}


def _spread(model: MultilingualModel) -> MultilingualModel:
    """Make the adapters of the languages differ a lot, so that a wrong route is seen."""
    with torch.no_grad():
        for slab in model.language_specific_parameters().values():
            slab.mul_(3)
    return model


@TYPES
@pytest.mark.parametrize("language", ORDERS.values(), ids=ORDERS)
@pytest.mark.parametrize("padded", [False, True], ids=["full rows", "padded"])
def test_a_mixed_batch_equals_one_batch_a_language(
    model_type: str, language: list[int], padded: bool
) -> None:
    model = _spread(toy_model(adapters(), model_type=model_type))
    x, index = ids(6), torch.tensor(language)
    mask = None
    if padded:
        mask = (torch.arange(12) < torch.tensor([12, 5, 7, 12, 9, 3])[:, None]).long()
    mixed = model.encode(x, mask, index)
    for present in set(language):
        rows = index == present
        alone = model.encode(x[rows], None if mask is None else mask[rows], index[rows])
        torch.testing.assert_close(mixed[rows], alone, atol=1e-6, rtol=0)


@TYPES
def test_the_gradients_of_a_mixed_batch_are_those_of_single_batches(model_type: str) -> None:
    model = toy_model(adapters(), model_type=model_type)
    index = torch.tensor(ORDERS["mixed"])
    names, values = zip(*model.named_parameters(), strict=True)

    def gradient(rows: Tensor) -> tuple[Tensor | None, ...]:
        loss = model(ids(6)[rows], None, index[rows]).square().sum() / 1000
        return torch.autograd.grad(loss, values, allow_unused=True)

    mixed = gradient(torch.arange(6))
    single = [gradient((index == present).nonzero()[:, 0]) for present in range(3)]
    for name, whole, *parts in zip(names, mixed, *single, strict=True):
        if whole is None:
            continue
        torch.testing.assert_close(whole, sum(parts), atol=1e-5, rtol=1e-4, msg=name)


@pytest.mark.parametrize("language", ORDERS.values(), ids=ORDERS)
def test_absent_languages_get_exactly_no_gradient(language: list[int]) -> None:
    model = toy_model(adapters())
    model.encode(ids(6), None, torch.tensor(language)).square().sum().backward()
    for slab in model.language_specific_parameters().values():
        assert slab.grad is not None  # always in the graph: data-parallel training needs it
        for slot in range(3):
            assert slab.grad[slot].any().item() == (slot in language)


@pytest.mark.parametrize("present", [0, 1, 2])
def test_codes_that_are_parts_of_names_are_not_mixed_up(present: int) -> None:
    model = toy_model(adapters(), languages=HOSTILE)
    model.encode(ids(2), None, torch.full((2,), present)).square().sum().backward()
    for name, slots in model.language_specific_names().items():
        gradient = model.get_parameter(name).grad
        assert gradient is not None
        assert [bool(gradient[slot].any()) for slot in slots] == [i == present for i in range(3)]


def test_languages_with_different_weights_differ_and_groups_agree() -> None:
    model = toy_model(ModuleSpec("adapter", (0, 1, 0)))
    x = ids(1).expand(3, -1)
    hidden = model.encode(x, None, torch.tensor([0, 1, 2]))
    torch.testing.assert_close(hidden[0], hidden[2], atol=1e-6, rtol=0)
    assert not torch.allclose(hidden[0], hidden[1])


def test_a_routing_may_stand_for_the_languages() -> None:
    model = toy_model(adapters())
    language = torch.tensor(ORDERS["mixed"])
    by_routing = model.encode(ids(6), None, Routing.of(language))
    assert torch.equal(by_routing, model.encode(ids(6), None, language))


@TYPES
def test_logits_at_chosen_positions(model_type: str) -> None:
    model = toy_model(adapters(), model_type=model_type)
    language = torch.tensor([0, 1])
    everywhere = model(ids(2), None, language)
    assert everywhere.shape == (2, 12, 100)
    chosen = torch.tensor([3, 20])
    at_chosen = model(ids(2), None, language, chosen)
    torch.testing.assert_close(at_chosen, everywhere.flatten(0, 1)[chosen])


MIXED = torch.tensor(ORDERS["mixed"])
GROUPED = torch.tensor(ORDERS["grouped, equal"])


@pytest.mark.parametrize(
    ("language", "positions"),
    [(MIXED, [3, 20, 71]), (GROUPED, [71, 3, 20, 2]), (GROUPED, [])],
    ids=["rows in no order", "positions in no order", "no position"],
)
def test_positions_that_cannot_be_narrowed_to_are_right_all_the_same(
    language: Tensor, positions: list[int]
) -> None:
    model = _spread(toy_model(adapters()))
    chosen = torch.tensor(positions, dtype=torch.long)
    everywhere = model.encode(ids(6), None, language).flatten(0, 1)
    found = model.encode_at(ids(6), None, language, chosen)
    torch.testing.assert_close(found, everywhere[chosen], atol=1e-6, rtol=0)
    by_routing = model.encode_at(ids(6), None, Routing.of(language), chosen)
    assert torch.equal(by_routing, found)


def test_a_backbone_that_recomputes_or_cuts_runs_whole() -> None:
    chosen = torch.tensor([3, 20])
    model = toy_model()
    exact = model.encode(ids(2), None, None).flatten(0, 1)[chosen]
    model.backbone.activation_checkpointing_enable()
    found = model.train().encode_at(ids(2), None, None, chosen)
    torch.testing.assert_close(found, exact)
    found.sum().backward()
    bert = toy_model(model_type="bert")
    exact = bert.encode(ids(2), None, None).flatten(0, 1)[chosen]
    bert.backbone.config.chunk_size_feed_forward = 4
    for layer in bert.attachment.layers_of(bert.backbone):
        layer.chunk_size_feed_forward = 4
    torch.testing.assert_close(bert.encode_at(ids(2), None, None, chosen), exact)


def test_without_modules_it_is_the_hugging_face_model_and_needs_no_language() -> None:
    model = toy_model()
    hidden = model.backbone.base_model(ids(3)).last_hidden_state
    assert torch.equal(model.encode(ids(3), None, None), hidden)
    assert torch.equal(model.encode(ids(3), None, torch.tensor([0, 1, 2])), hidden)


def test_shared_and_language_specific_parameters_are_a_partition() -> None:
    model = toy_model(adapters(), ModuleSpec.for_all("adapter", 3))
    shared, specific = model.shared_parameters(), model.language_specific_parameters()
    assert shared.keys() | specific.keys() == dict(model.named_parameters()).keys()
    assert not shared.keys() & specific.keys()
    assert specific.keys() == model.language_specific_names().keys()
    assert all(name.startswith("language_modules.adapter_0.") for name in specific)
    table = model.parameter_table()
    assert [row.language for row in table] == list(LANGUAGES)
    assert table[0].shared == sum(value.numel() for value in shared.values())
    assert 3 * table[0].language_specific == sum(value.numel() for value in specific.values())


@TYPES
@pytest.mark.parametrize("attention", ["math", "eager"])
def test_second_derivatives(attention: str, model_type: str) -> None:
    model = toy_model(adapters(), model_type=model_type).double()
    exact = model.encode(ids(3), None, torch.tensor([0, 1, 2]))
    model.use_attention(attention)  # type: ignore[arg-type]
    hidden = model.encode(ids(3), None, torch.tensor([0, 1, 2]))
    # EuroBERT takes its norms in fp32, whatever the weights are.
    tolerance = 1e-6 if model_type == "eurobert" else 1e-7
    torch.testing.assert_close(hidden, exact, rtol=1e-7, atol=tolerance)
    weight = model.get_parameter("language_modules.adapter_0.layer_0.places.attention.down")
    (gradient,) = torch.autograd.grad(hidden.pow(3).sum(), weight, create_graph=True)
    (second,) = torch.autograd.grad(gradient.square().sum(), weight)
    assert second.isfinite().all() and second.any()


def test_other_weights_through_functional_call() -> None:
    model = toy_model(adapters())
    other = {name: value * 0.9 for name, value in model.named_parameters()}
    language = torch.tensor([0, 1, 2])
    found = functional_call(model, other, (ids(3), None, language))
    with torch.no_grad():
        for name, value in model.named_parameters():
            value.copy_(other[name])
    torch.testing.assert_close(found, model(ids(3), None, language))


def test_a_deep_copy_has_adapters_of_its_own() -> None:
    model = toy_model(adapters())
    language = torch.tensor([0, 1, 2])
    before = model.encode(ids(3), None, language)
    twin = copy.deepcopy(model)
    with torch.no_grad():
        for slab in twin.language_specific_parameters().values():
            slab.zero_()
    assert torch.equal(model.encode(ids(3), None, language), before)
    plain = toy_model().encode(ids(3), None, None)
    assert torch.equal(twin.encode(ids(3), None, language), plain)


def test_recomputation_around_the_model_is_exact() -> None:
    model = toy_model(adapters())
    first, second = torch.tensor([0, 1, 2]), torch.tensor([2, 2, 0])

    def gradients(*, recompute: bool) -> list[Tensor]:
        model.zero_grad()
        loss = torch.zeros(())
        for language in (first, second):  # the second call must not change the first's backward
            if recompute:
                hidden = torch.utils.checkpoint.checkpoint(
                    model.encode, ids(3), None, language, use_reentrant=False
                )
            else:
                hidden = model.encode(ids(3), None, language)
            loss = loss + hidden.square().sum()
        loss.backward()
        return [slab.grad.clone() for slab in model.language_specific_parameters().values()]

    for ours, theirs in zip(gradients(recompute=True), gradients(recompute=False), strict=True):
        assert torch.equal(ours, theirs)


def test_activation_checkpointing_inside_the_backbone_is_refused() -> None:
    model = toy_model(adapters())
    model.backbone.activation_checkpointing_enable()
    with pytest.raises(InputError, match="activation_checkpointing_disable"):
        model.train().encode(ids(1), None, torch.tensor([0]))
    model.eval().encode(ids(1), None, torch.tensor([0]))


def test_the_backbone_alone_does_not_guess_a_language() -> None:
    with pytest.raises(RuntimeError, match="without languages"):
        toy_model(adapters()).backbone(ids(1))


@pytest.mark.parametrize("language", [None, torch.tensor([0]), torch.tensor([0, 3])])
def test_missing_and_wrong_languages_are_refused(language: Tensor | None) -> None:
    with pytest.raises(InputError, match="`language` of the batch"):
        toy_model(adapters()).encode(ids(2), None, language)
    with pytest.raises(InputError, match="`language` of the batch"):
        toy_model(adapters()).encode_at(ids(2), None, language, torch.tensor([1]))


@TYPES
def test_rows_that_are_too_long_are_refused(model_type: str) -> None:
    with pytest.raises(InputError, match="sequences of at most"):
        toy_model(model_type=model_type).encode(ids(1, 41), None, None)
    with pytest.raises(InputError, match="sequences of at most"):
        toy_model(model_type=model_type).encode_at(ids(1, 41), None, None, torch.tensor([1]))


def test_modules_that_do_not_fit_are_refused() -> None:
    with pytest.raises(InputError, match="Did you mean `adapter`"):
        toy_model(ModuleSpec("adaptor", (0, 1, 2)))
    with pytest.raises(InputError, match="slots of the `adapter` modules"):
        toy_model(adapters(2))
    with pytest.raises(InputError, match="The model has 2 layers"):
        toy_model(ModuleSpec("adapter", (0, 1, 2), (2,)))


@pytest.mark.parametrize("languages", [(), (LANGUAGES[0], LANGUAGES[0])])
def test_languages_are_named_once(languages: tuple) -> None:
    with pytest.raises(InputError, match="Name each language once"):
        toy_model(languages=languages)


def test_an_unknown_attention_is_refused() -> None:
    with pytest.raises(InputError, match="Did you mean `eager`"):
        toy_model().use_attention("eagre")  # type: ignore[arg-type]
