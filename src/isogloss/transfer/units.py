"""Language units: what masked LM on one language leaves, trained once for all cells and tasks."""

import dataclasses
import json
import shutil
import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from isogloss.core import InputError, Language, read_json, replacing, write_atomically
from isogloss.data import Batch, Sampler
from isogloss.models import ModuleSpec, MultilingualModel, create_model, model_size
from isogloss.training import (
    AdamWSettings,
    BuildContext,
    Engine,
    LoopSettings,
    MaskedLMObjective,
    OptimizerStep,
    TextSampling,
    Training,
    TrainingPlan,
    WeightedSum,
    content_hash,
    read_metrics,
)
from isogloss.transfer.material import Material
from isogloss.transfer.spec import MatrixSpec

Kind = Literal["adapter", "lora", "body"]
Weights = dict[str, Tensor]
"""Of a unit: tensors by name, without an axis of slots."""

FORMAT: Final = 1
_WEIGHTS: Final = "unit.safetensors"
_RESULT: Final = "unit.json"
_NO_CLIPPING: Final = 1e12
_BETA2: Final = 0.999  # what the authors' library has


@dataclass(frozen=True)
class Unit:
    """One training on text, from the body as it is.

    Attributes:
        kind: what is trained: a bottleneck adapter, LoRA, or the whole body.
        languages: of the text; several = mixed alike.
        updates: of the training.
        run: number of the training; its seed follows from it.
        text: `shuffled` = the tokens of each sequence in random order, a control.
        rate: factor on the learning rate; 0 = a control that must change nothing.
    """

    kind: Kind
    languages: tuple[Language, ...]
    updates: int
    run: int
    text: Literal["plain", "shuffled"] = "plain"
    rate: float = 1.0

    @property
    def name(self) -> str:
        """What people read in a folder."""
        control = "" if self.text == "plain" else "-shuffled"
        control += "" if self.rate else "-zero"
        codes = "+".join(one.code for one in self.languages)
        return f"{self.kind}-{codes}{control}-k{self.updates}-r{self.run}"


@dataclass(frozen=True)
class ShuffledText:
    """Running text with the tokens of each sequence in random order: words stay, order goes.

    Attributes:
        exponent: as of `TextSampling`.
    """

    exponent: float

    def build(self, context: BuildContext) -> "ShuffledSampler":
        """Return the sampler of a run."""
        return ShuffledSampler(TextSampling(self.exponent).build(context), context.seed)


@dataclass(frozen=True)
class ShuffledSampler:
    """A sampler whose sequences are shuffled, all but their first position.

    Attributes:
        plain: gives the sequences.
        seed: of the orders, which follow from it and from the number of the update.
    """

    plain: Sampler
    seed: int

    @property
    def languages(self) -> tuple[Language, ...]:
        """Languages in the order of `Batch.language`."""
        return self.plain.languages

    def batch(self, update: int) -> Batch:
        """Return the batch of one update."""
        batch = self.plain.batch(update)
        rows, length = batch.input_ids.shape
        draws = np.random.default_rng([self.seed, update]).random((rows, length - 1))
        order = torch.from_numpy(np.argsort(draws, axis=1)) + 1
        ids = torch.cat([batch.input_ids[:, :1], batch.input_ids.gather(1, order)], dim=1)
        return dataclasses.replace(batch, input_ids=ids)

    def rows_per_language(self, n_updates: int) -> NDArray[np.int64]:
        """Return how many rows of each language the first updates hold, [languages]."""
        return self.plain.rows_per_language(n_updates)

    def epochs_per_language(self, n_updates: int) -> NDArray[np.float64]:
        """Return how often the first updates read each language's data, [languages]."""
        return self.plain.epochs_per_language(n_updates)


def unit_modules(spec: MatrixSpec, kind: Kind, hidden: int, n_slots: int) -> ModuleSpec | None:
    """Return the modules of a unit in a model of `n_slots` units; None for a whole body."""
    if kind == "body":
        return None
    options: dict[str, float | str] = {"bottleneck": spec.unit.bottleneck or hidden // 16 or 1}
    if kind == "lora":
        options = {"rank": spec.unit.bottleneck or 8}
    else:
        options |= {"places": "feed_forward", "initialise": "zero_up"}
    return ModuleSpec(kind, tuple(range(n_slots)), None, options)


def plan_of(unit: Unit, spec: MatrixSpec, hidden: int) -> TrainingPlan:
    """Return the training of a unit: masked LM, AdamW, a rate that falls linearly to 0.

    No warm-up, no weight decay, no clipping, as in the authors' code. The seed follows from the
    run alone, so that units of one run differ in nothing but their text.
    """
    modules = unit_modules(spec, unit.kind, hidden, len(unit.languages))
    settings = spec.unit
    rate = settings.learning_rate * unit.rate
    return TrainingPlan(
        languages=unit.languages,
        updates=unit.updates,
        rows=settings.rows,
        length=settings.length,
        seed=spec.seed * 1000 + unit.run,
        sampler=TextSampling(0.0) if unit.text == "plain" else ShuffledText(0.0),
        modules=() if modules is None else (_shared(modules, unit),),
        objective=MaskedLMObjective(settings.mask_rate),
        combine=WeightedSum(),
        step=OptimizerStep(
            AdamWSettings(learning_rate=rate, beta2=_BETA2, weight_decay=0.0),
            "linear",
            0.0,
            _NO_CLIPPING,
        ),
    )


def _shared(modules: ModuleSpec, unit: Unit) -> ModuleSpec:
    """Return one module for all languages of a unit."""
    return dataclasses.replace(modules, slots=(0,) * len(unit.languages))


def describe_unit(unit: Unit, material: Material) -> dict[str, Any]:
    """Return everything that a unit depends on, as plain data."""
    prints = material.facts["wanted"]["fingerprints"]
    return {
        "format": FORMAT,
        "kind": unit.kind,
        "plan": plan_of(unit, material.spec, hidden_size(material)).describe(),
        "body": material.facts["body"],
        "text": [prints[f"text/{one}/train"] for one in unit.languages],
    }


def unit_address(unit: Unit, material: Material) -> str:
    """Return where a unit lies: equal trainings, equal address."""
    return content_hash(describe_unit(unit, material))[:16]


def hidden_size(material: Material) -> int:
    """Return the width of the body, from its config."""
    if "hidden" not in material.facts:
        material.facts["hidden"] = model_size(material.body).hidden
    return int(material.facts["hidden"])


@dataclass(frozen=True)
class UnitStore:
    """The units of a matrix on disk; a unit that is there is never trained again.

    Attributes:
        material: shared by all.
        engine: that trains.
    """

    material: Material
    engine: Engine

    @cached_property
    def home(self) -> Path:
        """The folder of all units."""
        return self.material.folder / "units"

    def folder(self, unit: Unit) -> Path:
        """Return the folder of a unit."""
        return self.home / f"{unit.name}-{unit_address(unit, self.material)}"

    def has(self, unit: Unit) -> bool:
        """Return whether the weights of a unit are there."""
        folder = self.folder(unit)
        return (folder / _RESULT).is_file() and (folder / _WEIGHTS).is_file()

    def result(self, unit: Unit) -> dict[str, Any] | None:
        """Return what a unit cost; None where it was not trained."""
        path = self.folder(unit) / _RESULT
        return read_json(path, what="a unit", next_step="Remove it.") if path.is_file() else None

    def weights(self, unit: Unit) -> Weights:
        """Return the weights of a unit, trained where they are not there.

        Raises:
            InputError: the file is damaged.
        """
        if not self.has(unit):
            self.train(unit)
        path = self.folder(unit) / _WEIGHTS
        try:
            return load_file(path)
        except (SafetensorError, OSError) as error:
            raise InputError(
                expected="the weights of a unit as they were written",
                found=f"a damaged file ({error})",
                where=str(path),
                next_step="Remove its folder and give the command again: only it is repeated.",
            ) from error

    def drop(self, unit: Unit) -> None:
        """Remove the weights of a unit whose cells are all there: a body fills the disk."""
        (self.folder(unit) / _WEIGHTS).unlink(missing_ok=True)

    def train(self, unit: Unit) -> None:
        """Train a unit, going on from its last checkpoint, and write it whole."""
        began, core = time.perf_counter(), time.process_time()
        material, folder = self.material, self.folder(unit)
        plan = plan_of(unit, material.spec, hidden_size(material))
        model = create_model(
            material.body,
            tokenizer=material.tokenizer,
            languages=plan.languages,
            modules=plan.modules,
            seed=plan.seed,
        )
        if unit.kind != "body":
            train_only(model, {id(one) for one in model.language_modules.parameters()})
        context = BuildContext(
            plan.languages,
            plan.rows,
            plan.length,
            plan.seed,
            material.tokenizer,
            {one: material.corpus(one) for one in plan.languages},
        )
        slots = model.language_specific_names()
        training = Training(plan, model.to(self.engine.device), context, self.engine, slots=slots)
        done = training.run(folder, LoopSettings(log_every=max(1, min(50, plan.updates // 10))))
        with replacing(folder / _WEIGHTS) as partial:
            save_file(_taken(model, unit), partial)
        losses = [row["loss"] for row in read_metrics(folder) if row["kind"] == "train"]
        result = {
            "unit": unit.name,
            "describe": describe_unit(unit, material),
            "updates": done.updates,
            "tokens": done.updates * plan.rows * plan.length,
            "seconds": round(time.perf_counter() - began, 3),
            "core_seconds": round(time.process_time() - core, 3),
            "masked_lm_nats": [losses[0], losses[-1]],
        }
        write_atomically(folder / _RESULT, json.dumps(result, indent=1, ensure_ascii=False))
        shutil.rmtree(folder / "checkpoint", ignore_errors=True)


def train_only(model: torch.nn.Module, kept: set[int]) -> None:
    """Freeze every parameter but those with these ids."""
    for parameter in model.parameters():
        parameter.requires_grad_(id(parameter) in kept)


def _taken(model: MultilingualModel, unit: Unit) -> Weights:
    """Return what a training has left of a unit, on the CPU."""
    if unit.kind == "body":
        found = model.backbone.get_submodule(model.attachment.body).state_dict()
        return {name: one.detach().cpu().contiguous() for name, one in found.items()}
    [modules] = model.language_modules.values()
    return {name: one.detach()[0].cpu().contiguous() for name, one in modules.named_parameters()}
