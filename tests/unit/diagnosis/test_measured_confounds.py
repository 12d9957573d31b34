import json
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from isogloss.core import Language
from isogloss.diagnosis import MEASUREMENTS, FinishedRun
from isogloss.models import MultilingualModel

SWAHILI = Language.parse("sw")


def finished(folder: Path, losses: list[float]) -> FinishedRun:
    rows = [{"kind": "dev", "loss_by_language": {"swa-Latn": loss}} for loss in losses]
    (folder / "metrics.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))

    def no_model() -> MultilingualModel:
        pytest.fail("confounds need no model")

    nothing = SimpleNamespace()
    return FinishedRun(
        stage="pretrain",
        folder=folder,
        languages=(SWAHILI,),
        learned=(SWAHILI,),
        result={"tokens": {"swa-Latn": 960}, "rows": {"swa-Latn": 40}},
        rows_per_update=8,
        scored_on="test",
        tokenizer=cast("object", nothing),  # type: ignore[arg-type]
        corpus=lambda language, split: pytest.fail("the unigram model has read it"),
        unigram_nats=lambda language: 6.0,
        text_facts=lambda language: {"fertility": 1.5},
        model=no_model,
        pretrained=no_model,
    )


def test_budgets_and_curve(tmp_path: Path) -> None:
    [row] = MEASUREMENTS["confounds"].measure(finished(tmp_path, [5.9, 4.0, 4.5]))
    assert (row["updates"], row["tokens"], row["epochs"]) == (5.0, 960, None)
    assert (row["dev_nats"], row["best_dev_nats"], row["left_plateau"]) == (4.5, 4.0, True)
    assert (row["unigram_nats"], row["fertility"]) == (6.0, 1.5)


def test_a_run_without_dev_losses_has_left_nothing(tmp_path: Path) -> None:
    [row] = MEASUREMENTS["confounds"].measure(finished(tmp_path, []))
    assert (row["dev_nats"], row["best_dev_nats"], row["left_plateau"]) == (None, None, None)
