"""A transfer matrix from beginning to end: prepare, tell the cost, score in stages, tabulate."""

import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from isogloss.core import InputError, refuse_unwritable, remove_partial, write_atomically
from isogloss.models import model_size
from isogloss.training import create_engine
from isogloss.transfer.arms import Effect, effects
from isogloss.transfer.cost import Forecast, forecast
from isogloss.transfer.material import Material, prepare
from isogloss.transfer.results import Measured, measure
from isogloss.transfer.scoring import CellStore, Place
from isogloss.transfer.spec import MatrixSpec
from isogloss.transfer.task_adapters import TaskStore
from isogloss.transfer.units import Unit, UnitStore
from isogloss.transfer.writing import ABOUT, write_results


@dataclass(frozen=True)
class Watch:
    """Who is told how a matrix gets on.

    Attributes:
        planned: is told the cost before anything is trained.
        said: is told a line at a time.
    """

    planned: Callable[[Forecast], None] = lambda _: None
    said: Callable[[str], None] = lambda _: None


def open_cells(material: Material) -> CellStore:
    """Return the scores of a matrix, with its units and task adapters.

    Args:
        material: shared by all.
    """
    engine = create_engine("auto", model_size(material.body).hidden)
    return CellStore(UnitStore(material, engine), TaskStore(material, engine))


def plan_matrix(spec: MatrixSpec, data: str, out: Path) -> Forecast:
    """Return what a matrix would cost; what it needs to know of the data is prepared in `out`.

    Args:
        spec: of the matrix.
        data: folder or mapping file that says where the data lie.
        out: its folder.

    Raises:
        InputError: the input is wrong, or the folder holds something else.
    """
    with holding(out):
        material = prepare(spec, data, out)
        return forecast(open_cells(material), effects(spec))


def run_matrix(
    spec: MatrixSpec, data: str, out: Path, *, command: str = "", watch: Watch | None = None
) -> Measured:
    """Do a matrix, or what is left of it, and write its tables.

    Whatever is there is used again: units, task adapters and cells lie at addresses made of what
    they depend on. Killed at any moment, the same call goes on and repeats no cell.

    Args:
        spec: of the matrix.
        data: folder or mapping file that says where the data lie.
        out: its folder.
        command: what the user typed, for the record.
        watch: is told the cost and how it gets on.

    Returns:
        What was measured.

    Raises:
        InputError: the input is wrong, or the folder holds something else.
        TrainingError: a loss is not finite; what was finished is kept.
    """
    watch = watch or Watch()
    with holding(out):
        material = prepare(spec, data, out)
        cells, planned = open_cells(material), effects(spec)
        watch.planned(forecast(cells, planned))
        measured = _in_stages(cells, planned, watch)
        write_results(measured, cells, command)
    return measured


def _in_stages(cells: CellStore, planned: Sequence[Effect], watch: Watch) -> Measured:
    """Score every cell with the runs of the first stage, then the open ones with more."""
    material, spec = cells.units.material, cells.units.material.spec
    wanted = {
        (index, task, target): spec.stages[0]
        for index, one in enumerate(planned)
        for task in spec.tasks
        for target in one.targets
        if target in material.targets(task)
    }
    measured = None
    for number, runs in enumerate(spec.stages):
        if measured is not None:
            open_cells = measured.open_cells
            if not open_cells:
                break
            wanted |= dict.fromkeys(open_cells, runs)
            watch.said(f"stage {number + 1}: {len(open_cells)} open cells, {runs} runs")
        _score(cells, planned, wanted, watch)
        measured = measure(cells, planned, wanted)
    assert measured is not None
    return measured


def _score(
    cells: CellStore,
    planned: Sequence[Effect],
    wanted: dict[tuple[int, str, Any], int],
    watch: Watch,
) -> None:
    """Score what is wanted; each tuned body is scored on all tasks and then let go."""
    places: dict[Place, None] = {}
    for (index, task, target), runs in wanted.items():
        for run in range(runs):
            one = planned[index]
            for company in (one.reference[run], one.treated[run]):
                places[Place(task, company, target)] = None
    bodies: dict[Unit, list[Place]] = {}
    plain: list[Place] = []
    for place in places:
        members = place.company.members
        if members and members[0].kind == "body":
            bodies.setdefault(members[0], []).append(place)
        else:
            plain.append(place)
    left = sum(not cells.has(one) for one in places)
    watch.said(f"{len(places)} cells and runs, {left} to score")
    cells.fill(plain)
    for number, (unit, own) in enumerate(bodies.items(), 1):
        if cells.fill(own):
            watch.said(f"tuned body {number} of {len(bodies)}: {unit.name}")
        cells.units.drop(unit)


@contextmanager
def holding(folder: Path) -> Iterator[None]:
    """Hold the folder of a matrix for this process; the system frees it even after `kill -9`.

    Raises:
        InputError: it holds something else, another process writes it, or it cannot be written.
    """
    known = (folder / ABOUT).is_file()
    if folder.is_file() or (folder.is_dir() and not known and _shown(folder)):
        raise InputError(
            expected="a new folder, an empty one, or the folder of a transfer matrix",
            found="a file" if folder.is_file() else ", ".join(_shown(folder)[:5]),
            where=f"--out `{folder}`",
            next_step="Give another --out; nothing was written.",
        )
    with refuse_unwritable(folder):
        folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / ".lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise InputError(
            expected="a folder that no other process writes",
            found="another process at work in it",
            where=str(folder),
            next_step="Wait for it to end, or give another --out.",
        ) from error
    try:
        remove_partial(folder)
        if not known:
            write_atomically(folder / ABOUT, json.dumps({"process": os.getpid()}))
        yield
    finally:
        lock.release()


def _shown(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir() if not one.name.startswith("."))
