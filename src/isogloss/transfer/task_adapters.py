"""Task adapters: an adapter and a head on a frozen body, trained once per task for all cells."""

import json
import math
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from isogloss.core import InputError, Language, read_json, replacing, write_atomically
from isogloss.data import EncodedExample, task_card
from isogloss.models import ModuleSpec, create_model
from isogloss.tasks import task_form
from isogloss.training import (
    AdamWSettings,
    BuildContext,
    Engine,
    LoopSettings,
    MixedTaskSampling,
    OptimizerStep,
    Training,
    TrainingPlan,
    WeightedSum,
    content_hash,
)
from isogloss.transfer.material import Material, drawn
from isogloss.transfer.spec import MatrixSpec
from isogloss.transfer.units import FORMAT, hidden_size, train_only

_WEIGHTS = "task.safetensors"
_RESULT = "task.json"
_PLACE = "feed_forward"


@dataclass(frozen=True)
class TaskAdapter:
    """Which task adapter.

    Attributes:
        task: name.
        sources: languages whose training examples are mixed, in proportion to their number.
    """

    task: str
    sources: tuple[Language, ...]


def task_modules(spec: MatrixSpec, hidden: int, n_slots: int) -> ModuleSpec:
    """Return the task adapter as the module that all slots of a model share."""
    width = spec.task.bottleneck or hidden // 16 or 1
    return ModuleSpec.for_all(
        "adapter", n_slots, bottleneck=width, places=_PLACE, initialise="zero_up"
    )


@dataclass(frozen=True)
class TaskStore:
    """The task adapters of a matrix on disk.

    Attributes:
        material: shared by all.
        engine: that trains.
    """

    material: Material
    engine: Engine

    def adapter_for(self, task: str, target: Language) -> TaskAdapter:
        """Return the task adapter that a target is tested with."""
        return TaskAdapter(task, self.material.sources(task, target))

    def describe(self, adapter: TaskAdapter) -> dict[str, Any]:
        """Return everything that a task adapter depends on, as plain data."""
        material = self.material
        prints = material.facts["wanted"]["fingerprints"]
        return {
            "format": FORMAT,
            "task": adapter.task,
            "body": material.facts["body"],
            "labels": material.labels(adapter.task),
            "settings": material.spec.task.model_dump(exclude={"source"}),
            "seed": material.spec.seed,
            "data": [prints[f"{adapter.task}/{one}/train"] for one in adapter.sources],
            "languages": [str(one) for one in adapter.sources],
        }

    def address(self, adapter: TaskAdapter) -> str:
        """Return where it lies: equal trainings, equal address."""
        return content_hash(self.describe(adapter))[:16]

    def folder(self, adapter: TaskAdapter) -> Path:
        """Return its folder."""
        name = f"{adapter.task}-{len(adapter.sources)}-{self.address(adapter)}"
        return self.material.folder / "tasks" / name

    def result(self, adapter: TaskAdapter) -> dict[str, Any] | None:
        """Return what it cost; None where it was not trained."""
        path = self.folder(adapter) / _RESULT
        step = "Remove its folder."
        return read_json(path, what="a task adapter", next_step=step) if path.is_file() else None

    def weights(self, adapter: TaskAdapter) -> dict[str, Tensor]:
        """Return adapter and head, trained where they are not there.

        Raises:
            InputError: the file is damaged.
        """
        path = self.folder(adapter) / _WEIGHTS
        if self.result(adapter) is None or not path.is_file():
            self.train(adapter)
        try:
            return load_file(path)
        except (SafetensorError, OSError) as error:
            raise InputError(
                expected="a task adapter as it was written",
                found=f"a damaged file ({error})",
                where=str(path),
                next_step="Remove its folder and give the command again: only it is repeated.",
            ) from error

    def plan(self, adapter: TaskAdapter, n_rows: int) -> TrainingPlan:
        """Return the training of a task adapter on `n_rows` encoded examples."""
        settings = self.material.spec.task
        rate = AdamWSettings(learning_rate=settings.learning_rate, beta2=0.999, weight_decay=0.0)
        return TrainingPlan(
            languages=adapter.sources,
            updates=max(1, math.ceil(settings.epochs * n_rows / settings.rows)),
            rows=settings.rows,
            length=settings.length,
            seed=self.material.spec.seed,
            sampler=MixedTaskSampling(1.0),
            modules=(
                task_modules(self.material.spec, hidden_size(self.material), len(adapter.sources)),
            ),
            objective=task_form(adapter.task).objective(),
            combine=WeightedSum(),
            step=OptimizerStep(rate, "linear", 0.0, 1.0),
        )

    def examples(self, adapter: TaskAdapter) -> dict[Language, tuple[EncodedExample, ...]]:
        """Return the encoded training examples of each language, a fixed sample of them."""
        material, settings = self.material, self.material.spec.task
        card, form = task_card(adapter.task), task_form(adapter.task)
        found: dict[Language, tuple[EncodedExample, ...]] = {}
        for language in adapter.sources:
            read = form.read(material.source, card.kind_of("train"), language, "train")
            places = drawn(len(read), settings.max_examples, [material.spec.seed, "train"])
            found[language] = form.encode(
                [read[index] for index in places],
                material.labels(adapter.task),
                material.tokenizer,
                settings.length,
            ).examples
        return found

    def train(self, adapter: TaskAdapter) -> None:
        """Train adapter and head, the body frozen, and write them whole."""
        began, core = time.perf_counter(), time.process_time()
        material, folder = self.material, self.folder(adapter)
        examples = self.examples(adapter)
        plan = self.plan(adapter, sum(map(len, examples.values())))
        model = create_model(
            material.body,
            tokenizer=material.tokenizer,
            languages=plan.languages,
            modules=plan.modules,
            seed=plan.seed,
        )
        form = task_form(adapter.task)
        classifier = form.head(model, material.labels(adapter.task), plan.seed)
        trained = {name: one for name, one in classifier.named_parameters() if _is_own(name)}
        train_only(classifier, {id(one) for one in trained.values()})
        context = BuildContext(
            plan.languages, plan.rows, plan.length, plan.seed, material.tokenizer, examples
        )
        training = Training(plan, classifier.to(self.engine.device), context, self.engine)
        done = training.run(folder, LoopSettings(log_every=max(1, min(50, plan.updates // 10))))
        with replacing(folder / _WEIGHTS) as partial:
            save_file(
                {name: one.detach().cpu().contiguous() for name, one in trained.items()}, partial
            )
        result = {
            "describe": self.describe(adapter),
            "updates": done.updates,
            "examples": {str(one): len(rows) for one, rows in examples.items()},
            "seconds": round(time.perf_counter() - began, 3),
            "core_seconds": round(time.process_time() - core, 3),
        }
        write_atomically(folder / _RESULT, json.dumps(result, indent=1, ensure_ascii=False))
        shutil.rmtree(folder / "checkpoint", ignore_errors=True)


@torch.no_grad()
def put_task(classifier: nn.Module, weights: dict[str, Tensor], position: int) -> None:
    """Copy a task adapter and its head into a classifier.

    Args:
        classifier: with the task adapter as module number `position`.
        weights: as `TaskStore.weights` returns them, from a model where it is number 0.
        position: of the task adapter among the modules of the classifier's model.
    """
    own = dict(classifier.named_parameters())
    for name, value in weights.items():
        place = name.replace("language_modules.adapter_0.", f"language_modules.adapter_{position}.")
        own[place].copy_(value)


def _is_own(name: str) -> bool:
    """Return whether a parameter of a classifier is the task's and not the body's."""
    return not name.startswith("model.backbone.")
