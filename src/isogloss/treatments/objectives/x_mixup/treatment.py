"""X-Mixup: what it is called, its options, and the loss it puts into a plan."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from isogloss.core import InputError
from isogloss.training import BuildContext, ObjectiveSpec, Reads, TrainingPlan
from isogloss.treatments.objectives.task_kind import kind_of

if TYPE_CHECKING:
    from torch import nn

    from isogloss.treatments.objectives.x_mixup.objective import RunningXMixup

Sampling = Literal["per_step", "per_example", "per_epoch", "gold", "back"]
Share = Annotated[float, Field(ge=0, le=1)]
Weight = Annotated[float, Field(ge=0, allow_inf_nan=False)]


@dataclass(frozen=True)
class XMixup:
    """A target's states are mixed, in one layer, with its source's as the layer attends to them.

    In layer k, after the self-attention: u_t <- LN(lam ATT(u_t, u_s) + (1 - lam) u_t), with the
    layer's own attention, and lam = lam_0 sigmoid(W H + b), H the entropy of that attention in both
    directions. The source stays as it is. Then both are classified, and drawn together by an MSE of
    their vectors and a KL divergence of their classes. In training the source is the gold text or,
    more and more often, its translation back from the target; at test time it is a translation.

    Needs translations for training, and at inference. A text of the source language is its own
    source.

    Differs from the released code, whose way each option has beside the default: W and b are
    learned (there frozen and not saved); padding leaks into no entropy; a coin is thrown at every
    update (there once an epoch); vectors are means over the text (there a sum without the last
    token over the padded length); losses are means, and gradients are clipped by norm. The head is
    the study's. lam = 0 is not the plain encoder in BERT and XLM-R, because LN is applied twice;
    `mixes: false` is. In pre-norm bodies (ModernBERT) branches are mixed, and it is.

    Attributes:
        layer: k, from 0; None = 0 for classes, an eighth of the layers for tags, five eighths for
            answers.
        alpha: weight of the source's loss; None = 0.4 for classes, 0.8 for tags, 0.2 for answers.
        lam0: the most that lam can be.
        ratio: "clean", "released", or "fixed": lam is lam0.
        entropy_norm: "log_length" divides H by its largest value; ours.
        ratio_rate_factor: learning rate of W and b, in learning rates of the model.
        sampling: source text: "per_step", "per_example", "per_epoch" (one coin each), or always
            "gold" or "back".
        p_k: k of the inverse-sigmoid decay, in updates; None = 1000, for answers 2000.
        mse_weight: of the distance of the two vectors.
        kl_weight: of KL(source || target) of the classes; tags and answers have none.
        detach: "source" = consistency draws the target alone.
        mixes: false = two plain encoders with the same losses.
        at_test: "translation" beside each example, the example "itself", or "none": the plain
            encoder on the target.
        eval_logits: of classes, the "mean" of both streams or the "target"'s.
        labels: of translated sentences' tags: a "teacher" fine-tuned on the source language first,
            or those that are "given" with the translations.
        teacher_temperature: of the teacher's softmax.

    Reference:
        Yang, Chen, Zhou, Li. Enhancing Cross-lingual Transfer by Manifold Mixup.
        ICLR 2022. https://arxiv.org/abs/2205.04182

        @inproceedings{yang-etal-2022-enhancing,
          title = {Enhancing Cross-lingual Transfer by Manifold Mixup},
          author = {Yang, Huiyun and Chen, Huadong and Zhou, Hao and Li, Lei},
          booktitle = {Proceedings of ICLR},
          year = {2022}
        }
    """

    name: ClassVar[str] = "x_mixup"
    parts: ClassVar[tuple[str, ...]] = ("objective",)
    separate: ClassVar[bool] = False
    builds_on: ClassVar[tuple[str, ...]] = ("translate_train",)
    translations: ClassVar[tuple[str, ...]] = ("training", "inference")
    claim: ClassVar[str] = "The representations of target and source come nearer to each other."

    layer: Annotated[int, Field(ge=0)] | None = None
    alpha: Share | None = None
    lam0: Annotated[float, Field(gt=0, le=1)] = 0.5
    ratio: Literal["clean", "released", "fixed"] = "clean"
    entropy_norm: Literal["none", "log_length"] = "none"
    ratio_rate_factor: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 1.0
    sampling: Sampling = "per_step"
    p_k: Annotated[float, Field(gt=1, allow_inf_nan=False)] | None = None
    mse_weight: Weight = 1.0
    kl_weight: Weight = 1.0
    detach: Literal["none", "source"] = "none"
    mixes: bool = True
    at_test: Literal["translation", "itself", "none"] = "translation"
    eval_logits: Literal["mean", "target"] = "mean"
    labels: Literal["teacher", "given"] = "teacher"
    teacher_temperature: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 1.0

    def apply(self, plan: TrainingPlan) -> TrainingPlan:
        """Return the plan with two streams in its objective.

        Raises:
            InputError: the plan is of no task.
        """
        plan.refuse_claimed(self.name, self.parts)
        kind = kind_of(plan.objective, self.name)
        alpha, p_k = _DEFAULTS[kind]
        objective = XMixupObjective(
            task=plan.objective,
            kind=kind,
            layer=self.layer,
            alpha=alpha if self.alpha is None else self.alpha,
            lam0=self.lam0,
            ratio=self.ratio,
            entropy_norm=self.entropy_norm,
            ratio_rate_factor=self.ratio_rate_factor,
            sampling=self.sampling,
            p_k=p_k if self.p_k is None else self.p_k,
            mse_weight=self.mse_weight,
            kl_weight=self.kl_weight,
            detach=self.detach,
            mixes=self.mixes,
            at_test=self.at_test,
            eval_logits=self.eval_logits,
            is_taught=kind == "tagging" and self.labels == "teacher",
            teacher_temperature=self.teacher_temperature,
        )
        return plan.replace_parts(self.name, objective=objective)

    def candidates(self) -> tuple[XMixup, ...]:
        """Return itself."""
        return (self,)


# alpha and k of scheduled sampling by kind of task, as in the authors' scripts.
_DEFAULTS = {"classification": (0.4, 1000.0), "tagging": (0.8, 1000.0), "qa": (0.2, 2000.0)}
# Layers 0, 3 and 15 of the authors' 24.
_DEPTH = {"classification": 0.0, "tagging": 3 / 24, "qa": 15 / 24}


@dataclass(frozen=True)
class XMixupObjective:
    """Names X-Mixup's loss; options of `XMixup`, and the loss of the task that it goes with."""

    task: ObjectiveSpec
    kind: str
    layer: int | None
    alpha: float
    lam0: float
    ratio: Literal["clean", "released", "fixed"]
    entropy_norm: Literal["none", "log_length"]
    ratio_rate_factor: float
    sampling: Sampling
    p_k: float
    mse_weight: float
    kl_weight: float
    detach: Literal["none", "source"]
    mixes: bool
    at_test: Literal["translation", "itself", "none"]
    eval_logits: Literal["mean", "target"]
    is_taught: bool
    teacher_temperature: float

    @property
    def reads(self) -> Reads:
        """Return what has to lie beside each example."""
        beside = ("source",) if self.sampling == "gold" else ("source", "back")
        at_test = {"translation": "beside", "itself": "itself", "none": ""}[self.at_test]
        return Reads(languages="all", beside=beside, at_test=at_test)

    @property
    def passes(self) -> float:
        """Two streams, a third for a teacher's forward, and the teacher's own training."""
        return 2.0 + (1 / 3 + 1.0) * self.is_taught

    @property
    def earlier(self) -> ObjectiveSpec | None:
        """Return the loss of the teacher, on the source language alone."""
        return self.task if self.is_taught else None

    def layer_of(self, n_layers: int) -> int:
        """Return the layer that mixes in an encoder of so many.

        Raises:
            InputError: the encoder has no such layer.
        """
        layer = round(_DEPTH[self.kind] * n_layers) if self.layer is None else self.layer
        if layer >= n_layers:
            raise InputError(
                expected=f"a mixing layer from 0 to {n_layers - 1}: the encoder has {n_layers}",
                found=f"{layer}",
                where="treatments.x_mixup.layer",
                next_step="The paper finds the best one by dev score: low for classes, high for "
                "answers.",
            )
        return layer

    def build(self, context: BuildContext) -> RunningXMixup:
        """Return the objective of a run."""
        from isogloss.treatments.objectives.x_mixup.objective import RunningXMixup

        return RunningXMixup(self, context)

    def equip(self, classifier: nn.Module) -> None:
        """Give the classifier W and b."""
        from isogloss.treatments.objectives.x_mixup.objective import equip

        equip(self, classifier)

    def predictor(self, classifier: nn.Module) -> nn.Module:
        """Return the classifier as it reads an example beside its source."""
        from isogloss.treatments.objectives.kinds import Predictor
        from isogloss.treatments.objectives.x_mixup.objective import predict

        return (
            classifier if self.at_test == "none" else Predictor(classifier, partial(predict, self))
        )
