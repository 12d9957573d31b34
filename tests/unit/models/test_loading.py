import json
from pathlib import Path

import pytest
import torch

from isogloss.core import InputError
from isogloss.models import ATTACHMENTS, ModuleSpec, load_model
from unit.models.toys import LANGUAGES, adapters, ids, save_toy, toy_model

LANGUAGE = torch.tensor([2, 1, 0, 1])


@pytest.mark.parametrize("model_type", ATTACHMENTS)
def test_what_was_saved_comes_back(model_type: str, tmp_path: Path) -> None:
    specs = (adapters(), ModuleSpec("adapter", (0, 1, 0), (1,), {"bottleneck": 4}))
    model = toy_model(*specs, model_type=model_type, seed=5)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(torch.randn_like(parameter) * 0.1)
    model.save(tmp_path / "model")
    state = torch.get_rng_state()
    back = load_model(str(tmp_path / "model"))
    assert torch.equal(state, torch.get_rng_state())
    assert torch.equal(back(ids(4), None, LANGUAGE), model(ids(4), None, LANGUAGE))
    assert (back.languages, back.specs, back.seed) == (LANGUAGES, specs, 5)
    assert back.tokenizer_fingerprint == "toy"
    assert list(back.state_dict()) == list(model.state_dict())


def test_a_loaded_model_grows_as_the_first_would(tmp_path: Path) -> None:
    model = toy_model(adapters(), seed=5)
    model.save(tmp_path / "model")
    back = load_model(tmp_path / "model")
    new = type(LANGUAGES[0]).parse("sw")
    for each in (model, back):
        each.add_language(new, "random")
    new_row = torch.tensor([3])
    assert torch.equal(back.encode(ids(1), None, new_row), model.encode(ids(1), None, new_row))


def test_a_plain_folder_is_for_create_model(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="create_model"):
        load_model(save_toy(tmp_path))


def _damage(path: Path, **changes: object) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


@pytest.mark.parametrize(
    "changes",
    [
        {"format": 2},
        {"languages": ["eng-Latn", "tel-Telu"]},
        {"languages": ["nobody"]},
        {"modules": [{"kind": "adapter", "slots": [0, 1, 2], "wings": 2}]},
        {"modules": [{"kind": "adaptor", "slots": [0, 1, 2]}]},
        {"modules": [{"kind": "adapter", "slots": [0, 1, 2], "options": {"bottleneck": 9}}]},
        {"modules": []},
    ],
)
def test_a_card_that_does_not_fit_is_refused(changes: dict, tmp_path: Path) -> None:
    toy_model(adapters()).save(tmp_path / "model")
    _damage(tmp_path / "model" / "isogloss.json", **changes)
    with pytest.raises(InputError):
        load_model(tmp_path / "model")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("isogloss.json", "{"),
        ("isogloss.json", "[]"),
        ("isogloss.json", '{"format": 1}'),
        ("language_modules.safetensors", "half"),
        ("model.safetensors", "half"),
        ("config.json", "{"),
    ],
)
def test_damaged_files_are_refused(name: str, content: str, tmp_path: Path) -> None:
    toy_model(adapters()).save(tmp_path / "model")
    (tmp_path / "model" / name).write_text(content)
    with pytest.raises(InputError, match=str(tmp_path)):
        load_model(tmp_path / "model")
