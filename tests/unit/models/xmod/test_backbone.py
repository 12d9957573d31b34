import pytest
import torch
from transformers import AutoModelForMaskedLM, XLMRobertaConfig, XLMRobertaForMaskedLM

from isogloss.core import InputError
from isogloss.models.xmod.backbone import as_roberta
from unit.models.toys import ids, shaken, toy_config, toy_model


@pytest.mark.parametrize("model_type", ["bert", "xlm-roberta"])
def test_the_same_logits(model_type: str) -> None:
    """With padding at the end of a row, everywhere but at the padding."""
    model = shaken(toy_model(model_type=model_type))
    weights, fields = as_roberta(model.backbone)
    roberta = XLMRobertaForMaskedLM(XLMRobertaConfig(**fields)).eval()
    roberta.load_state_dict(weights)
    batch, mask = ids(3), torch.ones(3, 12)
    batch[1, 8:], mask[1, 8:] = 0, 0
    expected = model.backbone(batch, attention_mask=mask).logits
    found = roberta(batch, attention_mask=mask).logits
    kept = mask.bool()
    torch.testing.assert_close(found[kept], expected[kept], atol=1e-6, rtol=0)


@pytest.mark.parametrize("pad_token_id", [0, 5])
def test_positions_of_bert_move_behind_the_padding(pad_token_id: int) -> None:
    config = toy_config("bert")
    config.pad_token_id = pad_token_id
    backbone = AutoModelForMaskedLM.from_config(config)
    positions = backbone.bert.embeddings.position_embeddings.weight
    weights, fields = as_roberta(backbone)
    moved = weights["roberta.embeddings.position_embeddings.weight"]
    assert not moved[: pad_token_id + 1].any()
    assert torch.equal(moved[pad_token_id + 1 :], positions)
    assert fields["max_position_embeddings"] == len(moved) == 40 + pad_token_id + 1


def test_modernbert_is_refused() -> None:
    with pytest.raises(InputError, match="Found `modernbert`"):
        as_roberta(toy_model().backbone)


def test_a_bert_head_without_gelu_is_refused() -> None:
    config = toy_config("bert")
    config.hidden_act = "relu"
    with pytest.raises(InputError, match="`relu`"):
        as_roberta(AutoModelForMaskedLM.from_config(config))
