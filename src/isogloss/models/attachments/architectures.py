"""Where the architectures keep their places; the key is `config.model_type` of Hugging Face.

An architecture is added as a row. The tests run every row.
"""

from collections.abc import Mapping
from typing import Final

from isogloss.models.attachments.attachment import Attachment

ATTACHMENTS: Final[Mapping[str, Attachment]] = {
    # BERT (Devlin et al. 2019, https://arxiv.org/abs/1810.04805): post-norm, learned positions.
    # The layer norm and the residual sum sit in the same `output` modules, after their dropout.
    "bert": Attachment(
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
    ),
    # DeBERTa v2, v3 and mDeBERTa (He et al., https://arxiv.org/abs/2111.09543): relative positions.
    # `legacy: true` in the config, the default of `transformers`, is a head like BERT's, which the
    # published models do not have; theirs is that of `legacy: false`.
    "deberta-v2": Attachment(
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
    ),
    # DistilBERT (Sanh et al. 2019, https://arxiv.org/abs/1910.01108): BERT's layers, other names.
    "distilbert": Attachment(
        body="distilbert",
        layers="distilbert.transformer.layer",
        head=("vocab_transform", "activation", "vocab_layer_norm", "vocab_projector"),
        attention_input="attention",
        attention_projection="attention.out_lin",
        # No dropout of the output here: it has one on the attention's weights alone.
        attention_output="attention.out_lin",
        feed_forward_output="ffn",
        attention_maps=(
            "attention.q_lin",
            "attention.k_lin",
            "attention.v_lin",
            "attention.out_lin",
        ),
        feed_forward_maps=("ffn.lin1", "ffn.lin2"),
        norms=("sa_layer_norm", "output_layer_norm"),
        embedding_norm="distilbert.embeddings.LayerNorm",
        activation="activation",
        dropout="dropout",
        intermediate="hidden_dim",
        residual_norm="output_layer_norm",
    ),
    # EuroBERT (Boizard et al. 2025, https://arxiv.org/abs/2503.05500): Llama's layers, no mask.
    "eurobert": Attachment(
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
    ),
    # ModernBERT (Warner et al. 2024, https://arxiv.org/abs/2412.13663): pre-norm, rotary positions.
    "modernbert": Attachment(
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
    ),
    # XLM-R (Conneau et al. 2020, https://arxiv.org/abs/1911.02116): BERT's layers, other positions.
    "xlm-roberta": Attachment(
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
    ),
    # XLM-R XL and XXL (Goyal et al. 2021, https://arxiv.org/abs/2105.00572): XLM-R, pre-norm.
    "xlm-roberta-xl": Attachment(
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
    ),
}
