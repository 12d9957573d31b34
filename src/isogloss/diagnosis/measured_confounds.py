"""What differs between runs besides the languages: the table to read before believing a verdict."""

from collections.abc import Iterable
from typing import ClassVar, Literal

from isogloss.core import own_columns
from isogloss.diagnosis.destroyed import Standing
from isogloss.diagnosis.measurement import FinishedRun, Row
from isogloss.diagnosis.plateau import left_plateau


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
