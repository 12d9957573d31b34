from dataclasses import replace
from pathlib import Path

import pytest

from isogloss.core import SEVERAL, InputError
from isogloss.diagnosis import MEASUREMENTS
from isogloss.evaluation import read_predictions
from isogloss.study import Prepared, Run, StudyPlan
from isogloss.study.run.execution import execute
from isogloss.study.run.measured import finished_run, frame_of, read_measured
from isogloss.study.store.run_folder import run_folder
from isogloss.training import read_metrics
from unit.study import toys

Done = tuple[Path, Run]


@pytest.fixture(scope="module")
def done(joint_prepared: Prepared, joint_plan: StudyPlan) -> Done:
    """Return the study folder with one joint fine-tuning in it, finished."""
    child = next(run for run in joint_plan.runs.values() if run.source_language == SEVERAL)
    assert child.measures == ("forgetting",)
    child = replace(child, measures=("forgetting", "representations", "selection"))
    for run in (joint_plan.runs[str(child.starts_from)], child):
        execute(run, joint_prepared.folder)
    return joint_prepared.folder, child


def test_a_joint_run_tells_what_it_forgot_of_each_language(done: Done) -> None:
    folder, child = done
    found = read_measured("forgetting", run_folder(folder, child.run_id))
    assert found is not None
    assert tuple(found) == MEASUREMENTS["forgetting"].columns
    seen = dict(zip(found["language"], found["seen"], strict=True))
    assert seen == {"qaa-Latn": True, "qab-Latn": True, "qac-Latn": False}
    assert (found["distance"] > 0).all()
    assert (found["original_decoder_nats"] > 0).all()


def test_a_model_that_was_not_moved_forgot_nothing(done: Done, joint_prepared: Prepared) -> None:
    from isogloss.models import load_model

    folder, child = done
    model = load_model(run_folder(folder, str(child.starts_from)).model)
    finished = finished_run(child, joint_prepared, {}, model)
    found = frame_of(MEASUREMENTS["forgetting"], finished)
    assert set(found["distance"]) == set(found["relative_distance"]) == {0.0}
    assert set(found["forgotten_nats"]) == {0.0}


def test_checkpoints_that_dev_data_choose_are_tested_beside_the_last(done: Done) -> None:
    folder, child = done
    found = read_measured("selection", run_folder(folder, child.run_id))
    assert found is not None
    tables = read_predictions(run_folder(folder, child.run_id).predictions)
    scores = {str(one.cell.target_language): one.score() for one in tables}
    assert dict(zip(found["language"], found["last"], strict=True)) == pytest.approx(scores)
    assert set(found["language"]) == {"qaa-Latn", "qab-Latn", "qac-Latn"}
    assert found[["source_dev", "all_dev"]].stack().between(0, 1).all()
    assert (found["source_dev_point"] <= found["dev_points"]).all()
    assert not list((run_folder(folder, child.run_id).path / "checkpoint").glob("*_dev*"))


def test_translations_are_compared_in_every_layer_before_and_after(done: Done) -> None:
    folder, child = done
    found = read_measured("representations", run_folder(folder, child.run_id))
    assert found is not None
    assert set(found["state"]) == {"pretrained", "fine-tuned"}
    assert found.groupby(["language", "layer"]).size().eq(2).all()
    assert found["cka"].between(0, 1 + 1e-9).all()


def test_what_was_not_measured_has_no_file(done: Done) -> None:
    folder, child = done
    assert read_measured("conflict", run_folder(folder, child.run_id)) is None


def test_a_damaged_file_is_named(done: Done, tmp_path: Path) -> None:
    folder = run_folder(tmp_path, done[1].run_id)
    folder.measured("forgetting").parent.mkdir(parents=True)
    folder.measured("forgetting").write_bytes(b"damaged")
    with pytest.raises(InputError, match=r"a damaged file"):
        read_measured("forgetting", folder)


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
