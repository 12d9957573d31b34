"""XLM-R (Conneau et al. 2020, https://arxiv.org/abs/1911.02116): BERT's layers, other positions."""

from isogloss.models.attachments.attachment import Attachment

XLM_ROBERTA = Attachment(
    body="roberta",
    layers="roberta.encoder.layer",
    head=("lm_head",),
    attention_input="attention.self",
    attention_projection="attention.output.dense",
    attention_output="attention.output.dropout",
    feed_forward_output="output.dropout",
    attention_maps=(
        "attention.self.query",
        "attention.self.key",
        "attention.self.value",
        "attention.output.dense",
    ),
    feed_forward_maps=("intermediate.dense", "output.dense"),
    norms=("attention.output.LayerNorm", "output.LayerNorm"),
    embedding_norm="roberta.embeddings.LayerNorm",
    activation="hidden_act",
    dropout="hidden_dropout_prob",
    attention_dropout="attention_probs_dropout_prob",
    positions_after_padding=True,
    residual_norm="output.LayerNorm",
)
