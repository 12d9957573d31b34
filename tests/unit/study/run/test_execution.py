import json
from pathlib import Path

import pytest
import yaml

from isogloss.core import InputError
from isogloss.evaluation import read_predictions
from isogloss.study import Run
from isogloss.study.run.execution import execute
from isogloss.study.store.run_folder import run_folder


def test_what_a_finished_run_leaves(done: tuple[Path, Run, Run]) -> None:
    folder, joint, _ = done
    path = run_folder(folder, joint.run_id).path
    names = {one.name for one in path.iterdir()}
    assert names >= {
        *("spec.yaml", "metrics.jsonl", "model", "predictions.parquet", "result.json", "status"),
    }
    assert (path / "status").read_text() == "done\n"
    assert not list((path / "checkpoint").iterdir()), "weights are kept once"
    spec = yaml.safe_load((path / "spec.yaml").read_text())
    assert (spec["run_id"], spec["spec_hash"]) == (joint.run_id, joint.spec_hash)


def test_what_it_cost(done: tuple[Path, Run, Run]) -> None:
    folder, joint, _ = done
    result = run_folder(folder, joint.run_id).read_result()
    assert (result["updates"], result["passes"]) == (12, 12.0)
    assert result["rows"] == {"qaa-Latn": 24, "qab-Latn": 24}
    assert result["tokens"] == {"qaa-Latn": 24 * 24, "qab-Latn": 24 * 24}
    assert result["wall_s"] > 0
    assert result["peak_memory_mb"] > 50
    assert (result["precision"], result["world_size"]) == ("fp32", 1)


def test_a_finished_run_is_not_repeated(done: tuple[Path, Run, Run]) -> None:
    folder, joint, _ = done
    before = run_folder(folder, joint.run_id).result.stat().st_mtime_ns
    execute(joint, folder)
    assert run_folder(folder, joint.run_id).result.stat().st_mtime_ns == before


def test_killed_before_the_end_the_tests_are_repeated_and_the_training_is_not(
    done: tuple[Path, Run, Run], study: Path
) -> None:
    """A run whose training ended but whose result was not written gives the same numbers."""
    folder, joint, _ = done
    execute(joint, study)
    ours, theirs = (run_folder(place, joint.run_id).path for place in (study, folder))
    first, second = (read_predictions(path / "predictions.parquet") for path in (ours, theirs))
    assert [one.cell for one in first] == [one.cell for one in second]
    assert all((a.counts == b.counts).all() for a, b in zip(first, second, strict=True))


def test_an_interrupted_run_goes_on(
    done: tuple[Path, Run, Run], study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, joint, _ = done

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("isogloss.study.run.execution.write_predictions", crash)
        with pytest.raises(KeyboardInterrupt):
            execute(joint, study)
    ours = run_folder(study, joint.run_id)
    assert not ours.is_finished()
    assert (ours.path / "status").read_text() == "running\n"
    checkpoint = ours.path / "checkpoint" / "last.safetensors"
    assert checkpoint.is_file()
    rows = (ours.path / "metrics.jsonl").read_text()
    execute(joint, study)
    assert ours.is_finished()
    assert not checkpoint.exists()
    assert (ours.path / "metrics.jsonl").read_text() == rows, "nothing was trained again"
    name = "model/model.safetensors"
    theirs = run_folder(folder, joint.run_id).path
    assert (ours.path / name).read_bytes() == (theirs / name).read_bytes()


def test_a_finetuning_without_its_parent_is_refused(
    done: tuple[Path, Run, Run], study: Path
) -> None:
    _, _, child = done
    with pytest.raises(InputError):
        execute(child, study)


def test_results_are_json(done: tuple[Path, Run, Run]) -> None:
    folder, _, child = done
    text = run_folder(folder, child.run_id).result.read_text()
    assert json.loads(text)["run_id"] == child.run_id
