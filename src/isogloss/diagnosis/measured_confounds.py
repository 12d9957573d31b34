"""What differs between runs besides the languages: the table to read before believing a verdict."""

from collections.abc import Iterable
from typing import ClassVar, Final, Literal

from isogloss.core import own_columns
from isogloss.diagnosis.destroyed import Standing
from isogloss.diagnosis.measurement import FinishedRun, Row


class MeasuredConfounds:
    """Budgets, vocabulary and plateau of every pretraining, language by language.

    Of a training from a checkpoint also what the checkpoint could do, and whether it was destroyed.
    """

    name: ClassVar[str] = "confounds"
    what: ClassVar[str] = "What differs between the models besides the languages they learned?"
    columns: ClassVar[tuple[str, ...]] = own_columns("confounds")
    stages: ClassVar[tuple[str, ...]] = ("pretrain",)
    when: ClassVar[Literal["run", "tables"]] = "tables"
    on_request: ClassVar[bool] = False

    def measure(self, run: FinishedRun) -> Iterable[Row]:
        """Return one row per language that was learned."""
        from isogloss.training import dev_curve

        start, end, destroyed = _guard(run)
        curve = dev_curve(run.folder)
        last = curve[-1] if curve else {}
        for language in run.learned:
            name = str(language)
            unigram = run.unigram_nats(language)
            yield {
                "language": name,
                "tokens": run.result["tokens"][name],
                "updates": run.result["rows"][name] / run.rows_per_update,
                # Runs from before this was counted have none.
                "epochs": run.result.get("epochs", {}).get(name),
                **run.text_facts(language),
                "unigram_nats": unigram,
                "dev_nats": last.get(name),
                # A last loss well above the lowest says over-fitting.
                "best_dev_nats": min((row[name] for row in curve if name in row), default=None),
                # A model that nobody trained here says nothing about training.
                "left_plateau": left_plateau(last[name], unigram)
                if name in last and run.result["updates"]
                else None,
                "start_nats": start.nats.get(name),
                "start_retrieval": start.mean_retrieval,
                "retrieval": end.mean_retrieval,
                "destroyed": destroyed,
            }


def _guard(run: FinishedRun) -> tuple[Standing, Standing, bool | None]:
    """Return the checkpoint and what was made of it, and whether it was destroyed."""
    guard = run.result.get("guard", {})
    nothing: dict[str, dict[str, float]] = {"nats": {}, "retrieval": {}}
    start, end = (Standing(**guard.get(key, nothing)) for key in ("start", "end"))
    return start, end, guard.get("destroyed")


# Small models stand for hundreds of updates at the loss of a unigram model before they begin to use
# context (docs/concepts). A tenth below that loss is far outside the noise of dev losses, which
# is below 0.02 nats on 48 windows, and is passed within few updates once the plateau is left.
PLATEAU_MARGIN: Final = 0.1


def left_plateau(dev_nats: float, unigram_nats: float, margin: float = PLATEAU_MARGIN) -> bool:
    """Return whether a masked-LM loss is clearly below that of a unigram model.

    Comparing two runs on different sides of the plateau measures the plateau, not interference.

    Args:
        dev_nats: loss on dev text, nats per masked token.
        unigram_nats: cross-entropy of the training text's token frequencies on the dev text.
        margin: share by which the loss must be lower.

    Example:
        >>> left_plateau(5.9, 6.0), left_plateau(4.1, 6.0)
        (False, True)
    """
    return dev_nats < (1 - margin) * unigram_nats
