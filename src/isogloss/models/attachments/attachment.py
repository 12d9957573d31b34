"""Where an architecture keeps the places that isogloss needs: paths only, no code per model."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from torch import Tensor, nn
from transformers import PretrainedConfig, PreTrainedModel


@dataclass(frozen=True)
class Attachment:
    """The narrow map of one Hugging Face masked-LM architecture.

    Attributes:
        body: path of the encoder in the masked-LM model.
        layers: path of the list of layers in the masked-LM model.
        head: paths of the modules that turn encoder output into logits, applied in this order.
        attention_input: path in a layer of the first submodule on the branch of attention, given
            the layer's input alone.
        attention_projection: path in a layer of the map that the attention ends with; from here to
            the layer's output all is done position by position.
        attention_output: path in a layer of the submodule whose output is the attention's, inside
            the residual branch, after its dropout.
        feed_forward_output: the same for the feed-forward part.
        attention_maps: paths in a layer of the attention's linear maps, queries, keys and values
            first; what happens between them has no parameters.
        feed_forward_maps: the same for the feed-forward part.
        norms: paths in a layer of its layer norms; one without parameters is no norm.
        embedding_norm: path in the masked-LM model of the norm before the first layer; None =
            there is none.
        final_norm: the same for the norm after the last layer; None = there is none.
        activation: attribute of the config that names the activation.
        dropout: attribute of the config with the dropout of the residual branch; None = it has
            none.
        positions_after_padding: the text's first position is `pad_token_id + 1`, so the position
            table holds that many tokens fewer than it has rows.
        residual_norm: path in a layer of the layer norm that is given the residual sum of the
            feed-forward part; None where no norm follows that sum (pre-norm).
        intermediate: attribute of the config with the width of the feed-forward part.
        head_with_embeddings: path of another head that some models of the architecture have in
            place of `head`; it is given the word embeddings besides.
        maps_positions: the attention's maps are applied to relative positions too, which have no
            language: modules cannot stand in for them.
        fused: whether the attention can run in a fused kernel.
        attention_dropout: attribute of the config with the dropout of the attention's weights.
    """

    body: str
    layers: str
    head: tuple[str, ...]
    attention_input: str
    attention_projection: str
    attention_output: str
    feed_forward_output: str
    attention_maps: tuple[str, ...]
    feed_forward_maps: tuple[str, ...]
    norms: tuple[str, ...]
    embedding_norm: str | None
    activation: str
    dropout: str | None
    final_norm: str | None = None
    positions_after_padding: bool = False
    residual_norm: str | None = None
    intermediate: str = "intermediate_size"
    head_with_embeddings: str | None = None
    maps_positions: bool = False
    fused: bool = True
    attention_dropout: str = "attention_dropout"

    def layers_of(self, masked_lm: nn.Module) -> Sequence[nn.Module]:
        """Return the layers, first to last."""
        return list(cast(nn.ModuleList, masked_lm.get_submodule(self.layers)))

    def encode(
        self, masked_lm: nn.Module, input_ids: Tensor, attention_mask: Tensor | None
    ) -> Tensor:
        """Run the encoder body, shape [rows, length, hidden]."""
        body = masked_lm.get_submodule(self.body)
        return body(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state

    def predict(self, masked_lm: nn.Module, hidden: Tensor) -> Tensor:
        """Run the prediction head on `hidden`, shape [n, hidden], to logits [n, vocabulary]."""
        other = self.head_with_embeddings
        if other is not None and hasattr(masked_lm, other):
            embeddings = cast(PreTrainedModel, masked_lm).get_input_embeddings()
            return masked_lm.get_submodule(other)(hidden, embeddings)
        for path in self.head:
            hidden = masked_lm.get_submodule(path)(hidden)
        return hidden

    def head_parameters(self, masked_lm: nn.Module) -> list[nn.Parameter]:
        """Return the parameters of the prediction head that are no part of the encoder."""
        encoder = {id(one) for one in masked_lm.get_submodule(self.body).parameters()}
        return [one for one in masked_lm.parameters() if id(one) not in encoder]

    def longest_input(self, config: PretrainedConfig) -> int:
        """Return how many tokens a row may have."""
        reserved = config.pad_token_id + 1 if self.positions_after_padding else 0
        return config.max_position_embeddings - reserved
