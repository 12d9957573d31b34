from pathlib import Path

import pytest
from torch import nn

from isogloss.core import InputError
from isogloss.models import ModuleSpec, check_layers, create_model, model_size
from unit.models.toys import LANGUAGES, ToyVocabulary, adapters, toy_config


@pytest.mark.parametrize("preset", ["micro", "mini", "paper"])
def test_the_weights_of_a_layer_are_counted(preset: str) -> None:
    """ModernBERT's feed-forward with its gate, and BERT's without."""
    model = create_model(preset, tokenizer=ToyVocabulary(), languages=LANGUAGES, seed=0)
    size = model_size(preset)
    layers = model.attachment.layers_of(model.backbone)
    linear = [one for one in layers[0].modules() if isinstance(one, nn.Linear)]
    assert len(layers) == size.layers
    assert sum(one.weight.numel() for one in linear) == size.layer_parameters


def test_a_folder_has_the_size_of_its_config(tmp_path: Path) -> None:
    config = toy_config("bert")
    config.save_pretrained(tmp_path)
    size = model_size(tmp_path)
    assert (size.architecture, size.hidden) == ("bert", config.hidden_size)
    assert size.vocabulary == config.vocab_size


def test_layers_are_checked_from_the_config_alone(tmp_path: Path) -> None:
    """No weights are there, and no tokenizer: a study asks before it trains anything."""
    toy_config("bert").save_pretrained(tmp_path)
    for source in (tmp_path, str(tmp_path), "micro"):
        check_layers(source, [])
        check_layers(source, [ModuleSpec("attention", (0, 1), (0, 1)), adapters()])
        with pytest.raises(InputError, match=r"different layers from 0 to 1\. Found \[1, 2\]"):
            check_layers(source, [adapters(), ModuleSpec("attention", (0, 1), (1, 2))])
    with pytest.raises(InputError, match="Did you mean `tiny`"):
        check_layers("tinny", [])
