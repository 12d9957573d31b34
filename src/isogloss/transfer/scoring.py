"""Scores of cells: many companies through one task adapter, in passes of mixed rows."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file
from torch import nn

from isogloss.core import InputError, Language, replacing
from isogloss.data import task_card
from isogloss.evaluation import (
    Cell,
    LabelledTest,
    MaskedText,
    PredictionTable,
    evaluate_masked_lm,
)
from isogloss.models import ModuleSpec, MultilingualModel, create_model
from isogloss.tasks import task_form
from isogloss.training import content_hash
from isogloss.transfer.arms import Company
from isogloss.transfer.merging import merged, nothing_like, widened
from isogloss.transfer.spec import MASKED_LM
from isogloss.transfer.task_adapters import TaskStore, put_task, task_modules
from isogloss.transfer.units import (
    FORMAT,
    Kind,
    UnitStore,
    Weights,
    hidden_size,
    unit_address,
    unit_modules,
)

Counts = Mapping[str, NDArray[np.float64]]
"""Per metric, what each test example adds to it, shape [n_examples, k]."""

_TOGETHER: Final = 12
"""Companies in one model, and rows of one example in one batch."""
_ROWS: Final = 96


@dataclass(frozen=True)
class Place:
    """One cell of one run.

    Attributes:
        task: name.
        company: of units; none = the baseline.
        target: language that is tested.
    """

    task: str
    company: Company
    target: Language


@dataclass(frozen=True)
class CellStore:
    """The scores of a matrix on disk: one file per cell and run, written whole, never twice.

    Attributes:
        units: of the matrix.
        tasks: its task adapters.
        told: is called with the number of cells after each pass.
    """

    units: UnitStore
    tasks: TaskStore
    told: Callable[[int], None] = lambda _: None

    @cached_property
    def _addresses(self) -> dict[Any, str]:
        return {}

    def path(self, place: Place) -> Path:
        """Return the file of a cell: equal units, task adapter and examples, equal file."""
        if place not in self._addresses:
            material = self.units.material
            on_text = place.task == MASKED_LM
            prints = material.facts["wanted"]["fingerprints"]
            what = {
                "format": FORMAT,
                "task": place.task,
                "company": [self._unit(one) for one in place.company.members],
                "merge": place.company.merge,
                "adapter": "" if on_text else self._task(place.task, place.target),
                "body": material.facts["body"],
                "length": material.spec.unit.length if on_text else material.spec.task.length,
                "examples": prints[f"{place.task}/{place.target}/test"],
                "sample": content_hash(material.sample(place.task, place.target)),
            }
            self._addresses[place] = content_hash(what)[:20]
        found = self._addresses[place]
        return self.units.material.folder / "cells" / place.task / f"{found}.safetensors"

    def _unit(self, unit: Any) -> str:  # noqa: ANN401
        if unit not in self._addresses:
            self._addresses[unit] = unit_address(unit, self.units.material)
        return self._addresses[unit]

    def _task(self, task: str, target: Language) -> str:
        adapter = self.tasks.adapter_for(task, target)
        if adapter not in self._addresses:
            self._addresses[adapter] = self.tasks.address(adapter)
        return self._addresses[adapter]

    def has(self, place: Place) -> bool:
        """Return whether a cell is there."""
        return self.path(place).is_file()

    def read(self, place: Place) -> tuple[Counts, dict[str, Any]]:
        """Return counts and how the cell was made.

        Raises:
            InputError: the file is damaged.
        """
        path = self.path(place)
        try:
            with safe_open(path, framework="np") as file:
                about = json.loads((file.metadata() or {})["isogloss"])
                return {key: file.get_tensor(key) for key in file.keys()}, about  # noqa: SIM118
        except (SafetensorError, OSError, KeyError, ValueError) as error:
            raise InputError(
                expected="a cell as it was written",
                found=f"a damaged file ({error})",
                where=str(path),
                next_step="Remove it and give the command again: only it is scored again.",
            ) from error

    def fill(self, places: Sequence[Place]) -> int:
        """Score the cells that are not there, and return how many these were.

        Companies that one model can hold are tested in one pass: each test example goes through
        all of them, rows of like length together.
        """
        left = [one for one in dict.fromkeys(places) if not self.has(one)]
        done = 0
        for task in dict.fromkeys(one.task for one in left):
            of_task = [one for one in left if one.task == task]
            companies = list(dict.fromkeys(one.company for one in of_task))
            for group in _groups(companies):
                wanted = [one for one in of_task if one.company in group]
                done += self._pass(task, group, wanted)
        return done

    def _pass(self, task: str, group: Sequence[Company], wanted: Sequence[Place]) -> int:
        """Score the cells of some companies, target by target, in one model."""
        scorer = scorer_of(task, group, self.units, self.tasks)
        for target in dict.fromkeys(one.target for one in wanted):
            here = [one for one in wanted if one.target == target]
            slots = [group.index(one.company) for one in here]
            began, core = time.perf_counter(), time.process_time()
            tables = scorer.score(target, slots)
            took = (time.perf_counter() - began) / len(here)
            core_s = (time.process_time() - core) / len(here)
            for place, found in zip(here, tables, strict=True):
                about = {"seconds": round(took, 4), "core_seconds": round(core_s, 4)}
                self._write(place, found, about)
            self.told(len(here))
        return len(wanted)

    def _write(self, place: Place, found: Counts, about: dict[str, Any]) -> None:
        about = {"target": str(place.target), "company": place.company.label, **about}
        with replacing(self.path(place)) as partial:
            save_file(
                {key: np.ascontiguousarray(one) for key, one in found.items()},
                partial,
                metadata={"isogloss": json.dumps(about)},
            )


def _groups(companies: Sequence[Company]) -> list[list[Company]]:
    """Return companies that one model can hold: adapters together, each tuned body alone."""
    bodies = [one for one in companies if one.members and one.members[0].kind == "body"]
    others = [one for one in companies if one not in bodies]
    packs = [others[at : at + _TOGETHER] for at in range(0, len(others), _TOGETHER)]
    return [*packs, *([one] for one in bodies)]


@dataclass(frozen=True)
class Scorer:
    """A model that holds some companies, ready for any target of one task.

    Attributes:
        task: name.
        units: of the matrix.
        tasks: its task adapters.
        model: with one slot per company.
        n_slots: companies.
        position: of the task adapter among the modules.
    """

    task: str
    units: UnitStore
    tasks: TaskStore
    model: MultilingualModel
    n_slots: int
    position: int

    @cached_property
    def _classifiers(self) -> dict[Any, nn.Module]:
        return {}

    def score(self, target: Language, slots: Sequence[int]) -> list[Counts]:
        """Return the counts of each of the companies at `slots` on a target's test examples."""
        if self.task == MASKED_LM:
            return [self._on_text(target, slot) for slot in slots]
        material, card = self.units.material, task_card(self.task)
        examples = material.test_examples(self.task, target)
        test = LabelledTest(
            material.labels(self.task),
            material.tokenizer,
            material.spec.task.length,
            # As many rows of each company in a batch: its products are then batched ones.
            batch_size=max(1, _ROWS // len(slots)) * len(slots),
            kind=card.kind_of("test"),
        )
        tables = task_form(self.task).evaluate(
            self.classifier(target),
            [one for one in examples for _ in slots],
            test,
            list(slots) * len(examples),
            Cell.of(self.task, card.metric, target, target),
        )
        return [
            {table.cell.metric: table.counts[index :: len(slots)] for table in tables}
            for index in range(len(slots))
        ]

    def _on_text(self, target: Language, slot: int) -> Counts:
        """Return bits and bytes of a target's test text."""
        material = self.units.material
        text = MaskedText(
            material.corpus(target, "test"),
            material.tokenizer,
            length=material.spec.unit.length,
            max_rows=len(material.sample(MASKED_LM, target)),
        )
        cell = Cell.of(MASKED_LM, "bits_per_byte", target, target)
        found: PredictionTable = evaluate_masked_lm(self.model, text, slot, cell=cell).predictions
        return {"bits_per_byte": found.counts}

    def classifier(self, target: Language) -> nn.Module:
        """Return the model with the head and the task adapter that a target is tested with."""
        adapter = self.tasks.adapter_for(self.task, target)
        if adapter not in self._classifiers:
            labels = self.units.material.labels(self.task)
            weights = self.tasks.weights(adapter)
            self._classifiers.clear()  # all share the one model, and the last one is in it
            classifier = task_form(self.task).head(self.model, labels, 0)
            put_task(classifier, weights, self.position)
            self._classifiers[adapter] = classifier
        return self._classifiers[adapter]


def scorer_of(task: str, group: Sequence[Company], units: UnitStore, tasks: TaskStore) -> Scorer:
    """Return a model with a slot for each company, or with the one tuned body.

    Args:
        task: that will be tested.
        group: companies that one model can hold; see `CellStore.fill`.
        units: of the matrix.
        tasks: its task adapters.
    """
    material, hidden = units.material, hidden_size(units.material)
    members = [units.weights(unit) for one in group for unit in one.members]
    kinds: set[Kind] = {unit.kind for one in group for unit in one.members}
    modules: list[ModuleSpec] = []
    companies: list[Weights | None] = []
    if kinds - {"body"}:
        companies = _merged(group, members)
        [kind] = kinds
        spec = unit_modules(material.spec, kind, hidden, len(group))
        assert spec is not None
        modules.append(_wide(spec, companies))
    if task != MASKED_LM:
        modules.append(task_modules(material.spec, hidden, len(group)))
    model = create_model(
        material.body,
        tokenizer=material.tokenizer,
        languages=[Language("mul", "Zyyy", variant=f"s{slot}") for slot in range(len(group))],
        modules=modules,
        seed=0,
    ).to(units.engine.device)
    if "body" in kinds:
        model.backbone.get_submodule(model.attachment.body).load_state_dict(members[0])
    elif companies:
        _put_companies(model, companies)
    return Scorer(task, units, tasks, model, len(group), len(modules) - 1)


def _merged(group: Sequence[Company], members: Sequence[Weights]) -> list[Weights | None]:
    """Return the adapter of each company; None for the baseline."""
    units = [unit for one in group for unit in one.members]
    weights = dict(zip(units, members, strict=True))
    return [
        merged([weights[unit] for unit in one.members], one.merge or "uniform_average")
        if one.members
        else None
        for one in group
    ]


def _wide(spec: ModuleSpec, companies: Sequence[Weights | None]) -> ModuleSpec:
    """Return modules as wide as the widest company."""
    widest = max(
        one.shape[0]
        for weights in companies
        if weights is not None
        for name, one in weights.items()
        if name.endswith(".down")
    )
    key = "bottleneck" if "bottleneck" in spec.options else "rank"
    options = {**spec.options, key: widest}
    return ModuleSpec(spec.kind, spec.slots, spec.layers, options)


@torch.no_grad()
def _put_companies(model: MultilingualModel, companies: Sequence[Weights | None]) -> None:
    """Copy each company's adapter into its slot; the baseline's is all zeros."""
    slabs = dict(next(iter(model.language_modules.values())).named_parameters())
    for slot, weights in enumerate(companies):
        like = {name: one[slot] for name, one in slabs.items()}
        filled = nothing_like(like) if weights is None else widened(weights, like)
        for name, one in filled.items():
            slabs[name][slot].copy_(one)
