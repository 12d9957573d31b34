"""What a matrix costs, before anything is trained: counted tokens, and a test of this machine."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import torch

from isogloss.data import Batch
from isogloss.models import MultilingualModel, create_model
from isogloss.objectives import MaskedLM
from isogloss.tasks import task_form
from isogloss.transfer.arms import Effect
from isogloss.transfer.material import Material
from isogloss.transfer.scoring import CellStore, Place
from isogloss.transfer.spec import MASKED_LM
from isogloss.transfer.task_adapters import TaskAdapter
from isogloss.transfer.units import Unit, hidden_size, unit_modules

_PROBED: Final = 16
_LENGTH: Final = 32


@dataclass(frozen=True)
class Work:
    """One kind of work.

    Attributes:
        what: units, task adapters or cells.
        n_all: how many there are in all.
        n_left: how many are not done yet.
        tokens: of those, positions that pass through the body.
        seconds: of one core, estimated.
    """

    what: str
    n_all: int
    n_left: int
    tokens: int
    seconds: float


@dataclass(frozen=True)
class Forecast:
    """What is left to do of a matrix.

    Attributes:
        first: of the first stage.
        most: where every cell stays open to the last stage.
    """

    first: tuple[Work, ...]
    most: tuple[Work, ...]

    @property
    def seconds(self) -> float:
        """Of one core, of the first stage."""
        return sum(one.seconds for one in self.first)

    @property
    def most_seconds(self) -> float:
        """Of one core, at most."""
        return sum(one.seconds for one in self.most)


@dataclass(frozen=True)
class Pace:
    """Seconds of one core per token, on this machine and for this body.

    Attributes:
        scored: forward.
        learned: forward and backward of an adapter on text, with the head at masked positions.
        tuned: the same of the whole body.
        labelled: of a task adapter.
    """

    scored: float
    learned: float
    tuned: float
    labelled: float


def forecast(cells: CellStore, planned: Sequence[Effect]) -> Forecast:
    """Return what is left to do and what it takes.

    Args:
        cells: what is there already.
        planned: all effects.
    """
    pace = measure_pace(cells.units.material)
    stages = cells.units.material.spec.stages
    first, most = (_work(cells, planned, runs, pace) for runs in (stages[0], stages[-1]))
    return Forecast(first, most)


def _work(cells: CellStore, planned: Sequence[Effect], runs: int, pace: Pace) -> tuple[Work, ...]:
    """Return the work up to a number of runs per cell."""
    material = cells.units.material
    places = dict.fromkeys(
        Place(task, company, target)
        for one in planned
        for task in material.spec.tasks
        for target in one.targets
        if target in material.targets(task)
        for run in range(runs)
        for company in (one.reference[run], one.treated[run])
    )
    left = [one for one in places if not cells.has(one)]
    units = dict.fromkeys(unit for one in places for unit in one.company.members)
    to_train = [
        one
        for one in dict.fromkeys(unit for one in left for unit in one.company.members)
        if not cells.units.has(one)
    ]
    adapters = _adapters(cells, list(places))
    untrained = [one for one in adapters if cells.tasks.result(one) is None]
    text = sum(_unit_tokens(material, one) for one in to_train)
    rate = pace.tuned if material.spec.whole_body else pace.learned
    labelled = sum(_task_tokens(cells, one) for one in untrained)
    scored = sum(_cell_tokens(material, one) for one in left)
    return (
        Work("language units", len(units), len(to_train), text, text * rate),
        Work("task adapters", len(adapters), len(untrained), labelled, labelled * pace.labelled),
        Work("cells and runs", len(places), len(left), scored, scored * pace.scored),
    )


def _adapters(cells: CellStore, places: Sequence[Place]) -> list[TaskAdapter]:
    return list(
        dict.fromkeys(
            cells.tasks.adapter_for(one.task, one.target) for one in places if one.task != MASKED_LM
        )
    )


def _unit_tokens(material: Material, unit: Unit) -> int:
    return unit.updates * material.spec.unit.rows * material.spec.unit.length


def _task_tokens(cells: CellStore, adapter: TaskAdapter) -> int:
    """Return the positions of all batches of a task adapter."""
    rows = [len(row.ids) for group in cells.tasks.examples(adapter).values() for row in group]
    updates = cells.tasks.plan(adapter, len(rows)).updates
    return round(updates * cells.units.material.spec.task.rows * sum(rows) / max(len(rows), 1))


def _cell_tokens(material: Material, place: Place) -> int:
    """Return the positions of the test examples of a cell."""
    counted: dict[str, int] = material.facts.setdefault("test_tokens", {})
    key = f"{place.task}/{place.target}"
    if key not in counted:
        if place.task == MASKED_LM:
            n_rows = len(material.sample(place.task, place.target))
            counted[key] = n_rows * material.spec.unit.length
        else:
            form, labels = task_form(place.task), material.labels(place.task)
            examples = material.test_examples(place.task, place.target)
            # Tags that only test data have do not change how long a row is.
            known = [*labels, *{tag for one in examples for tag in form.labels(one)}]
            rows = form.encode(
                examples, known, material.tokenizer, material.spec.task.length
            ).examples
            counted[key] = sum(len(one.ids) for one in rows)
    return counted[key]


def measure_pace(material: Material) -> Pace:
    """Time a forward pass and a training step of the body, in processor time.

    Args:
        material: gives the body.
    """
    spec = material.spec
    language = spec.transfer_languages[:1]
    modules = unit_modules(spec, spec.unit.kind, hidden_size(material), 1)
    assert modules is not None
    model = create_model(
        material.body,
        tokenizer=material.tokenizer,
        languages=language,
        modules=[modules],
        seed=0,
    )
    corpus = material.corpus(language[0])
    scored = _seconds(lambda: _forward(model, corpus.rows([0] * _PROBED, _LENGTH)))
    length = min(spec.unit.length, 64)
    ids = torch.from_numpy(corpus.rows([0] * _PROBED, min(length, corpus.n_tokens)))
    batch = Batch(ids, None, torch.zeros(_PROBED, dtype=torch.long))
    objective = MaskedLM(spec.unit.mask_rate, material.tokenizer, 1, 0)
    tuned = _seconds(lambda: _train(model, objective, batch))
    own = {id(one) for one in model.language_modules.parameters()}
    for parameter in model.parameters():
        parameter.requires_grad_(id(parameter) in own)
    learned = _seconds(lambda: _train(model, objective, batch))
    per_token = _PROBED * ids.shape[1]
    forward = scored / (_PROBED * _LENGTH)
    return Pace(forward, learned / per_token, tuned / per_token, 2.2 * forward)


def _seconds(work: object) -> float:
    """Return the processor time of some work, the better of two after a first."""
    assert callable(work)
    took: list[float] = []
    for _ in range(3):
        began = time.process_time()
        work()
        took.append(time.process_time() - began)
    return min(took[1:])


@torch.inference_mode()
def _forward(model: MultilingualModel, rows: object) -> None:
    model.eval()
    ids = torch.as_tensor(rows)
    model.encode(ids, None, torch.zeros(len(ids), dtype=torch.long))


def _train(model: MultilingualModel, objective: MaskedLM, batch: Batch) -> None:
    model.train()
    losses = objective.losses(model, objective.prepare(batch, 0))
    losses.total.sum().backward()
    model.zero_grad()
