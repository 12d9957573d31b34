"""DeBERTa v2, v3 and mDeBERTa (He et al., https://arxiv.org/abs/2111.09543): relative positions."""

from isogloss.models.attachments.attachment import Attachment

# `legacy: true` in the config, the default of `transformers`, is a head like BERT's, which the
# published models do not have; theirs is that of `legacy: false`.
DEBERTA_V2 = Attachment(
    body="deberta",
    layers="deberta.encoder.layer",
    head=("cls",),
    head_with_embeddings="lm_predictions",
    attention_input="attention.self",
    attention_projection="attention.output.dense",
    attention_output="attention.output.dropout",
    feed_forward_output="output.dropout",
    attention_maps=(
        "attention.self.query_proj",
        "attention.self.key_proj",
        "attention.self.value_proj",
        "attention.output.dense",
    ),
    maps_positions=True,
    feed_forward_maps=("intermediate.dense", "output.dense"),
    norms=("attention.output.LayerNorm", "output.LayerNorm"),
    embedding_norm="deberta.embeddings.LayerNorm",
    activation="hidden_act",
    dropout="hidden_dropout_prob",
    attention_dropout="attention_probs_dropout_prob",
    residual_norm="output.LayerNorm",
    fused=False,
)
