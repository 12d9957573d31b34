import dataclasses
import shutil
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


@pytest.fixture(scope="module")
def asked(bed: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Prepared]:
    """Return data with questions, and what is prepared of them."""
    from isogloss.study import prepare

    data = Path(shutil.copytree(bed, tmp_path_factory.mktemp("asked") / "data"))
    toys.write_questions(data)
    spec = toys.spec(tasks=["qa"], seeds=[0])
    return data, prepare(spec, str(data), tmp_path_factory.mktemp("questions") / "study")


def test_questions_are_answered_within_the_language_and_zero_shot(
    asked: tuple[Path, Prepared],
) -> None:
    _, prepared = asked
    plan = plan_study(toys.spec(tasks=["qa"], seeds=[0]), prepared, {})
    joint = next(run for run in plan.runs.values() if len(run.plan.languages) == 2)
    child = next(
        run
        for run in plan.runs.values()
        if run.stage == "finetune" and run.starts_from == joint.run_id
    )
    for run in (joint, child):
        execute(run, prepared.folder)
    tables = read_predictions(
        run_folder(prepared.folder, child.run_id).path / "predictions.parquet"
    )
    assert [(one.cell.metric, one.cell.setting) for one in tables] == [
        ("qa_f1", "within_language"),
        ("qa_em", "within_language"),
        ("qa_f1", "zero_shot"),
        ("qa_em", "zero_shot"),
    ]
    for f1, em in zip(tables[::2], tables[1::2], strict=True):
        assert f1.predictions == em.predictions
        assert f1.n_examples == prepared.n_examples("qa", f1.cell.target_language, "test")
        assert (f1.counts[:, 0] >= em.counts[:, 0]).all()
    for table in tables:
        questions = prepared.source.questions("qa", table.cell.target_language, "test")
        assert all(
            answer in one.context for answer, one in zip(table.predictions, questions, strict=True)
        )


def test_an_epoch_of_questions_is_their_windows(asked: tuple[Path, Prepared]) -> None:
    _, prepared = asked
    n_rows = prepared.n_rows("qa", toys.BASE, None, 24)
    assert n_rows > prepared.n_examples("qa", toys.BASE)
    spec = toys.spec(tasks=["qa"], seeds=[0])
    spec = spec.model_copy(
        update={"finetuning": spec.finetuning.model_copy(update={"max_examples": None})}
    )
    plan = plan_study(spec, prepared, {})
    updates = {
        run.plan.updates
        for run in plan.runs.values()
        if run.stage == "finetune" and run.source_language == toys.BASE
    }
    assert updates == {-(-n_rows // 8)}


def test_a_plan_of_counted_data_counts_windows_too(asked: tuple[Path, Prepared]) -> None:
    from isogloss.study import material_of

    data, prepared = asked
    spec = toys.spec(tasks=["qa"], seeds=[0])
    counted = material_of(spec, str(data), None)
    limit = spec.finetuning.max_examples
    true = prepared.n_rows("qa", toys.BASE, limit, 24)
    assert true > prepared.n_examples("qa", toys.BASE)
    assert abs(counted.n_rows("qa", toys.BASE, limit, 24) / true - 1) < 0.5


def test_windows_of_one_question_are_of_one_pseudo_task(asked: tuple[Path, Prepared]) -> None:
    from isogloss.study import prepare

    data, _ = asked
    spec = toys.spec(
        treat="finetuning",
        seeds=[0],
        tasks=["qa"],
        match=["total"],
        pseudo_tasks={"language": "qaa", "groups": 2},
        treatments=["monolingual", "untreated"],
    )
    prepared = prepare(spec, str(data), data.parent / "groups")
    plan = plan_study(spec, prepared, {})
    joint = next(run for run in plan.runs.values() if run.groups)
    assert joint.starts_from is not None
    for run in (plan.runs[joint.starts_from], joint):
        execute(run, prepared.folder)
    result = run_folder(prepared.folder, joint.run_id).read_result()
    assert sum(result["rows"].values()) == joint.plan.updates * 8
