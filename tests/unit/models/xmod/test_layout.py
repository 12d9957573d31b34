import dataclasses

import pytest
from transformers import BertConfig, XLMRobertaConfig, XmodConfig, XmodForMaskedLM

from isogloss.models.xmod import layout
from unit.models.toys import toy_config


def test_the_words_come_back() -> None:
    for word, options in layout.LAYER_NORMS.items():
        assert layout.layer_norm_of(XmodConfig(**options)) == word
    assert layout.layer_norm_of(XmodConfig()) == "before", "the default of both"


def test_without_reuse_the_side_does_not_matter() -> None:
    config = XmodConfig(adapter_reuse_layer_norm=False, ln_before_adapter=True)
    assert layout.layer_norm_of(config) == "none"


@pytest.mark.parametrize("kind", [BertConfig, XLMRobertaConfig])
def test_no_field_of_an_architecture_is_forgotten(kind: type) -> None:
    """What is not shared says nothing about an encoder's outputs or its training."""
    bookkeeping = {
        *("transformers_version", "architectures", "output_hidden_states", "return_dict", "dtype"),
        *("chunk_size_feed_forward", "is_encoder_decoder", "id2label", "label2id", "problem_type"),
        *("use_cache", "is_decoder", "add_cross_attention"),
    }
    fields = {field.name for field in dataclasses.fields(kind)}
    assert fields - bookkeeping == set(layout.SHARED_FIELDS)


def test_parameters_are_named_as_in_transformers() -> None:
    fields = {name: getattr(toy_config("xlm-roberta"), name) for name in layout.SHARED_FIELDS}
    names = set(XmodForMaskedLM(XmodConfig(**fields, languages=["te_IN", "ad"])).state_dict())
    adapters = {
        layout.parameter_name(layer, code, slab)
        for layer in (0, 1)
        for code in ("te_IN", "ad")
        for slab in layout.TENSORS
    }
    assert adapters == {name for name in names if "adapter" in name}
