"""How alike translations are inside the encoder, layer by layer, as a measurement of every run."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar, Final, Literal

from isogloss.core import Language
from isogloss.diagnosis.measurement import FinishedRun, Row
from isogloss.diagnosis.similarity import (
    centroid_distance,
    linear_cka,
    paired_distance,
    retrieval,
    shuffled_cka,
)

if TYPE_CHECKING:
    from isogloss.data import Tokenizer
    from isogloss.models import MultilingualModel

# CKA is biased by the number of sentences, so that all languages get the same; a few hundred keep a
# pass over the encoder to seconds. The unbiased estimate and the shuffled one stand beside it.
MOST: Final = 400
FEWEST: Final = 20
LENGTH: Final = 128
Pairs = Sequence[tuple[str, str]]


class MeasuredRepresentations:
    """Centroid distance, linear CKA and retrieval on parallel text; see `similarity`.

    The first language of the run stands on one side, every other one that has parallel text with it
    on the other. A fine-tuning is measured before and after on the same sentences, through the
    plain encoder: what a treatment adds at inference, such as X-Mixup's second stream, is left out.
    """

    name: ClassVar[str] = "representations"
    what: ClassVar[str] = (
        "How near are translations to one another in each layer, before and after fine-tuning?"
    )
    columns: ClassVar[tuple[str, ...]] = (
        *("language", "state", "layer", "n"),
        *("centroid_l2", "centroid_cosine", "centroid_relative", "paired_distance"),
        *("cka", "cka_unbiased", "cka_shuffled", "retrieval"),
    )
    stages: ClassVar[tuple[str, ...]] = ("score", "finetune")
    when: ClassVar[Literal["run", "tables"]] = "run"
    on_request: ClassVar[bool] = True

    def measure(self, run: FinishedRun) -> Iterable[Row]:
        """Return one row per language, state of the model and layer; none without parallel text.

        Layer 0 is what enters the first layer.
        """
        model = run.model()
        pivot, *others = model.languages
        pairs = {other: _usable(run.pairs(pivot, other), run.tokenizer) for other in others}
        pairs = {other: found for other, found in pairs.items() if len(found) >= FEWEST}
        n = min([MOST, *map(len, pairs.values())])
        states = {"pretrained": model} if run.stage == "score" else _before_and_after(run, model)
        return [
            {"language": str(other), "state": state, "layer": layer, "n": n, **values}
            for state, encoder in states.items()
            for other, found in pairs.items()
            for layer, values in enumerate(_layers(encoder, found[:n], run.tokenizer, other))
        ]


def _before_and_after(
    run: FinishedRun, finetuned: "MultilingualModel"
) -> dict[str, "MultilingualModel"]:
    pretrained = run.pretrained().to(next(finetuned.parameters()).device)
    return {"pretrained": pretrained, "fine-tuned": finetuned}


def _usable(pairs: Pairs, tokenizer: "Tokenizer") -> Pairs:
    """Return the pairs of which the tokenizer leaves something on both sides, evenly spread."""
    step = max(len(pairs) // MOST, 1)
    chosen = pairs[::step][:MOST]
    sides = [tokenizer.encode([pair[side] for pair in chosen]) for side in (0, 1)]
    return [pair for pair, first, second in zip(chosen, *sides, strict=True) if first and second]


def _layers(
    model: "MultilingualModel", pairs: Pairs, tokenizer: "Tokenizer", language: Language
) -> list[Row]:
    """Return what is measured after each layer."""
    from isogloss.evaluation import layer_means

    source, target = (
        layer_means(model, [pair[side] for pair in pairs], tokenizer, index, max_length=LENGTH)
        for side, index in enumerate((0, model.languages.index(language)))
    )
    rows: list[Row] = []
    for s, t in zip(source, target, strict=True):
        distance = centroid_distance(s, t)
        rows.append(
            {
                "centroid_l2": distance.l2,
                "centroid_cosine": distance.cosine,
                "centroid_relative": distance.relative,
                "paired_distance": paired_distance(s, t),
                "cka": linear_cka(s, t),
                "cka_unbiased": linear_cka(s, t, unbiased=True),
                "cka_shuffled": shuffled_cka(s, t),
                "retrieval": retrieval(s, t),
            }
        )
    return rows
