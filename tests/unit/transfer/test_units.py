import dataclasses
import json
from pathlib import Path

import pytest
import torch

from isogloss.core import InputError
from isogloss.training import BuildContext, TextSampling
from isogloss.transfer.scoring import CellStore
from isogloss.transfer.units import ShuffledText, Unit, plan_of, unit_address
from unit.transfer import toys

ADAPTER = Unit("adapter", (toys.QAA,), 4, 0)


@pytest.fixture(scope="module")
def cells(bed: Path, body: Path, tmp_path_factory: pytest.TempPathFactory) -> CellStore:
    return toys.cells_of(toys.spec(body), bed, tmp_path_factory.mktemp("units"))


def test_an_address_is_made_of_what_a_unit_depends_on(cells: CellStore) -> None:
    material = cells.units.material
    others = [
        dataclasses.replace(ADAPTER, run=1),
        dataclasses.replace(ADAPTER, updates=5),
        dataclasses.replace(ADAPTER, languages=(toys.QAB,)),
        dataclasses.replace(ADAPTER, text="shuffled"),
        dataclasses.replace(ADAPTER, rate=0.0),
        dataclasses.replace(ADAPTER, kind="body"),
    ]
    addresses = {unit_address(one, material) for one in (ADAPTER, *others)}
    assert len(addresses) == 7
    assert unit_address(Unit("adapter", (toys.QAA,), 4, 0), material) in addresses


def test_a_unit_is_trained_once_and_read_whole(cells: CellStore) -> None:
    first = cells.units.weights(ADAPTER)
    place = cells.units.folder(ADAPTER) / "unit.safetensors"
    before = place.stat().st_mtime_ns
    again = cells.units.weights(ADAPTER)
    assert place.stat().st_mtime_ns == before
    assert all(torch.equal(one, again[name]) for name, one in first.items())
    assert {name.rpartition(".")[2] for name in first} == {"down", "down_bias", "up", "up_bias"}
    assert any(bool(one.any()) for name, one in first.items() if name.endswith(".up"))
    result = json.loads((place.parent / "unit.json").read_text())
    assert result["tokens"] == 4 * 4 * 24
    assert not (place.parent / "checkpoint").exists()


def test_runs_of_one_language_differ_and_the_body_stays(cells: CellStore) -> None:
    other = cells.units.weights(dataclasses.replace(ADAPTER, run=1))
    first = cells.units.weights(ADAPTER)
    assert not all(torch.equal(one, other[name]) for name, one in first.items())
    assert not any("embed" in name for name in first)


def test_a_rate_of_zero_leaves_the_body_to_the_last_bit(cells: CellStore) -> None:
    frozen = cells.units.weights(Unit("body", (toys.QAA,), 2, 0, rate=0.0))
    tuned = cells.units.weights(Unit("body", (toys.QAA,), 2, 0))
    longer = cells.units.weights(Unit("body", (toys.QAB,), 2, 0, rate=0.0))
    assert all(torch.equal(one, longer[name]) for name, one in frozen.items())
    assert not all(torch.equal(one, tuned[name]) for name, one in frozen.items())
    cells.units.drop(Unit("body", (toys.QAA,), 2, 0))
    assert not cells.units.has(Unit("body", (toys.QAA,), 2, 0))


def test_one_module_for_all_languages_of_a_mixture(cells: CellStore) -> None:
    mix = Unit("adapter", (toys.QAA, toys.QAB), 4, 0)
    assert plan_of(mix, cells.units.material.spec, 64).modules[0].slots == (0, 0)
    assert cells.units.weights(mix).keys() == cells.units.weights(ADAPTER).keys()


def test_shuffled_text_has_the_same_tokens_in_another_order(cells: CellStore) -> None:
    material = cells.units.material
    corpora = {toys.QAA: material.corpus(toys.QAA)}
    context = BuildContext((toys.QAA,), 4, 24, 3, material.tokenizer, corpora)
    plain, shuffled = (one.build(context) for one in (TextSampling(0.0), ShuffledText(0.0)))
    first, second = plain.batch(2).input_ids, shuffled.batch(2).input_ids
    assert not torch.equal(first, second)
    assert torch.equal(first.sort(1).values, second.sort(1).values)
    assert torch.equal(first[:, 0], second[:, 0])
    assert torch.equal(second, shuffled.batch(2).input_ids)
    assert shuffled.rows_per_language(5).tolist() == [20]
    assert shuffled.epochs_per_language(5)[0] > 0
    assert shuffled.languages == (toys.QAA,)


def test_a_damaged_unit_is_refused_by_name(cells: CellStore) -> None:
    unit = dataclasses.replace(ADAPTER, languages=(toys.QAC,))
    cells.units.weights(unit)
    (cells.units.folder(unit) / "unit.safetensors").write_bytes(b"nonsense")
    with pytest.raises(InputError, match="weights of a unit"):
        cells.units.weights(unit)
