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
    activation="hidden_activation",
    dropout="mlp_dropout",
)
