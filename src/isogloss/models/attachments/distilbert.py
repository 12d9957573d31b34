"""DistilBERT (Sanh et al. 2019, https://arxiv.org/abs/1910.01108): BERT's layers, other names."""

from isogloss.models.attachments.attachment import Attachment

DISTILBERT = Attachment(
    body="distilbert",
    layers="distilbert.transformer.layer",
    head=("vocab_transform", "activation", "vocab_layer_norm", "vocab_projector"),
    attention_input="attention",
    attention_projection="attention.out_lin",
    # No dropout of the output here: it has one on the attention's weights alone.
    attention_output="attention.out_lin",
    feed_forward_output="ffn",
    attention_maps=("attention.q_lin", "attention.k_lin", "attention.v_lin", "attention.out_lin"),
    feed_forward_maps=("ffn.lin1", "ffn.lin2"),
    norms=("sa_layer_norm", "output_layer_norm"),
    embedding_norm="distilbert.embeddings.LayerNorm",
    activation="activation",
    dropout="dropout",
    intermediate="hidden_dim",
    residual_norm="output_layer_norm",
)
