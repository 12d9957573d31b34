"""Task heads: a linear layer on the encoder's output."""

from torch import Tensor, nn

from isogloss.models.multilingual import MultilingualModel
from isogloss.models.routing import Routing
from isogloss.models.slab import linear_slabs, seeded


class TokenClassifier(nn.Module):
    """Logits of a class for every token (named entities, parts of speech).

    Args:
        model: the encoder; its parameters are this module's too.
        n_labels: number of classes.
        dropout: on the encoder's output.
        seed: of the head's initial values; the global random state is left as it was.
    """

    def __init__(
        self, model: MultilingualModel, n_labels: int, *, dropout: float = 0.0, seed: int = 0
    ) -> None:
        super().__init__()
        self.model = model
        self.dropout = nn.Dropout(dropout)
        self.head = _linear(model.hidden_size, n_labels, seed)

    def forward(
        self, input_ids: Tensor, attention_mask: Tensor | None, language: Tensor | Routing | None
    ) -> Tensor:
        """Return logits [rows, length, n_labels]; arguments as `MultilingualModel.encode`."""
        hidden = self.model.encode(input_ids, attention_mask, language)
        return self.head(self.dropout(hidden))


class SequenceClassifier(nn.Module):
    """Logits of a class for every row (topics, sentence pairs), from its first position.

    Args:
        model: the encoder; its parameters are this module's too.
        n_labels: number of classes.
        dropout: on the encoder's output.
        seed: of the head's initial values; the global random state is left as it was.
    """

    def __init__(
        self, model: MultilingualModel, n_labels: int, *, dropout: float = 0.0, seed: int = 0
    ) -> None:
        super().__init__()
        self.model = model
        self.dropout = nn.Dropout(dropout)
        self.head = _linear(model.hidden_size, n_labels, seed)

    def forward(
        self, input_ids: Tensor, attention_mask: Tensor | None, language: Tensor | Routing | None
    ) -> Tensor:
        """Return logits [rows, n_labels]; arguments as `MultilingualModel.encode`."""
        hidden = self.model.encode(input_ids, attention_mask, language)
        return self.head(self.dropout(hidden[:, 0]))


def _linear(n_in: int, n_out: int, seed: int) -> nn.Linear:
    """Return an `nn.Linear` with torch's usual initial values, from a seed of its own."""
    head = nn.Linear(n_in, n_out, device="meta")
    weight, bias = linear_slabs(1, n_in, n_out, lambda slot: seeded(seed, "head", slot))
    head.weight, head.bias = nn.Parameter(weight[0].detach()), nn.Parameter(bias[0].detach())
    return head
