import json
from pathlib import Path

import pandas as pd
import pytest

from isogloss.core import TABLES
from isogloss.diagnosis import MEASUREMENTS
from isogloss.study import Run, StudyPlan
from isogloss.study.results.outcomes import Outcomes, read_outcomes
from isogloss.study.results.tables import measured
from isogloss.study.store.prepared import Prepared, open_prepared
from isogloss.study.store.run_folder import run_folder
from isogloss.training import dev_curve


def confounds(outcomes: Outcomes, prepared: Prepared) -> pd.DataFrame:
    return measured(MEASUREMENTS["confounds"], outcomes, prepared)


@pytest.fixture(scope="module")
def table(plan: StudyPlan, done: tuple[Path, Run, Run]) -> pd.DataFrame:
    folder = done[0]
    return confounds(read_outcomes(plan, folder), open_prepared(folder))


def test_one_row_a_pretraining_and_language(
    table: pd.DataFrame, done: tuple[Path, Run, Run]
) -> None:
    assert tuple(table) == TABLES["confounds"].columns
    assert set(table["run_id"]) == {done[1].run_id}, "fine-tunings share their pretraining's"
    assert list(table["language"]) == ["qaa-Latn", "qab-Latn"]


def test_budgets_and_vocabulary(table: pd.DataFrame) -> None:
    assert set(table["updates"]) == {6.0}
    assert set(table["tokens"]) == {6 * 4 * 24}
    assert (table["epochs"] > 0).all(), "of the corpus, whose windows are not few"
    assert (table["fertility"] >= 1).all()
    assert (table["unknown_rate"] == 0).all()
    assert (table["bytes_per_token"] > 1).all()


def test_six_updates_do_not_leave_the_plateau(table: pd.DataFrame) -> None:
    assert (table["unigram_nats"].between(2, 6.1)).all()
    assert not table["left_plateau"].any()


def test_the_last_dev_loss_counts(
    plan: StudyPlan, done: tuple[Path, Run, Run], study: Path
) -> None:
    """Written by hand: one language has left the plateau, of the other there is no loss."""
    import shutil

    folder, joint, _ = done
    shutil.copytree(folder / "runs", study / "runs")
    rows = [
        {"kind": "dev", "update": 5, "loss_by_language": {"qaa-Latn": 0.5}},
        {"kind": "train", "update": 11},
        {"kind": "dev", "update": 11, "loss_by_language": {"qaa-Latn": 0.9}},
    ]
    log = run_folder(study, joint.run_id).path / "metrics.jsonl"
    log.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert dev_curve(log.parent)[-1] == {"qaa-Latn": 0.9}
    table = confounds(read_outcomes(plan, study), open_prepared(study))
    assert table["left_plateau"].tolist() == [True, None]
    assert table["best_dev_nats"].tolist()[0] == 0.5, "a rise above it says over-fitting"
    assert table["dev_nats"].isna().tolist() == [False, True]
