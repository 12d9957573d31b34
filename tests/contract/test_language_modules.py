"""What every kind of module keeps while a model is trained, copied, saved and given languages."""

import copy
from pathlib import Path

import pytest
import torch
from torch import Tensor
from transformers import AutoModelForMaskedLM

from isogloss.core import Language
from isogloss.models import ModuleSpec, MultilingualModel, load_model
from isogloss.models.quiet import quiet
from isogloss.training import AdamWSettings, SlotAdamW
from unit.models.toys import HOSTILE, LANGUAGES, PAIRS, ids, modules, toy_model, unlike

BOTH = pytest.mark.parametrize(("kind", "model_type"), PAIRS)
OLD = torch.tensor([0, 1, 2, 1, 0])
NEW = Language.parse("sw")
SETTINGS = AdamWSettings(learning_rate=0.03, weight_decay=0.1)


def treated(
    kind: str, model_type: str, languages: tuple[Language, ...] = LANGUAGES
) -> MultilingualModel:
    return unlike(toy_model(modules(kind), model_type=model_type, languages=languages))


def copies(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {name: value.detach().clone() for name, value in tensors.items()}


@BOTH
def test_absent_languages_and_their_moments_keep_every_bit(kind: str, model_type: str) -> None:
    """Also after updates in which they took part, when there is momentum to go on with."""
    model = treated(kind, model_type, HOSTILE)
    optimizer = SlotAdamW(model.named_parameters(), model.language_specific_names(), SETTINGS)

    def update(present: list[int]) -> None:
        index = torch.tensor(present)
        model.encode(ids(len(present)), None, index).pow(3).mean().backward()
        optimizer.step(1.0, index)
        optimizer.zero_grad()

    update([0, 1, 2, 2])
    for present in ([1, 1], [0, 2, 0], [2]):
        weights, moments = copies(dict(model.named_parameters())), copies(optimizer.state())
        update(present)
        after = optimizer.state()
        for name, slots in model.language_specific_names().items():
            for index, slot in enumerate(slots):
                changed = not torch.equal(model.get_parameter(name)[slot], weights[name][slot])
                assert changed == (index in present), name
                for key in ("exp_avg", "exp_avg_sq", "step"):
                    moment = f"{name}/{key}"
                    same = torch.equal(after[moment][slot], moments[moment][slot])
                    assert same == (index not in present), moment
        for name in model.replaced_parameters():
            assert torch.equal(model.get_parameter(name), weights[name])
            assert f"{name}/step" not in after


@BOTH
def test_a_deep_copy_has_slabs_of_its_own(kind: str, model_type: str) -> None:
    model = treated(kind, model_type)
    before = model.encode(ids(5), None, OLD)
    twin = copy.deepcopy(model)
    assert torch.equal(twin.encode(ids(5), None, OLD), before)
    with torch.no_grad():
        for slab in twin.language_specific_parameters().values():
            slab.zero_()
    assert torch.equal(model.encode(ids(5), None, OLD), before)
    assert not torch.equal(twin.encode(ids(5), None, OLD), before)


@BOTH
def test_what_was_saved_comes_back_to_the_bit(kind: str, model_type: str, tmp_path: Path) -> None:
    model = treated(kind, model_type)
    model.save(tmp_path / "model")
    back = load_model(tmp_path / "model")
    assert torch.equal(back(ids(5), None, OLD), model(ids(5), None, OLD))
    assert back.specs == model.specs
    trained = {name for name, value in model.named_parameters() if value.requires_grad}
    assert {name for name, value in back.named_parameters() if value.requires_grad} == trained
    for one in (model, back):
        one.add_language(NEW, "random")
    new_row = torch.tensor([3])
    assert torch.equal(back.encode(ids(1), None, new_row), model.encode(ids(1), None, new_row))


@BOTH
def test_the_saved_root_is_a_whole_model_of_hugging_face(
    kind: str, model_type: str, tmp_path: Path
) -> None:
    """Parts that were replaced are there, as they were when the model was made."""
    model = treated(kind, model_type)
    model.save(tmp_path / "model")
    with quiet():
        plain, info = AutoModelForMaskedLM.from_pretrained(
            tmp_path / "model", output_loading_info=True
        )
    assert not any(info.values())
    expected = toy_model(model_type=model_type)
    assert torch.equal(plain(ids(3)).logits, expected(ids(3), None, None).view(3, 12, -1))


@BOTH
@pytest.mark.parametrize("initialise", ["mean", "random", "copy:tel"])
def test_a_new_language_leaves_the_old_their_bits(
    kind: str, model_type: str, initialise: str
) -> None:
    model = unlike(toy_model(ModuleSpec(kind, (0, 0, 1)), model_type=model_type))
    before = model.encode(ids(5), None, OLD)
    model.add_language(NEW, initialise)
    assert torch.equal(model.encode(ids(5), None, OLD), before)
    mixed = model.encode(torch.cat([ids(5), ids(1)]), None, torch.tensor([*OLD, 3]))
    torch.testing.assert_close(mixed[:5], before, atol=1e-6, rtol=1e-6)
    model.encode(ids(2), None, torch.tensor([3, 3])).pow(3).sum().backward()
    for name, slots in model.language_specific_names().items():
        gradient = model.get_parameter(name).grad
        assert gradient is not None
        # A fresh low-rank update B A begins with B at zero, and A then has no gradient yet.
        waits = kind == "lora" and initialise == "random" and name.endswith(".down")
        assert bool(gradient[slots[3]].any()) is not waits
        assert not gradient[: slots[3]].any()
