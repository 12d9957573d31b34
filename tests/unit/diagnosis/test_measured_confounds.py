import json
import math
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.core import Language
from isogloss.diagnosis import MEASUREMENTS, PLATEAU_MARGIN, FinishedRun, left_plateau
from isogloss.models import MultilingualModel

SWAHILI = Language.parse("sw")


def finished(folder: Path, losses: list[float], **result: object) -> FinishedRun:
    rows = [
        {"kind": "dev", "update": i, "loss_by_language": {"swa-Latn": loss}}
        for i, loss in enumerate(losses)
    ]
    (folder / "metrics.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))

    def no_model() -> MultilingualModel:
        pytest.fail("confounds need no model")

    nothing = SimpleNamespace()
    return FinishedRun(
        stage="pretrain",
        folder=folder,
        languages=(SWAHILI,),
        learned=(SWAHILI,),
        result={"tokens": {"swa-Latn": 960}, "rows": {"swa-Latn": 40}, "updates": 5, **result},
        rows_per_update=8,
        scored_on="test",
        tokenizer=cast("object", nothing),  # type: ignore[arg-type]
        corpus=lambda language, split: pytest.fail("the unigram model has read it"),
        unigram_nats=lambda language: 6.0,
        text_facts=lambda language: {"fertility": 1.5},
        pairs=lambda first, second: [],
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


def test_a_model_that_nobody_trained_is_on_no_plateau(tmp_path: Path) -> None:
    """The loss of a checkpoint under a head that is new says nothing of a training."""
    [row] = MEASUREMENTS["confounds"].measure(finished(tmp_path, [9.0], updates=0))
    assert (row["dev_nats"], row["left_plateau"]) == (9.0, None)


def test_a_training_from_scratch_has_no_start(tmp_path: Path) -> None:
    [row] = MEASUREMENTS["confounds"].measure(finished(tmp_path, [4.0]))
    assert [row[name] for name in ("start_nats", "start_retrieval", "retrieval", "destroyed")] == [
        None
    ] * 4


def test_a_training_from_a_checkpoint_stands_beside_its_start(tmp_path: Path) -> None:
    guard = {
        "start": {"nats": {"swa-Latn": 3.2}, "retrieval": {"eng-Latn~swa-Latn": 0.76}},
        "end": {"nats": {"swa-Latn": 3.0}, "retrieval": {"eng-Latn~swa-Latn": 0.7}},
        "destroyed": False,
    }
    [row] = MEASUREMENTS["confounds"].measure(finished(tmp_path, [3.0], guard=guard))
    assert (row["start_nats"], row["dev_nats"]) == (3.2, 3.0)
    assert (row["start_retrieval"], row["retrieval"], row["destroyed"]) == (0.76, 0.7, False)


@pytest.mark.parametrize(
    ("dev", "unigram", "left"),
    [
        (6.0, 6.0, False),
        (5.96, 6.0, False),  # standing at the plateau, within the noise of dev losses
        (5.4, 6.0, False),
        (5.39, 6.0, True),
        (4.1, 6.0, True),
        (7.0, 6.0, False),  # worse than counting pieces
        (math.nan, 6.0, False),
    ],
)
def test_a_tenth_below_the_unigram_loss(dev: float, unigram: float, left: bool) -> None:
    assert left_plateau(dev, unigram) is left
    assert PLATEAU_MARGIN == 0.1


@given(st.floats(0, 20), st.floats(0.1, 20), st.floats(0, 5))
def test_a_lower_loss_never_goes_back(dev: float, unigram: float, less: float) -> None:
    assert left_plateau(dev - less, unigram) >= left_plateau(dev, unigram)


def test_the_margin_can_be_set() -> None:
    assert left_plateau(5.9, 6.0, margin=0.01)
