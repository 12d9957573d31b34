"""XLM-R XL and XXL (Goyal et al. 2021, https://arxiv.org/abs/2105.00572): XLM-R, pre-norm."""

from isogloss.models.attachments.attachment import Attachment

XLM_ROBERTA_XL = Attachment(
    body="roberta",
    layers="roberta.encoder.layer",
    head=("lm_head",),
    attention_input="attention.self_attn_layer_norm",
    attention_projection="attention.output.dense",
    attention_output="attention.output.dropout",
    feed_forward_output="output.dense",
    attention_maps=(
        "attention.self.query",
        "attention.self.key",
        "attention.self.value",
        "attention.output.dense",
    ),
    feed_forward_maps=("intermediate.dense", "output.dense"),
    norms=("attention.self_attn_layer_norm", "LayerNorm"),
    embedding_norm=None,
    final_norm="roberta.encoder.LayerNorm",
    activation="hidden_act",
    dropout="hidden_dropout_prob",
    attention_dropout="attention_probs_dropout_prob",
    positions_after_padding=True,
)
