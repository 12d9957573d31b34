"""Task heads: dropout and a linear layer on the encoder's output."""

from torch import Tensor, nn

from isogloss.data import Routing
from isogloss.models.multilingual import MultilingualModel
from isogloss.models.slab import linear_slabs, seeded


class Classifier(nn.Module):
    """An encoder with a head on top, which is given the hidden vectors at some positions.

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
        self.dropout, self.head = _layers(model.hidden_size, n_labels, dropout, seed)

    def at(
        self,
        input_ids: Tensor,
        attention_mask: Tensor | None,
        language: Tensor | Routing | None,
        positions: Tensor,
        chosen: Routing | None = None,
    ) -> Tensor:
        """Return logits [n, n_labels] at chosen positions: arguments of `encode_at`."""
        hidden = self.model.encode_at(input_ids, attention_mask, language, positions, chosen)
        return self.head(self.dropout(hidden))


class TokenClassifier(Classifier):
    """Logits of a class for every token (entities, parts of speech); arguments of `Classifier`."""

    def forward(
        self,
        input_ids: Tensor,
        attention_mask: Tensor | None,
        language: Tensor | Routing | None,
        positions: Tensor | None = None,
        chosen: Routing | None = None,
    ) -> Tensor:
        """Return logits [rows, length, n_labels], or [n, n_labels] at `positions`; see `at`."""
        if positions is not None:
            return self.at(input_ids, attention_mask, language, positions, chosen)
        hidden = self.model.encode(input_ids, attention_mask, language)
        return self.head(self.dropout(hidden))


class SequenceClassifier(Classifier):
    """Logits of a class for every row, from its first position; arguments of `Classifier`."""

    def forward(
        self,
        input_ids: Tensor,
        attention_mask: Tensor | None,
        language: Tensor | Routing | None,
        positions: Tensor | None = None,
        chosen: Routing | None = None,
    ) -> Tensor:
        """Return logits [rows, n_labels], or [n, n_labels] of the rows at `positions`; see `at`."""
        if positions is not None:
            return self.at(input_ids, attention_mask, language, positions, chosen)
        hidden = self.model.encode(input_ids, attention_mask, language)
        return self.head(self.dropout(hidden[:, 0]))


def _layers(n_in: int, n_out: int, dropout: float, seed: int) -> tuple[nn.Dropout, nn.Linear]:
    """Return the layers of a head, with torch's usual initial values from a seed of their own."""
    head = nn.Linear(n_in, n_out, device="meta")
    weight, bias = linear_slabs(1, n_in, n_out, lambda slot: seeded(seed, "head", slot))
    head.weight, head.bias = nn.Parameter(weight[0].detach()), nn.Parameter(bias[0].detach())
    return nn.Dropout(dropout), head
