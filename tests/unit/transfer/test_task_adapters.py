from pathlib import Path

import pytest
import torch

from isogloss.core import InputError
from isogloss.models import create_model
from isogloss.tasks import task_form
from isogloss.transfer.scoring import CellStore
from isogloss.transfer.task_adapters import TaskAdapter, put_task, task_modules
from unit.transfer import toys


@pytest.fixture(scope="module")
def cells(bed: Path, body: Path, tmp_path_factory: pytest.TempPathFactory) -> CellStore:
    return toys.cells_of(toys.spec(body), bed, tmp_path_factory.mktemp("tasks"))


def test_adapter_and_head_are_kept_and_nothing_of_the_body(cells: CellStore) -> None:
    adapter = cells.tasks.adapter_for("pos", toys.QAA)
    weights = cells.tasks.weights(adapter)
    assert adapter.sources == (toys.QAA, toys.QAB, toys.QAC)
    assert all("language_modules.adapter_0" in name or "head" in name for name in weights)
    result = cells.tasks.result(adapter)
    assert result is not None
    assert result["updates"] == 8  # one epoch of 3 times 40 examples in batches of 16
    assert set(result["examples"].values()) == {40}


def test_it_is_put_behind_a_language_adapter(cells: CellStore) -> None:
    material = cells.units.material
    weights = cells.tasks.weights(cells.tasks.adapter_for("pos", toys.QAA))
    model = create_model(
        material.body,
        tokenizer=material.tokenizer,
        languages=(toys.QAA, toys.QAB),
        modules=[task_modules(material.spec, 64, 2)] * 2,
        seed=5,
    )
    classifier = task_form("pos").head(model, material.labels("pos"), 5)
    before = {name: one.clone() for name, one in classifier.named_parameters()}
    put_task(classifier, weights, 1)
    after = dict(classifier.named_parameters())
    moved = {name for name, one in after.items() if not torch.equal(one, before[name])}
    assert all(".adapter_1." in name or name.startswith("head") for name in moved)
    assert any(".adapter_1." in name for name in moved)


def test_an_address_is_made_of_what_it_depends_on(cells: CellStore) -> None:
    one, two = (TaskAdapter("pos", side) for side in ((toys.QAA,), (toys.QAA, toys.QAB)))
    assert cells.tasks.address(one) != cells.tasks.address(two)
    assert cells.tasks.address(one) == cells.tasks.address(TaskAdapter("pos", (toys.QAA,)))


def test_no_english_no_task_adapter_from_it(bed: Path, body: Path, tmp_path: Path) -> None:
    task = {"epochs": 1, "length": 32, "source": "english"}
    cells = toys.cells_of(toys.spec(body, task=task), bed, tmp_path)
    with pytest.raises(InputError, match=r"task\.source: english"):
        cells.tasks.adapter_for("pos", toys.QAA)


def test_a_damaged_task_adapter_is_refused_by_name(cells: CellStore) -> None:
    adapter = TaskAdapter("pos", (toys.QAB,))
    cells.tasks.weights(adapter)
    (cells.tasks.folder(adapter) / "task.safetensors").write_bytes(b"nonsense")
    with pytest.raises(InputError, match="a task adapter as it was written"):
        cells.tasks.weights(adapter)
