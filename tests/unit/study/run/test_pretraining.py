from pathlib import Path

import pytest

from isogloss.evaluation import read_predictions
from isogloss.models import load_model
from isogloss.study import Run
from isogloss.study.store.run_folder import run_folder
from isogloss.training import dev_curve, read_metrics


def test_it_is_scored_by_another_run(done: tuple[Path, Run, Run]) -> None:
    folder, joint, _ = done
    assert read_predictions(run_folder(folder, joint.run_id).predictions) == []


def test_dev_losses_along_the_run(done: tuple[Path, Run, Run]) -> None:
    folder, joint, _ = done
    rows = read_metrics(run_folder(folder, joint.run_id).path)
    dev = [row for row in rows if row["kind"] == "dev"]
    assert [row["update"] for row in dev] == [5, 11], "two points of twelve updates"
    assert set(dev[0]["loss_by_language"]) == {"qaa-Latn", "qab-Latn"}
    assert [row["update"] for row in rows if row["kind"] == "train"] == list(range(12))


def test_the_model_is_saved_with_its_languages(done: tuple[Path, Run, Run]) -> None:
    folder, joint, _ = done
    model = load_model(run_folder(folder, joint.run_id).model)
    assert model.languages == joint.plan.languages


def test_the_dev_score_is_the_last_of_the_run(done: tuple[Path, Run, Run]) -> None:
    folder, joint, _ = done
    path = run_folder(folder, joint.run_id).path
    assert dev_curve(path)[-1] == read_metrics(path)[-1]["loss_by_language"]
    assert dev_curve(run_folder(folder, "nobody").path) == []
    assert dev_curve(path)[-1]["qaa-Latn"] == pytest.approx(6, abs=1), "about ln 400"


def test_the_parameters_that_each_language_uses(done: tuple[Path, Run, Run]) -> None:
    folder, joint, child = done
    result = run_folder(folder, joint.run_id).read_result()
    model = load_model(run_folder(folder, joint.run_id).model)
    assert result["parameters"] == [
        {
            "language": str(one),
            "shared": sum(parameter.numel() for parameter in model.parameters()),
            "language_specific": 0,
        }
        for one in joint.plan.languages
    ]
    assert "parameters" not in run_folder(folder, child.run_id).read_result()
