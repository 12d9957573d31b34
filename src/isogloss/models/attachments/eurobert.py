"""EuroBERT (Boizard et al. 2025, https://arxiv.org/abs/2503.05500): Llama's layers, no mask."""

from isogloss.models.attachments.attachment import Attachment

EUROBERT = Attachment(
    body="model",
    layers="model.layers",
    head=("lm_head",),
    attention_input="input_layernorm",
    attention_projection="self_attn.o_proj",
    attention_output="self_attn.o_proj",
    feed_forward_output="mlp",
    attention_maps=(
        "self_attn.q_proj",
        "self_attn.k_proj",
        "self_attn.v_proj",
        "self_attn.o_proj",
    ),
    feed_forward_maps=("mlp.gate_proj", "mlp.up_proj", "mlp.down_proj"),
    norms=("input_layernorm", "post_attention_layernorm"),
    embedding_norm=None,
    final_norm="model.norm",
    activation="hidden_act",
    dropout=None,
)
