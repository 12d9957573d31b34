"""What fine-tuning forgets: the masked-LM loss of a fine-tuned encoder under its first head."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any, Final, cast

from torch import Tensor, nn

from isogloss.core import InputError, Language
from isogloss.diagnosis.weight_distance import WeightDistance, weight_distance
from isogloss.evaluation import Cell, MaskedText, evaluate_masked_lm
from isogloss.models import MultilingualModel

_ANY: Final = 0


@dataclass(frozen=True)
class LanguageForgetting:
    """What one language lost. All losses are mean nats of a masked token, on the same masks.

    Attributes:
        language: of the text.
        seen: the model was fine-tuned on labelled data of this language.
        n_masked: masked tokens.
        pretrained_nats: loss of the pretrained model.
        original_decoder_nats: of the fine-tuned encoder, with the pretrained head whole.
        tied_decoder_nats: of the fine-tuned encoder, with the pretrained head whose decoder has the
            fine-tuned embeddings; None where the model does not tie the two.
    """

    language: Language
    seen: bool
    n_masked: int
    pretrained_nats: float
    original_decoder_nats: float
    tied_decoder_nats: float | None

    @property
    def forgotten_nats(self) -> float:
        """Loss that fine-tuning added, with the pretrained head whole; positive = forgotten."""
        return self.original_decoder_nats - self.pretrained_nats

    @property
    def forgotten_nats_tied(self) -> float | None:
        """The same with the fine-tuned embeddings in the decoder."""
        if self.tied_decoder_nats is None:
            return None
        return self.tied_decoder_nats - self.pretrained_nats


@dataclass(frozen=True)
class Forgetting:
    """What a fine-tuning forgot.

    Attributes:
        languages: one entry for each language, in the order of the texts.
        distance: how far the weights went.
    """

    languages: tuple[LanguageForgetting, ...]
    distance: WeightDistance

    def rows(self) -> list[dict[str, Any]]:
        """Return a table, one row per language."""
        return [
            {
                **asdict(one),
                "language": str(one.language),
                "forgotten_nats": one.forgotten_nats,
                "forgotten_nats_tied": one.forgotten_nats_tied,
            }
            for one in self.languages
        ]


def measure_forgetting(
    pretrained: MultilingualModel,
    finetuned: MultilingualModel,
    texts: Mapping[Language, MaskedText],
    *,
    seen: Collection[Language],
    batch_size: int = 32,
) -> Forgetting:
    """Measure the masked-LM loss of a fine-tuned encoder under the pretrained head.

    Fine-tuning drops the masked-LM head; put back on, it tells how much of what it needs the
    encoder still has. Where embeddings and decoder are tied, fine-tuning moves the decoder as well,
    and nothing says which decoder is the right one: both are measured.

    Args:
        pretrained: the model that the fine-tuning started from.
        finetuned: the encoder of the fine-tuned classifier, on the same device. Both models are
            left as they were.
        texts: held-out text of each language with its masks; usual are a rate of 0.15 and one seed.
        seen: languages that the model was fine-tuned on.
        batch_size: rows at once; the result does not depend on it.

    Returns:
        Losses of each language, and the distance of the weights.

    Raises:
        InputError: the models are not of one shape, or a text's language has no module in a model
            with language-specific modules.

    Reference:
        Lee, Lee, Lee, Hwang. Sequential Reptile: Inter-Task Gradient Alignment for Multilingual
        Learning. ICLR 2022. https://arxiv.org/abs/2110.02600 (forgetting of pretrained knowledge;
        how the paper measures it could not be looked up, so masks and heads are our choice)
    """
    distance = weight_distance(pretrained, finetuned)
    grafted = _Grafted(finetuned, pretrained)
    rows: list[LanguageForgetting] = []
    for language, text in texts.items():
        before, n_masked = _nats(pretrained, pretrained, language, text, batch_size)
        after, _ = _nats(grafted, finetuned, language, text, batch_size)
        tied = None
        if _ties(pretrained):
            with _decoder_of(pretrained, finetuned):
                tied, _ = _nats(grafted, finetuned, language, text, batch_size)
        rows.append(LanguageForgetting(language, language in seen, n_masked, before, after, tied))
    return Forgetting(tuple(rows), distance)


class _Grafted(nn.Module):
    """The encoder of one model and the masked-LM head of another."""

    def __init__(self, encoder: MultilingualModel, head: MultilingualModel) -> None:
        super().__init__()
        self.encoder, self.head = encoder, head

    def forward(
        self,
        input_ids: Tensor,
        attention_mask: Tensor | None,
        language: Tensor,
        positions: Tensor,
    ) -> Tensor:
        hidden = self.encoder.encode_at(input_ids, attention_mask, language, positions)
        return self.head.masked_lm_logits(hidden)


def _nats(
    model: nn.Module,
    encoder: MultilingualModel,
    language: Language,
    text: MaskedText,
    batch_size: int,
) -> tuple[float, int]:
    """Return the mean loss of a masked token, and the number of masked tokens."""
    cell = Cell.of("masked_lm", "bits_per_byte", language, language)
    index = _index(encoder, language)
    # The evaluation only calls its model, which both can be.
    whole = cast(MultilingualModel, model)
    found = evaluate_masked_lm(whole, text, index, cell=cell, batch_size=batch_size)
    return found.nats, found.n_masked


def _index(model: MultilingualModel, language: Language) -> int:
    """Return a language's index; without language-specific modules any text can be read."""
    if language in model.languages:
        return model.languages.index(language)
    if not model.specs:
        return _ANY
    raise InputError(
        expected=f"a language of the model: {', '.join(map(str, model.languages))}",
        found=f"{language}",
        where="texts of the forgetting measurement",
        next_step="A model with language-specific modules has none for it: leave the text out.",
    )


def _ties(model: MultilingualModel) -> bool:
    """Return whether the decoder's weights are the embeddings."""
    return _decoder(model) is model.backbone.get_input_embeddings().weight


def _decoder(model: MultilingualModel) -> Tensor:
    """Return the weights of the last layer of the masked-LM head."""
    return cast(nn.Linear, model.backbone.get_output_embeddings()).weight


@contextmanager
def _decoder_of(head: MultilingualModel, embeddings: MultilingualModel) -> Iterator[None]:
    """Let the decoder of one model have another's embeddings for a while."""
    weight = _decoder(head)
    kept = weight.data
    weight.data = cast(nn.Embedding, embeddings.backbone.get_input_embeddings()).weight.data
    try:
        yield
    finally:
        weight.data = kept
