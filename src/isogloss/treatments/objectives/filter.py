"""FILTER: a sentence and its translation are one text in some layers, two in the others."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from isogloss.core import InputError
from isogloss.training import BuildContext, ObjectiveSpec, Reads, TrainingPlan
from isogloss.treatments.objectives.task_kind import kind_of

if TYPE_CHECKING:
    from torch import Tensor, nn

    from isogloss.data import Batch
    from isogloss.objectives import LanguageLosses, Targets


@dataclass(frozen=True)
class Filter:
    """Layers m to m + k_f see a sentence and its source as one row; the others see each alone.

    a = layers[0:m](target), b = layers[0:m](source), z = layers[m:m+k_f](a and b in one row), and
    the rest on the two parts of z. Phase 1 learns L_t + L_s. In phase 2, self-teaching, the model
    of phase 1 says what it thinks of the translated sentences, and a new one, from the pretrained
    weights, learns

        (1 - a) L_t + a T^2 KL(softmax(teacher / T) || softmax(z_t / T)) + L_s.

    Tags of translated sentences that nobody says add nothing to L_t. k_f = 0 is the plain encoder.
    Predictions come from the target's stream. A text of the source language is its own source.

    Needs translations for training, and at inference.

    Differs from the released code: the source's first position is read where the source begins
    (there at position 1 of the row); divergences are means over rows, words, or rows' positions
    (there over all elements, and over one softmax of a whole batch); of words, the first pieces
    count; m + k_f is at most the number of layers. The head is the study's. Pairs of all languages
    are drawn alike at every update, not one language a sentence in every epoch.

    Attributes:
        before: m.
        fused: k_f; None = 1 for classes and tags, 20 of 24 layers for answers.
        phases: 1, or 2 with self-teaching.
        taught: a of phase 2; None = 1 for tags, 0.5 for classes and answers (ours: theirs is not
            published).
        temperature: T of phase 2; None = 0.1 for classes, 1 for tags, 6 for answers.
        loss_of: "both" texts, or the "target" alone.

    Reference:
        Fang, Wang, Gan, Sun, Liu. FILTER: An Enhanced Fusion Method for Cross-lingual Language
        Understanding. AAAI 2021. https://arxiv.org/abs/2009.05166

        @inproceedings{fang-etal-2021-filter,
          title = {{FILTER}: An Enhanced Fusion Method for Cross-lingual Language Understanding},
          author = {Fang, Yuwei and Wang, Shuohang and Gan, Zhe and Sun, Siqi and Liu, Jingjing},
          booktitle = {Proceedings of AAAI},
          year = {2021}
        }
    """

    name: ClassVar[str] = "filter"
    parts: ClassVar[tuple[str, ...]] = ("objective",)
    separate: ClassVar[bool] = False
    builds_on: ClassVar[tuple[str, ...]] = ("translate_train",)
    translations: ClassVar[tuple[str, ...]] = ("training", "inference")
    claim: ClassVar[str] = "Without a fused layer it is the plain encoder, on both texts."

    before: Annotated[int, Field(ge=0)] = 1
    fused: Annotated[int, Field(ge=0)] | None = None
    phases: Literal[1, 2] = 2
    taught: Annotated[float, Field(ge=0, le=1)] | None = None
    temperature: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    loss_of: Literal["both", "target"] = "both"

    def apply(self, plan: TrainingPlan) -> TrainingPlan:
        """Return the plan with fused layers in its objective.

        Raises:
            InputError: the plan is of no task.
        """
        plan.refuse_claimed(self.name, self.parts)
        kind = kind_of(plan.objective, self.name)
        taught, temperature = _PHASE_2[kind]
        objective = FilterObjective(
            plan.objective,
            kind,
            self.before,
            self.fused,
            self.phases,
            taught if self.taught is None else self.taught,
            temperature if self.temperature is None else self.temperature,
            self.loss_of,
        )
        return plan.replace_parts(self.name, objective=objective)

    def candidates(self) -> tuple[Filter, ...]:
        """Return itself."""
        return (self,)


# a and T of phase 2 by kind of task.
_PHASE_2 = {"classification": (0.5, 0.1), "tagging": (1.0, 1.0), "qa": (0.5, 6.0)}


@dataclass(frozen=True)
class FilterObjective:
    """Names FILTER's loss in one of its phases; attributes as in `Filter`."""

    task: ObjectiveSpec
    kind: str
    before: int
    fused: int | None
    phase: int
    taught: float
    temperature: float
    loss_of: Literal["both", "target"]

    @property
    def reads(self) -> Reads:
        """Return what has to lie beside each example."""
        return Reads(languages="all", beside=("source",), at_test="beside")

    @property
    def passes(self) -> float:
        """Two texts; in phase 2 also the teacher's forward, and phase 1 before it."""
        return 2.0 if self.phase == 1 else 2.0 + 2 / 3 + 2.0

    @property
    def earlier(self) -> ObjectiveSpec | None:
        """Return phase 1 for phase 2."""
        if self.phase == 1:
            return None
        first = (self.before, self.fused, 1, self.taught, self.temperature, self.loss_of)
        return FilterObjective(self.task, self.kind, *first)

    def fused_layers(self, n_layers: int) -> range:
        """Return the layers that see both texts, in an encoder of so many.

        Raises:
            InputError: the first of them is outside of the encoder.
        """
        if self.before > n_layers:
            raise InputError(
                expected=f"at most {n_layers} layers, all of the encoder, before the fused ones",
                found=f"{self.before}",
                where="treatments.filter.before",
                next_step="The authors take 1.",
            )
        usual = round(20 / 24 * n_layers) if self.kind == "qa" else 1
        fused = usual if self.fused is None else self.fused
        return range(self.before, min(self.before + fused, n_layers))

    def build(self, context: BuildContext) -> RunningFilter:
        """Return the objective of a run."""
        return RunningFilter(self, context)

    def equip(self, classifier: nn.Module) -> None:
        """Add nothing; refuse layers that the encoder lacks."""
        from isogloss.treatments.objectives.kinds import encoder_of

        self.fused_layers(encoder_of(classifier).n_layers)

    def predictor(self, classifier: nn.Module) -> nn.Module:
        """Return the classifier as it reads an example beside its source."""
        from isogloss.treatments.objectives.kinds import Predictor

        return Predictor(classifier, partial(_predict, self))


class RunningFilter:
    """FILTER's loss of one run; see `Objective` for the contract."""

    def __init__(self, spec: FilterObjective, context: BuildContext) -> None:
        from isogloss.treatments.objectives.kinds import TASK_KINDS

        self._spec, self._kind = spec, TASK_KINDS[spec.kind]
        self._n_languages, self._teacher = len(context.languages), context.teacher

    def prepare(self, batch: Batch, update: int) -> Targets:
        """Make every row a target."""
        from isogloss.treatments.objectives.kinds import every_row

        return every_row(batch, self._n_languages)

    def losses(self, model: nn.Module, targets: Targets) -> LanguageLosses:
        """Sum the loss of the rows of each language."""
        from isogloss.treatments.objectives.kinds import by_language

        spec, kind, target = self._spec, self._kind, targets.batch
        source = target.beside["source"]
        z_t, z_s = _both(spec, model, target, source)
        loss = kind.losses(z_t, target)
        if spec.phase == 2:
            distance = self._from_teacher(z_t, target, source)
            loss = (1 - spec.taught) * loss + spec.taught * spec.temperature**2 * distance
        if spec.loss_of == "both":
            loss = loss + kind.losses(z_s, source)
        return by_language(loss, targets)

    def _from_teacher(self, z_t: Tensor, target: Batch, source: Batch) -> Tensor:
        """Return KL(teacher || model) of each row at temperature T, shape [rows]."""
        import torch

        from isogloss.treatments.objectives.kinds import kl, mean_over_rows

        assert self._teacher is not None, "phase 2 follows phase 1"
        with torch.no_grad():
            said, _ = _both(self._spec, self._teacher, target, source)
        t, kind = self._spec.temperature, self._kind
        values = kl(kind.log_chances(said, target, t), kind.log_chances(z_t, target, t))
        return mean_over_rows(values, kind.rows_of(target), len(target.input_ids))


def _both(
    spec: FilterObjective, classifier: nn.Module, target: Batch, source: Batch
) -> tuple[Tensor, Tensor]:
    """Return the logits of rows and of their sources through the fused layers."""
    from isogloss.models import Stream
    from isogloss.treatments.objectives.kinds import TASK_KINDS, encoder_of

    encoder, kind = encoder_of(classifier), TASK_KINDS[spec.kind]
    layers = spec.fused_layers(encoder.n_layers)
    t, s = (
        Stream.opened(encoder, one.input_ids, one.attention_mask, one.routing).through(
            0, layers.start
        )
        for one in (target, source)
    )
    if layers:
        t, s = t.joined(s).through(layers.start, layers.stop).parted(t, s)
    t, s = (one.through(layers.stop, encoder.n_layers).closed() for one in (t, s))
    return kind.logits(classifier, t), kind.logits(classifier, s)


def _predict(spec: FilterObjective, classifier: nn.Module, target: Batch, source: Batch) -> Tensor:
    return _both(spec, classifier, target, source)[0]
