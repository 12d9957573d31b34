import json
from pathlib import Path

import pandas as pd
import pytest

from isogloss.core import MATRIX_TABLES, InputError
from isogloss.transfer import Forecast, MatrixSpec, Watch, plan_matrix, run_matrix
from isogloss.transfer.scoring import CellStore
from unit.transfer import toys


def test_every_table_is_there_with_its_columns(done: tuple[Path, MatrixSpec]) -> None:
    folder, _ = done
    for name, table in MATRIX_TABLES.items():
        found = pd.read_csv(folder / f"{name}.csv")
        assert list(found.columns) == list(table.columns), name
    cells = pd.read_csv(folder / "cells.csv")
    alone = cells[cells["arm"] == "alone"]
    assert len(alone) == 9
    assert set(cells["arm"]) == {"alone", "pair", "triple"}
    assert set(cells["n_runs"]) == {2}
    assert set(cells["n_examples"]) == {50}
    assert list((folder / "latex").glob("pos-pos_accuracy-alone-4.tex"))


def test_the_cost_comes_first(bed: Path, body: Path, tmp_path: Path) -> None:
    told: list[Forecast] = []

    class Stop(Exception):
        pass

    def planned(cost: Forecast) -> None:
        told.append(cost)
        raise Stop

    with pytest.raises(Stop):
        run_matrix(toys.spec(body), str(bed), tmp_path / "out", watch=Watch(planned=planned))
    assert not list((tmp_path / "out").glob("units/*"))
    units, tasks, cells = told[0].first
    assert (units.n_all, units.n_left, units.tokens) == (6, 6, 6 * 4 * 4 * 24)
    assert (tasks.n_left, cells.n_left) == (1, 3 + 6 * 3)
    assert told[0].seconds > 0
    assert told[0].most == told[0].first


def test_a_killed_matrix_goes_on_and_repeats_no_cell(
    done: tuple[Path, MatrixSpec],
    bed: Path,
    body: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written: list[str] = []
    write = CellStore._write

    def dying(self: CellStore, place: object, found: object, about: object) -> None:
        if len(written) == 7:
            raise KeyboardInterrupt
        written.append(str(self.path(place)))  # type: ignore[arg-type]
        write(self, place, found, about)  # type: ignore[arg-type]

    spec = toys.spec(body, company={"sizes": [1, 2, 3]}, unseen=["qac"])
    monkeypatch.setattr(CellStore, "_write", dying)
    with pytest.raises(KeyboardInterrupt):
        run_matrix(spec, str(bed), tmp_path / "out")
    first = set(written)
    assert len(first) == 7
    written.append("so that it goes on")
    run_matrix(spec, str(bed), tmp_path / "out")
    assert len(set(written)) == len(written)
    again, _ = done
    for name in ("cells", "languages", "company"):
        text = (tmp_path / "out" / f"{name}.csv").read_text()
        assert text == (again / f"{name}.csv").read_text(), name


def test_a_finished_matrix_trains_and_scores_nothing(
    done: tuple[Path, MatrixSpec], bed: Path
) -> None:
    folder, spec = done
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*.safetensors")}
    run_matrix(spec, str(bed), folder, command="isogloss matrix")
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*.safetensors")} == before
    cost = plan_matrix(spec, str(bed), folder)
    assert [one.n_left for one in cost.first] == [0, 0, 0]


def test_a_rate_of_zero_changes_exactly_nothing(bed: Path, body: Path, tmp_path: Path) -> None:
    spec = toys.spec(
        body, method="tune", steps=[2], controls=["zero_rate"], tasks=["pos"], runs=2, most_runs=2
    )
    found = run_matrix(spec, str(bed), tmp_path)
    zero = [row for row in found.rows if row.effect.arm == "zero rate"]
    assert len(zero) == 3
    assert [(row.change.estimate, row.verdict) for row in zero] == [(0.0, "neutral")] * 3
    tuned = [row.change.estimate for row in found.rows if row.effect.arm == "tune"]
    assert any(tuned)
    assert not list(tmp_path.glob("units/*/unit.safetensors")), "bodies are let go"
    assert len(list(tmp_path.glob("units/*/unit.json"))) == 8


def test_further_runs_go_to_open_cells_only(bed: Path, body: Path, tmp_path: Path) -> None:
    spec = toys.spec(body, runs=2, most_runs=4)
    lines: list[str] = []
    found = run_matrix(spec, str(bed), tmp_path, watch=Watch(said=lines.append))
    runs = {row.change.n_seeds for row in found.rows}
    decided = [row for row in found.rows if row.verdict != "undecided"]
    assert runs <= {2, 3, 4}
    assert all(row.change.n_seeds == 2 for row in found.rows if row.change.estimate == 0.0)
    assert all(not row.is_open for row in decided)
    assert any("stage 2" in line for line in lines) is (runs != {2})


@pytest.mark.parametrize(
    ("method", "more", "arm", "metric"),
    [
        ("lookahead", {"tasks": ["masked_lm"]}, "look-ahead", "bits_per_byte"),
        ("leave_one_out", {"tasks": ["topic"], "steps": [2]}, "left out", "accuracy"),
    ],
)
def test_other_methods_go_from_beginning_to_end(
    method: str,
    more: dict[str, object],
    arm: str,
    metric: str,
    bed: Path,
    body: Path,
    tmp_path: Path,
) -> None:
    spec = toys.spec(body, method=method, targets=["qaa", "qab"], **more)
    found = run_matrix(spec, str(bed), tmp_path)
    assert {(row.effect.arm, row.metric) for row in found.rows} == {(arm, metric)}
    assert len(found.rows) == 3 * 2
    assert any(row.change.estimate for row in found.rows)
    assert len(pd.read_csv(tmp_path / "languages.csv")) == 3 + 2


def test_a_folder_of_something_else_is_refused(bed: Path, body: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(InputError, match="folder of a transfer matrix"):
        run_matrix(toys.spec(body), str(bed), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_what_was_asked_is_kept(done: tuple[Path, MatrixSpec]) -> None:
    folder, spec = done
    about = json.loads((folder / "matrix.json").read_text())
    assert about["spec"] == json.loads(json.dumps(spec.describe()))
    assert about["command"] == "isogloss matrix"
    assert about["samples"]["pos"] == {f"{one}": 50 for one in spec.columns}
