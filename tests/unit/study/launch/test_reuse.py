from pathlib import Path

import pytest

from isogloss.core import InputError
from isogloss.study import Prepared, plan_study
from isogloss.study.launch.reuse import reuse_runs
from isogloss.study.plan.runs import Run
from isogloss.study.store.run_folder import run_folder
from unit.study import toys


@pytest.fixture
def run(prepared: Prepared) -> Run:
    return next(iter(plan_study(toys.spec(), prepared, {}).runs.values()))


def finished(study: Path, run: Run) -> Path:
    folder = run_folder(study, run.run_id)
    (folder.path / "model").mkdir(parents=True)
    (folder.path / "model" / "weights").write_text("1")
    folder.result.write_text("{}")
    return folder.path


def test_a_finished_run_is_taken_over_whole(tmp_path: Path, run: Run) -> None:
    source = finished(tmp_path / "other", run)
    assert reuse_runs([run], tmp_path / "study", [tmp_path / "other"]) == [run.run_id]
    target = run_folder(tmp_path / "study", run.run_id)
    assert target.is_finished()
    assert (target.model / "weights").read_text() == "1"
    assert (source / "result.json").is_file(), "the other study keeps its own"
    assert reuse_runs([run], tmp_path / "study", [tmp_path / "other"]) == []


def test_an_unfinished_run_is_not(tmp_path: Path, run: Run) -> None:
    (finished(tmp_path / "other", run) / "result.json").unlink()
    assert reuse_runs([run], tmp_path / "study", [tmp_path / "other"]) == []
    assert not run_folder(tmp_path / "study", run.run_id).path.exists()


def test_what_was_left_half_done_gives_way(tmp_path: Path, run: Run) -> None:
    finished(tmp_path / "other", run)
    (run_folder(tmp_path / "study", run.run_id).path / "checkpoint").mkdir(parents=True)
    reuse_runs([run], tmp_path / "study", [tmp_path / "other"])
    found = run_folder(tmp_path / "study", run.run_id)
    assert found.is_finished() and not (found.path / "checkpoint").exists()


def test_a_folder_that_is_no_study_is_refused(tmp_path: Path, run: Run) -> None:
    with pytest.raises(InputError, match="--reuse"):
        reuse_runs([run], tmp_path / "study", [tmp_path / "nothing"])
