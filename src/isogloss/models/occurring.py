"""Train only the embeddings of the tokens that occur: the same update for less work and memory."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import cast

import torch
from torch import Tensor, nn

from isogloss.models.multilingual import MultilingualModel


class OccurringRows(nn.Module):
    """Word embeddings of which the rows of some tokens are a parameter of their own.

    The rows of all others have no gradient: nobody fills them with zeros, sums them, or keeps
    moments for them.

    Args:
        whole: the table; it is read where a model is tested on other tokens.
        tokens: ids whose rows are taken out, sorted, shape [n].
    """

    def __init__(self, whole: nn.Embedding, tokens: Tensor) -> None:
        super().__init__()
        place = torch.full((whole.num_embeddings,), -1)
        place[tokens] = torch.arange(len(tokens))
        padding = None if whole.padding_idx is None else int(place[whole.padding_idx])
        self.rows = nn.Embedding(
            len(tokens),
            whole.embedding_dim,
            padding_idx=None if padding == -1 else padding,
            _weight=whole.weight.detach()[tokens].clone(),
        )
        self.others = whole
        self.register_buffer("place", place, persistent=False)

    def forward(self, ids: Tensor) -> Tensor:
        """Return the embeddings of tokens, shape [..., d].

        Raises:
            RuntimeError: a token outside, in training: it would not be learned.
        """
        place = cast(Tensor, self.place)[ids]
        known = place >= 0
        if bool(known.all()):
            return self.rows(place)
        if torch.is_grad_enabled():
            outside = ids[~known].unique().tolist()
            raise RuntimeError(f"tokens that `occurring_rows` was not told of: {outside[:5]}")
        return torch.where(known.unsqueeze(-1), self.rows(place.clamp(min=0)), self.others(ids))


@contextmanager
def occurring_rows(model: MultilingualModel, tokens: Collection[int]) -> Iterator[None]:
    """Train the word embeddings of some tokens alone, inside; afterwards the model is whole again.

    The update is that of the whole table, whose other rows have no gradient and no moments. What
    differs: weight decay does not draw those rows to zero (at a rate of 5e-5 and a decay of 0.01 it
    takes half a millionth of them an update). A masked-LM head that shares the table is not trained
    inside. Embeddings that are not trained are left as they
    are. Not for a GPU: the look at the tokens would wait for it, and the table costs it little.

    Args:
        model: whose word embeddings are meant, on the CPU.
        tokens: ids of all that the training reads, padding included.
    """
    whole = model.backbone.get_input_embeddings()
    if type(whole) is not nn.Embedding or not whole.weight.requires_grad:
        yield
        return
    ids = torch.tensor(sorted(set(tokens)))
    parent, name = next(
        (parent, name)
        for parent in model.backbone.modules()
        for name, child in parent.named_children()
        if child is whole
    )
    table = OccurringRows(whole, ids)
    setattr(parent, name, table)
    whole.weight.requires_grad_(False)
    try:
        yield
    finally:
        setattr(parent, name, whole)
        with torch.no_grad():
            whole.weight[ids] = table.rows.weight
        whole.weight.requires_grad_(True)
