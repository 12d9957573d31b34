import pytest
import torch
from transformers import AutoModelForMaskedLM

from isogloss.models import ATTACHMENTS, PRESETS


@pytest.mark.parametrize(
    ("name", "millions"),
    [
        ("nano", 0.22),
        ("micro", 0.22),
        ("mini", 0.44),
        ("tiny", 0.83),
        ("small", 1.90),
        ("paper", 26.77),
    ],
)
def test_sizes(name: str, millions: float) -> None:
    config = PRESETS[name].config()
    config.vocab_size = 2000
    config.pad_token_id = 0
    assert config.model_type in ATTACHMENTS
    assert config.tie_word_embeddings
    with torch.device("meta"):
        model = AutoModelForMaskedLM.from_config(config)
    assert model.num_parameters() / 1e6 == pytest.approx(millions, abs=0.01)


def test_tiny_is_under_a_million() -> None:
    assert {"tiny", "small", "paper"} <= set(PRESETS)


def test_each_call_gives_a_config_of_its_own() -> None:
    first = PRESETS["tiny"].config()
    first.vocab_size = 7
    assert PRESETS["tiny"].config().vocab_size != 7
