from pathlib import Path

import pytest

from isogloss.core import SEVERAL
from isogloss.evaluation import read_predictions
from isogloss.study import Prepared, Run, StudyPlan
from isogloss.study.run.execution import execute
from isogloss.study.run.measured_forgetting import forgetting
from isogloss.study.store.run_folder import run_folder
from isogloss.training import read_metrics
from unit.study import toys

Done = tuple[Path, Run]


@pytest.fixture(scope="module")
def done(joint_prepared: Prepared, joint_plan: StudyPlan) -> Done:
    """Return the study folder with one joint fine-tuning in it, finished."""
    child = next(run for run in joint_plan.runs.values() if run.source_language == SEVERAL)
    for run in (joint_plan.runs[str(child.starts_from)], child):
        execute(run, joint_prepared.folder)
    return joint_prepared.folder, child


def test_a_joint_run_tells_what_it_forgot_of_each_language(done: Done) -> None:
    folder, child = done
    found = run_folder(folder, child.run_id).read_result()["forgetting"]
    seen = {row["language"]: row["seen"] for row in found["languages"]}
    assert seen == {"qaa-Latn": True, "qab-Latn": True, "qac-Latn": False}
    assert found["distance"]["encoder"] > 0
    assert all(row["original_decoder_nats"] > 0 for row in found["languages"])


def test_a_model_that_was_not_moved_forgot_nothing(done: Done, joint_prepared: Prepared) -> None:
    from isogloss.models import load_model

    folder, child = done
    model = load_model(run_folder(folder, str(child.starts_from)).model)
    found = forgetting(child, joint_prepared, model)
    assert found["distance"] == {"encoder": 0.0, "relative": 0.0}
    assert {row["forgotten_nats"] for row in found["languages"]} == {0.0}


def test_it_is_tested_within_its_languages_and_zero_shot(done: Done) -> None:
    folder, child = done
    tables = read_predictions(run_folder(folder, child.run_id).path / "predictions.parquet")
    cells = {str(one.cell.target_language): one.cell for one in tables}
    for language in toys.PAIR:
        cell = cells[str(language)]
        assert (cell.setting, cell.source_language) == ("within_language", language)
    unseen = cells[str(toys.THIRD)]
    assert (unseen.setting, unseen.source_language) == ("zero_shot", SEVERAL)


def test_dev_losses_of_its_languages_are_logged(done: Done) -> None:
    folder, child = done
    rows = [r for r in read_metrics(run_folder(folder, child.run_id).path) if r["kind"] == "dev"]
    assert set(rows[-1]["loss_by_language"]) == {"qaa-Latn", "qab-Latn"}
    assert all(loss > 0 for loss in rows[-1]["loss_by_language"].values())
