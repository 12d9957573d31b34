"""The micro study's data and what is prepared from them, made once for the room's tests."""

import shutil
from pathlib import Path

import pytest
from transformers import AutoModel

from isogloss.models.quiet import quiet
from isogloss.study import Prepared, Run, StudyPlan, StudySpec, plan_study, prepare
from isogloss.study.run.execution import execute
from isogloss.study.store.run_folder import run_folder
from unit.study import toys


@pytest.fixture(scope="session")
def bed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of data in two synthetic languages."""
    return toys.write_bed(tmp_path_factory.mktemp("bed"), "conflict")


@pytest.fixture
def data(bed: Path, tmp_path: Path) -> Path:
    """Return a copy of the test bed that a test may change."""
    return Path(shutil.copytree(bed, tmp_path / "data"))


@pytest.fixture(scope="session")
def prepared(bed: Path, tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """Return the material of a study with the task `pos`; tests write nothing into it."""
    return prepare(toys.spec(tasks=["pos"]), str(bed), tmp_path_factory.mktemp("prepared"))


@pytest.fixture
def study(prepared: Prepared, tmp_path: Path) -> Path:
    """Return a new study folder with the material in it, and no run."""
    shutil.copytree(prepared.folder, tmp_path / "study")
    return tmp_path / "study"


@pytest.fixture(scope="session")
def plan(prepared: Prepared) -> StudyPlan:
    """Return the plan of the study with the task `pos` and one seed."""
    return plan_study(toys.spec(tasks=["pos"], seeds=[0]), prepared, {})


@pytest.fixture(scope="session")
def done(
    prepared: Prepared, plan: StudyPlan, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Run, Run]:
    """Return a study folder where a joint pretraining, its score and a fine-tuning are finished."""
    folder = tmp_path_factory.mktemp("done") / "study"
    shutil.copytree(prepared.folder, folder)
    joint = next(run for run in plan.runs.values() if len(run.plan.languages) == 2)
    score, child, *_ = (run for run in plan.runs.values() if run.starts_from == joint.run_id)
    for run in (joint, score, child):
        execute(run, folder)
    return folder, joint, child


JOINT_TREATMENTS = [
    "monolingual",
    "untreated",
    {"temperature": {"exponents": [0.0, 1.0]}},
    {"sequential_reptile": {"inner_steps": 2, "outer_learning_rate": 0.5}},
    "pcgrad",
]


@pytest.fixture(scope="session")
def joint_spec() -> StudySpec:
    """Return a study that treats fine-tuning on two languages and tests on a third, too."""
    return toys.spec(
        treat="finetuning",
        zero_shot_to=["qac"],
        tasks=["pos"],
        match=["language", "total"],
        treatments=JOINT_TREATMENTS,
    )


@pytest.fixture(scope="session")
def joint_prepared(joint_spec: StudySpec, tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    bed = toys.write_bed(tmp_path_factory.mktemp("three"), "conflict", "conflict")
    return prepare(joint_spec, str(bed), tmp_path_factory.mktemp("joint") / "study")


@pytest.fixture(scope="session")
def joint_plan(joint_spec: StudySpec, joint_prepared: Prepared) -> StudyPlan:
    """Return its plan, the second exponent chosen."""
    return plan_study(joint_spec, joint_prepared, {("temperature", toys.PAIR, "pos"): 1})


@pytest.fixture(scope="session")
def checkpoint(bed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a small pretrained model and its tokenizer, as a user has them."""
    folder = tmp_path_factory.mktemp("checkpoint")
    spec = toys.spec(
        pretraining={"updates": 100, "rows": 16, "length": 24, "dev_points": 1},
        logging={"conflict": 0},
    )
    prepared = prepare(spec, str(bed), folder / "study")
    plan = plan_study(spec, prepared, {})
    run = next(run for run in plan.runs.values() if len(run.plan.languages) == 2)
    execute(run, prepared.folder)
    shutil.copytree(folder / "study" / "prepared" / "tokenizer", folder / "model")
    model = run_folder(prepared.folder, run.run_id).model
    shutil.copytree(model, folder / "model", dirs_exist_ok=True)
    return folder / "model"


@pytest.fixture(scope="session")
def encoder(checkpoint: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the same without its masked-LM head."""
    folder = Path(shutil.copytree(checkpoint, tmp_path_factory.mktemp("encoder") / "model"))
    with quiet():
        AutoModel.from_pretrained(checkpoint).save_pretrained(folder)
    return folder
