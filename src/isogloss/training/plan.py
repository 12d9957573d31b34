"""The frozen plan of one training: five named parts that treatments may replace."""

from __future__ import annotations

import dataclasses
import hashlib
import inspect
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType
from typing import TYPE_CHECKING, Any, Literal, Protocol

from isogloss.core import InputError, Language

if TYPE_CHECKING:
    from torch import nn

    from isogloss.data import Sampler, Tokenizer
    from isogloss.models import ModuleSpec
    from isogloss.objectives import Objective
    from isogloss.training.contract import Combine, Step


PartName = Literal["sampler", "modules", "objective", "combine", "step"]


@dataclass(frozen=True)
class BuildContext:
    """What a part may need to come to life in a run.

    Attributes:
        languages: of the run, in index order.
        rows: rows of an update, all processes together.
        length: tokens of a row (an upper bound for labelled examples).
        seed: of the run.
        tokenizer: of the study.
        material: what the sampler draws from: encoded corpora or labelled examples by language.
        teacher: the frozen model of an earlier stage, where the objective has one.
    """

    languages: tuple[Language, ...]
    rows: int
    length: int
    seed: int
    tokenizer: Tokenizer
    material: Any
    teacher: nn.Module | None = None


class SamplerSpec(Protocol):
    """Names which rows of which languages make the next batch."""

    def build(self, context: BuildContext) -> Sampler:
        """Return the sampler of a run."""
        ...


class ObjectiveSpec(Protocol):
    """Names the loss."""

    def build(self, context: BuildContext) -> Objective:
        """Return the objective of a run."""
        ...


class CombineSpec(Protocol):
    """Names how the languages' losses become one update direction."""

    @property
    def passes(self) -> float:
        """Forward-backward passes over one batch that a direction costs (unit U)."""
        ...

    def build(self, context: BuildContext) -> Combine:
        """Return the combination rule of a run."""
        ...


class StepSpec(Protocol):
    """Names how the direction moves the weights."""

    @property
    def passes(self) -> float:
        """Passes over one batch that an update costs where a direction costs one (unit U).

        Every step takes one direction from the combination rule; what a direction costs beyond one
        pass is the rule's to say, see `TrainingPlan.passes`.
        """
        ...

    @property
    def samplers(self) -> tuple[SamplerSpec, ...]:
        """What the step draws from besides the batch that it is given; often nothing."""
        ...

    def build(self, context: BuildContext) -> Step:
        """Return the step of a run; `Step.start` binds it to the model."""
        ...

    def warnings(self, plan: TrainingPlan, context: BuildContext) -> tuple[str, ...]:
        """Return what would spoil the training of a plan with this step, before it starts."""
        ...


@dataclass(frozen=True)
class TrainingPlan:
    """One training, as data: what is learned, for how long, and the five parts.

    A treatment is a function from plan to plan. The plan's content hash is the address of the run,
    so two treatments that come to the same plan share one training.

    Attributes:
        languages: learned together, in index order.
        updates: optimizer updates.
        rows: rows of an update, all languages and processes together.
        length: tokens of a row.
        seed: of initialisation, data order and masks.
        precision: "auto" (bf16 where it is faster), "bf16" or "fp32".
        sampler: which rows of which languages make the next batch.
        modules: which parameters are language-specific.
        objective: batch -> loss of each language.
        combine: losses of the languages -> one update direction.
        step: how the direction moves the weights.
        claims: pairs of a part and the treatment that replaced it.
    """

    languages: tuple[Language, ...]
    updates: int
    rows: int
    length: int
    seed: int
    sampler: SamplerSpec
    modules: tuple[ModuleSpec, ...]
    objective: ObjectiveSpec
    combine: CombineSpec
    step: StepSpec
    precision: str = "auto"
    claims: tuple[tuple[str, str], ...] = ()

    @property
    def passes(self) -> float:
        """Forward-backward passes over one batch that an update costs (unit U)."""
        of_objective = getattr(self.objective, "passes", 1.0)
        return (self.step.passes + self.combine.passes - 1.0) * of_objective

    def replace_parts(self, treatment: str, **parts: object) -> TrainingPlan:
        """Return the plan with `parts` replaced on behalf of `treatment`.

        Args:
            treatment: name of the claimant.
            parts: any of sampler, modules, objective, combine, step.

        Raises:
            InputError: another treatment replaced one of the parts already.
        """
        self.refuse_claimed(treatment, tuple(parts))
        claims = (*self.claims, *((part, treatment) for part in parts))
        return dataclasses.replace(self, **parts, claims=claims)  # pyright: ignore[reportArgumentType]

    def refuse_claimed(self, treatment: str, parts: tuple[str, ...]) -> None:
        """Refuse to replace parts that another treatment has replaced.

        Args:
            treatment: name of the claimant.
            parts: that it is about to replace.

        Raises:
            InputError: one of them has a holder; both are named.
        """
        for part in parts:
            holder = dict(self.claims).get(part)
            if holder is not None:
                raise InputError(
                    expected=f"one treatment for the part `{part}`",
                    found=f"`{holder}` and `{treatment}`, which both replace it",
                    where="treatments",
                    next_step="Run them as two separate treatments of the study.",
                )

    def describe(self) -> dict[str, Any]:
        """Return the plan as plain data, without the names of treatments."""
        return {
            item.name: describe(getattr(self, item.name))
            for item in dataclasses.fields(self)
            if item.name != "claims"
        }

    def fingerprint(self) -> str:
        """Return the content hash: equal plans, equal hash, whichever treatment made them."""
        return content_hash(self.describe())


def describe(value: object) -> object:
    """Return dataclasses, mappings, sequences and functions as plain data that JSON can hold.

    A dataclass is named by its class, or by its `plan_name` where it has one: the name by which
    finished runs know a part stays when its class is renamed.
    """
    if isinstance(value, Language):
        return str(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {
            item.name: describe(getattr(value, item.name)) for item in dataclasses.fields(value)
        }
        name = getattr(value, "plan_name", type(value).__name__)
        return {"is": name, **_code_of_others(type(value)), **fields}
    if isinstance(value, FunctionType):
        code = _code_of_others(value)
        return {"is": value.__name__, **code} if code else value.__name__
    if isinstance(value, Mapping):
        return {str(key): describe(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [describe(item) for item in value]
    return value


def _code_of_others(kind: type | FunctionType) -> dict[str, str]:
    """Return the digest of the file that holds a part from outside the package, by "code".

    Our own parts change what they compute with the format number of runs. What others wrote may
    change between two commands: a run of the former text must not be taken for the new one's.

    Raises:
        InputError: it was typed at a prompt and no file holds it.
    """
    if kind.__module__.partition(".")[0] == "isogloss":
        return {}
    try:
        return {"code": hashlib.sha256(Path(inspect.getfile(kind)).read_bytes()).hexdigest()}
    except (TypeError, OSError) as error:
        raise InputError(
            expected="a part of the training that stands in a Python file",
            found=f"`{kind.__name__}`, which no file holds",
            where="treatments",
            next_step="Put it into a file and import it: finished runs are found by its content.",
        ) from error


def content_hash(content: object) -> str:
    """Return the SHA-256 of plain data in canonical JSON."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
