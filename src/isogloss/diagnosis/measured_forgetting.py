"""Forgetting, as a measurement of every joint fine-tuning."""

from collections.abc import Iterable
from typing import ClassVar, Final, Literal

from isogloss.core import own_columns
from isogloss.diagnosis.measurement import FinishedRun, Row

# Six languages are read three times each after every fine-tuning: some hundred rows of 128 tokens
# are a second or two, and their masks are the same for all models that are compared.
ROWS: Final = 64
LENGTH: Final = 64
RATE: Final = 0.15


class MeasuredForgetting:
    """The masked-LM loss of a fine-tuned encoder under its first head; see `measure_forgetting`.

    Losses are mean nats of a masked token, distances those of the whole encoder.
    """

    name: ClassVar[str] = "forgetting"
    what: ClassVar[str] = "What did fine-tuning lose of what was pretrained, language by language?"
    columns: ClassVar[tuple[str, ...]] = own_columns("forgetting")
    stages: ClassVar[tuple[str, ...]] = ("finetune",)
    when: ClassVar[Literal["run", "tables"]] = "run"
    on_request: ClassVar[bool] = True

    def measure(self, run: FinishedRun) -> Iterable[Row]:
        """Return one row per language that the model was pretrained on."""
        from isogloss.diagnosis.forgetting import measure_forgetting
        from isogloss.evaluation import MaskedText

        finetuned = run.model()
        pretrained = run.pretrained().to(next(finetuned.parameters()).device)
        texts = {
            language: MaskedText(
                run.corpus(language, run.scored_on),
                run.tokenizer,
                length=LENGTH,
                rate=RATE,
                max_rows=ROWS,
            )
            for language in pretrained.languages
        }
        found = measure_forgetting(pretrained, finetuned, texts, seen=run.learned)
        distance = {
            "distance": found.distance.encoder,
            "relative_distance": found.distance.relative,
        }
        return [{**row, **distance} for row in found.rows()]
