"""What choosing a checkpoint on dev data is worth, as a measurement of every fine-tuning."""

import json
from collections.abc import Iterable
from typing import ClassVar, Final, Literal

from isogloss.diagnosis.measurement import FinishedRun, Row

SELECTION_FILE: Final = "selection.json"


class MeasuredSelection:
    """Test scores of the last checkpoint, and of those chosen by dev scores, side by side.

    `source_dev` chooses by the source language's dev score, `all_dev` by the mean over all
    languages with dev data. The difference of the two is the selection advantage of systems that
    are tuned on labelled dev data of the target languages. Scores elsewhere in the study are those
    of the last checkpoint.

    Reference:
        Keung et al. 2020, Don't Use English Dev: On the Zero-Shot Cross-Lingual Evaluation of
        Contextual Embeddings, https://arxiv.org/abs/2004.15001
    """

    name: ClassVar[str] = "selection"
    what: ClassVar[str] = (
        "What does the checkpoint score that dev data choose: the source's, or all languages'?"
    )
    columns: ClassVar[tuple[str, ...]] = (
        *("language", "metric", "setting", "last", "source_dev", "all_dev"),
        *("source_dev_point", "all_dev_point", "dev_points"),
    )
    stages: ClassVar[tuple[str, ...]] = ("finetune",)
    when: ClassVar[Literal["run", "tables"]] = "run"
    on_request: ClassVar[bool] = True

    def measure(self, run: FinishedRun) -> Iterable[Row]:
        """Return what the run wrote down: it tested the checkpoints while it had them."""
        path = run.folder / SELECTION_FILE
        return json.loads(path.read_text("utf-8")) if path.is_file() else []
