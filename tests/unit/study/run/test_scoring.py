"""Scores of a pretrained model."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from isogloss.evaluation import read_predictions
from isogloss.study import Run, StudyPlan, plan_study, prepare
from isogloss.study.run.execution import execute
from isogloss.study.store.run_folder import run_folder
from unit.study import toys


@pytest.fixture
def score(plan: StudyPlan, done: tuple[Path, Run, Run]) -> Run:
    _, joint, _ = done
    runs = plan.runs.values()
    return next(run for run in runs if run.starts_from == joint.run_id and run.stage == "score")


def test_bits_per_byte_of_every_language_and_retrieval(
    score: Run, done: tuple[Path, Run, Run]
) -> None:
    folder, _, _ = done
    tables = read_predictions(run_folder(folder, score.run_id).predictions)
    cells = [(one.cell.task, one.cell.setting, str(one.cell.target_language)) for one in tables]
    assert cells == [
        ("masked_lm", "within_language", "qaa-Latn"),
        ("masked_lm", "within_language", "qab-Latn"),
        ("retrieval", "zero_shot", "qab-Latn"),
    ]
    assert tables[0].score() > 0.5
    assert tables[2].n_examples == 40


def test_a_score_has_no_training(score: Run, done: tuple[Path, Run, Run]) -> None:
    folder, _, _ = done
    written = run_folder(folder, score.run_id)
    assert not {"updates", "passes", "rows"} & set(written.read_result())
    assert not written.model.exists()


def test_exchanged_test_text_is_scored_anew_and_nothing_trained(
    data: Path, done: tuple[Path, Run, Run], tmp_path: Path, score: Run
) -> None:
    """Half of the test text: the same trainings, another score of the same model."""
    folder, joint, _ = done
    study = Path(shutil.copytree(folder, tmp_path / "study"))
    path = data / "text" / "qaa.test.txt"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(lines[: len(lines) // 2]))
    spec = toys.spec(tasks=["pos"], seeds=[0])
    plan = plan_study(spec, prepare(spec, str(data), study), {})
    assert joint.run_id in plan.runs and score.run_id not in plan.runs
    again = next(
        run
        for run in plan.runs.values()
        if run.starts_from == joint.run_id and run.stage == "score"
    )
    execute(again, study)
    old, new = (
        read_predictions(run_folder(study, run.run_id).predictions) for run in (score, again)
    )
    assert old[0].n_examples > new[0].n_examples
    np.testing.assert_array_equal(old[1].counts, new[1].counts)
