"""ModernBERT (Warner et al. 2024, https://arxiv.org/abs/2412.13663): pre-norm, rotary positions."""

from isogloss.models.attachments.attachment import Attachment

MODERNBERT = Attachment(
    body="model",
    layers="model.layers",
    head=("head", "decoder"),
    attention_input="attn_norm",
    attention_projection="attn.Wo",
    attention_output="attn.out_drop",
    feed_forward_output="mlp",
    attention_maps=("attn.Wqkv", "attn.Wo"),
    feed_forward_maps=("mlp.Wi", "mlp.Wo"),
    # The first layer's `attn_norm` is the identity: the embedding norm does its work.
    norms=("attn_norm", "mlp_norm"),
    embedding_norm="model.embeddings.norm",
    final_norm="model.final_norm",
    activation="hidden_activation",
    dropout="mlp_dropout",
)
