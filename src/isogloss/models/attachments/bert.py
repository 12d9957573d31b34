"""BERT (Devlin et al. 2019, https://arxiv.org/abs/1810.04805): post-norm, learned positions."""

from isogloss.models.attachments.attachment import Attachment

# The layer norm and the residual sum sit in the same `output` modules, after their dropout.
BERT = Attachment(
    body="bert",
    layers="bert.encoder.layer",
    head=("cls",),
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
    embedding_norm="bert.embeddings.LayerNorm",
    activation="hidden_act",
    dropout="hidden_dropout_prob",
    attention_dropout="attention_probs_dropout_prob",
    residual_norm="output.LayerNorm",
)
