"""Folders of models that somebody else made, spoilt one way at a time."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from isogloss.core import InputError
from isogloss.models import create_model
from unit.models.toys import LANGUAGES, ToyVocabulary, save_toy

SIZES = ("hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size")
VALUES: list[Any] = ["big", -1, 0, 10**11, 1e30, None, True, [4], {"a": 1}, 2.5]


def open_it(folder: Path) -> None:
    create_model(str(folder), tokenizer=ToyVocabulary(), languages=LANGUAGES, seed=0)


def change(folder: Path, **values: Any) -> None:
    path = folder / "config.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**content, **values}), encoding="utf-8")


@pytest.mark.parametrize("model_type", ["bert", "modernbert"])
@pytest.mark.parametrize("value", VALUES, ids=repr)
@pytest.mark.parametrize("name", [*SIZES, "vocab_size", "max_position_embeddings"])
def test_a_size_that_no_model_has_is_refused(
    name: str, value: Any, model_type: str, tmp_path: Path
) -> None:
    change(save_toy(tmp_path, model_type), **{name: value})
    with pytest.raises(InputError, match=r"config\.json"):
        open_it(tmp_path)


@pytest.mark.parametrize("model_type", ["bert", "modernbert", "xlm-roberta"])
@pytest.mark.parametrize("name", [*SIZES, "vocab_size"])
def test_a_size_that_is_missing_or_another_models_is_refused(
    name: str, model_type: str, tmp_path: Path
) -> None:
    path = save_toy(tmp_path, model_type) / "config.json"
    whole = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({key: value for key, value in whole.items() if key != name}))
    with pytest.raises(InputError):
        open_it(tmp_path)
    path.write_text(json.dumps({**whole, name: 2 * whole[name]}))
    if name != "num_attention_heads":  # the same weights, cut otherwise: another model, a valid one
        with pytest.raises(InputError):
            open_it(tmp_path)


NO_OBJECTS = ["", "{", "[]", "[1, 2]", '"bert"', "null", "7", "{}", '{"model_type": 3}']


@pytest.mark.parametrize("text", [*NO_OBJECTS, "[" * 100_000], ids=range(10))
def test_what_is_no_object_with_an_architecture_is_refused(text: str, tmp_path: Path) -> None:
    (save_toy(tmp_path) / "config.json").write_text(text)
    with pytest.raises(InputError, match=r"config\.json") as refused:
        open_it(tmp_path)
    assert str(tmp_path) in refused.value.where


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (save_toy(tmp_path) / "config.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="no JSON"):
        open_it(tmp_path)


@pytest.mark.parametrize("value", [3, "no-such-function", ["gelu"]])
def test_an_activation_that_is_none_is_refused(value: Any, tmp_path: Path) -> None:
    change(save_toy(tmp_path, "bert"), hidden_act=value)
    with pytest.raises(InputError):
        open_it(tmp_path)


@pytest.mark.parametrize(
    ("architecture", "kind"),
    [("gpt2", "a decoder"), ("llama", "a decoder"), ("qwen3", "a decoder"),
     ("t5", "an encoder-decoder"), ("bart", "an encoder-decoder")],
)  # fmt: skip
def test_decoders_are_refused_by_name_with_what_works(
    architecture: str, kind: str, tmp_path: Path
) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"model_type": architecture}))
    with pytest.raises(InputError) as refused:
        open_it(tmp_path)
    assert refused.value.expected.endswith("modernbert, xlm-roberta, xlm-roberta-xl")
    assert refused.value.found == f"`{architecture}`, {kind}"
    assert "ConflictMonitor" in refused.value.next_step
    assert "docs/monitor.md" in refused.value.next_step


def test_another_encoder_is_met_with_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "roberta"}))
    with pytest.raises(InputError, match="Did you mean `eurobert`") as refused:
        open_it(tmp_path)
    assert "Monitor" not in refused.value.next_step


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_weights_that_are_no_numbers_are_named(value: float, tmp_path: Path) -> None:
    path = save_toy(tmp_path, "bert") / "model.safetensors"
    weights = load_file(path)
    name = "bert.encoder.layer.1.output.dense.weight"
    weights[name].view(-1)[:3] = value
    save_file(weights, path, metadata={"format": "pt"})
    with pytest.raises(InputError, match=rf"NaN or infinity in `{name}` \(3 of") as refused:
        open_it(tmp_path)
    assert "learning rate" not in str(refused.value)


def test_a_whole_model_is_opened_and_no_random_number_is_drawn(tmp_path: Path) -> None:
    save_toy(tmp_path)
    state = torch.get_rng_state()
    open_it(tmp_path)
    assert torch.equal(torch.get_rng_state(), state)
