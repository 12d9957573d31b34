from pathlib import Path

import numpy as np
import pytest
import torch

from isogloss.core import InputError
from isogloss.transfer import MatrixSpec
from isogloss.transfer.arms import BASELINE, Company, effects
from isogloss.transfer.scoring import CellStore, Place, scorer_of
from isogloss.transfer.task_adapters import TaskAdapter
from unit.transfer import toys


@pytest.fixture(scope="module")
def cells(
    bed: Path, body: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[CellStore, MatrixSpec]:
    unit = {"updates": 12, "rows": 8, "length": 24, "learning_rate": 0.02}
    spec = toys.spec(body, company={"sizes": [1, 2]}, tasks=["pos"], unit=unit)
    return toys.cells_of(spec, bed, tmp_path_factory.mktemp("scoring")), spec


def companies(spec: MatrixSpec) -> list[Company]:
    return [BASELINE, *(one.treated[0] for one in effects(spec))]


def logits(store: CellStore, group: list[Company], slots: list[int]) -> list[torch.Tensor]:
    """Return the logits of one batch of test examples through the companies at `slots`."""
    scorer = scorer_of("pos", group, store.units, store.tasks)
    classifier = scorer.classifier(toys.QAA).eval()
    ids = torch.randint(10, 500, (6, 14), generator=torch.Generator().manual_seed(0))
    mask = torch.ones_like(ids)
    mask[1::2, 9:] = 0
    with torch.inference_mode():
        rows = classifier(
            ids.repeat_interleave(len(slots), 0),
            mask.repeat_interleave(len(slots), 0),
            torch.tensor(slots * len(ids)),
        )
    return [rows[index :: len(slots)] for index in range(len(slots))]


def test_many_companies_in_one_pass_are_one_by_one(cells: tuple[CellStore, MatrixSpec]) -> None:
    store, spec = cells
    group = companies(spec)
    assert len(group) == 7
    mixed = logits(store, group, list(range(7)))
    for index, company in enumerate(group):
        alone = logits(store, [company], [0])[0]
        assert torch.allclose(mixed[index], alone, atol=1e-6), company.label
    assert max(float((mixed[0] - one).abs().max()) for one in mixed[1:]) > 1e-3


def test_the_baseline_is_the_body_without_a_language_adapter(
    cells: tuple[CellStore, MatrixSpec],
) -> None:
    store, spec = cells
    among = logits(store, companies(spec), [0])[0]
    assert torch.equal(among, logits(store, [BASELINE], [0])[0])


def test_an_adapter_averaged_with_itself_changes_exactly_nothing(
    cells: tuple[CellStore, MatrixSpec],
) -> None:
    store, spec = cells
    alone = effects(spec)[0].treated[0]
    twice = Company((*alone.members, *alone.members), "uniform_average")
    store.fill([Place("pos", alone, toys.QAA), Place("pos", twice, toys.QAA)])
    first, second = (
        store.read(Place("pos", one, toys.QAA))[0]["pos_accuracy"] for one in (alone, twice)
    )
    assert np.array_equal(first, second)


def test_a_cell_is_written_once(cells: tuple[CellStore, MatrixSpec]) -> None:
    store, spec = cells
    places = [Place("pos", one.treated[0], toys.QAB) for one in effects(spec)[:3]]
    assert store.fill([*places, *places]) == 3
    assert store.fill(places) == 0
    counts, about = store.read(places[0])
    assert counts["pos_accuracy"].shape == (50, 2)
    assert about["target"] == "qab-Zzzz" or about["target"].startswith("qab")


def test_a_damaged_cell_is_refused_by_name(cells: tuple[CellStore, MatrixSpec]) -> None:
    store, spec = cells
    place = Place("pos", effects(spec)[1].treated[0], toys.QAC)
    store.fill([place])
    store.path(place).write_bytes(b"nonsense")
    with pytest.raises(InputError, match="a cell as it was written"):
        store.read(place)
    store.path(place).unlink()


def test_each_target_may_have_a_task_adapter_of_its_own(
    bed: Path, body: Path, tmp_path: Path
) -> None:
    task = {"epochs": 1, "rows": 16, "length": 32, "max_examples": 20, "source": "leave_target_out"}
    spec = toys.spec(body, task=task)
    store = toys.cells_of(spec, bed, tmp_path)
    assert store.tasks.adapter_for("pos", toys.QAB) == TaskAdapter("pos", (toys.QAA, toys.QAC))
    places = [Place("pos", BASELINE, target) for target in spec.columns]
    assert store.fill(places) == 3
    assert len(list(tmp_path.glob("tasks/*/task.json"))) == 3


def test_low_rank_units_are_scored_like_adapters(bed: Path, body: Path, tmp_path: Path) -> None:
    unit = {"kind": "lora", "updates": 6, "rows": 8, "length": 24, "learning_rate": 0.02}
    spec = toys.spec(body, company={"sizes": [1, 2]}, unit=unit)
    store = toys.cells_of(spec, bed, tmp_path)
    group = companies(spec)
    mixed = logits(store, group, list(range(7)))
    for index, company in enumerate(group):
        alone = logits(store, [company], [0])[0]
        assert torch.allclose(mixed[index], alone, atol=1e-6), company.label
    assert max(float((mixed[0] - one).abs().max()) for one in mixed[1:]) > 1e-4
