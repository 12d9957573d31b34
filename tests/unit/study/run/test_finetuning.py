import dataclasses
from pathlib import Path

import pytest
from safetensors import safe_open

from isogloss.evaluation import read_predictions
from isogloss.models import load_model
from isogloss.study import Prepared, Run, plan_study
from isogloss.study.run.execution import execute
from isogloss.study.store.run_folder import run_folder
from unit.study import toys


def test_tested_within_its_language_and_on_the_others(done: tuple[Path, Run, Run]) -> None:
    folder, _, child = done
    tables = read_predictions(run_folder(folder, child.run_id).path / "predictions.parquet")
    assert [(one.cell.setting, str(one.cell.target_language)) for one in tables] == [
        ("within_language", "qaa-Latn"),
        ("zero_shot", "qab-Latn"),
    ]
    assert {one.n_examples for one in tables} == {40}


def test_the_head_is_kept_with_its_labels(done: tuple[Path, Run, Run], prepared: Prepared) -> None:
    folder, _, child = done
    path = run_folder(folder, child.run_id).path
    with safe_open(path / "head.safetensors", framework="pt") as file:
        assert set(file.keys()) == {"head.weight", "head.bias"}
        assert file.get_tensor("head.bias").shape == (len(prepared.labels("pos")),)
        assert '"NOUN"' in file.metadata()["labels"]
    assert not (path / "model").exists(), "the encoder of every fine-tuning would fill the disk"


def test_examples_that_were_cut_are_counted(done: tuple[Path, Run, Run]) -> None:
    folder, _, child = done
    result = run_folder(folder, child.run_id).read_result()
    assert 0 <= result["n_truncated"] <= 24
    assert result["n_words_lost"] >= result["n_truncated"]


@pytest.fixture(scope="module")
def adapted(
    prepared: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Run, list[Run]]:
    """Return a study with one pretraining with adapters, and its two fine-tunings, not done."""
    import shutil

    folder = tmp_path_factory.mktemp("adapted") / "study"
    shutil.copytree(prepared.folder, folder)
    names = ["monolingual", "untreated", {"language_adapters": {"bottleneck": 4}}]
    spec = toys.spec(treatments=names, tasks=["pos"], seeds=[0])
    plan = plan_study(spec, prepared, {})
    parent = next(run for run in plan.runs.values() if run.plan.modules)
    execute(parent, folder)
    children = [
        run
        for run in plan.runs.values()
        if run.starts_from == parent.run_id and run.stage == "finetune"
    ]
    return folder, parent, children


@pytest.mark.parametrize("language_modules", ["frozen", "tuned"])
def test_language_modules_are_frozen_unless_told(
    adapted: tuple[Path, Run, list[Run]], language_modules: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Looked at when training ends: the adapters are those of the pretraining, or they are not."""
    import isogloss.study.run.finetuning as module

    folder, parent, children = adapted
    moved: list[bool] = []
    whole = module._save_classifier

    def look(classifier, labels, place) -> None:
        before = load_model(run_folder(folder, parent.run_id).model).language_specific_parameters()
        after = classifier.model.language_specific_parameters()
        moved.append(any(not value.equal(before[name]) for name, value in after.items()))
        whole(classifier, labels, place)

    monkeypatch.setattr(module, "_save_classifier", look)
    execute(dataclasses.replace(children[0], language_modules=language_modules), folder)
    assert moved == [language_modules == "tuned"]


def test_texts_are_classified_too(bed: Path, tmp_path: Path) -> None:
    from isogloss.study import prepare

    spec = toys.spec(tasks=["topic"], seeds=[0])
    plan = plan_study(spec, prepare(spec, str(bed), tmp_path), {})
    child = next(run for run in plan.runs.values() if run.stage == "finetune")
    for run_id in (child.starts_from, child.run_id):
        execute(plan.runs[run_id], tmp_path)
    [table] = read_predictions(run_folder(tmp_path, child.run_id).path / "predictions.parquet")
    assert (table.cell.metric, table.n_examples) == ("accuracy", 40)
