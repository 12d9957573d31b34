"""Language-specific modules that learn to help all languages through the shared weights."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from isogloss.core import InputError, Language
from isogloss.models import ModuleSpec
from isogloss.training import (
    AdamWSettings,
    BuildContext,
    OptimizerStep,
    SamplerSpec,
    SingleLanguageSampling,
    TextSampling,
    TrainingPlan,
)
from isogloss.treatments.modules.placement import Groups, Layers, slots_of
from isogloss.treatments.steps.meta_adapters.held_out import PartSampling, memorised

if TYPE_CHECKING:
    from isogloss.treatments.steps.meta_adapters.step import RunningMetaStep


@dataclass(frozen=True)
class MetaAdapters:
    """Language-specific modules as meta-parameters of the shared weights (Algorithm 1).

    The modules of a language move so that one look-ahead of the shared weights theta lowers the
    validation loss of all languages; theta then moves as usual under the new modules:

        theta'(phi_i) = theta - beta * grad_theta L_train^i(theta, phi_i)
        phi_i        <- phi_i - alpha * grad (1/L) sum_j L_val^j(theta'(phi_i), phi_j)
        theta        <- theta - lr * grad_theta L_train^i(theta, phi_i)

    `form: language` is the paper's: one language an update, L validation batches, L + 4 passes.
    `form: mixed` is ours: one look-ahead on a mixed batch and one mixed validation batch move the
    modules of all languages at once, 5 passes for any number of languages. Both are the exact
    gradient of their J; they agree where a batch holds one language, and for L = 1.

    Differs from the paper: validation text is a slice held out from the training text, where the
    authors' code takes the split that also selects the model; beta is 0.1, where theirs is the
    current learning rate (`inner_rate: current`), with which the cross-lingual part is 2.5e-4 of
    the update. The metrics `meta_ratio` and `meta_cosine` of a run say how large it is.

    Attributes:
        modules: what is language-specific: adapter, feed_forward, attention or layer_norm.
        bottleneck: width of the adapters.
        initialise: of the adapters: "linear" (the authors' code) or "zero_up" (the identity).
        form: "language" (Algorithm 1) or "mixed".
        hypergradient: "exact", "finite_difference" (the paper's equation 8) or "first_order" (no
            cross-lingual part).
        inner_rate: beta, or "current" = the learning rate of the moment.
        inner_preconditioner: "none", or "adam": the look-ahead is as long as a real update.
        module_learning_rate: alpha; None = that of the shared weights.
        validation: "held_out" or "train".
        held_out: share of each language's text that is held out for validation. A slice that is
            read dozens of times is memorised; `plan` and `run` warn of it.
        only_other_languages: leave the own language out of the sum (needs `form: language`).
        order: "modules_first" (the paper) or "shared_first" (the authors' code).
        shared_step_moves: "shared" (the paper) or "all" (the authors' code).
        reuse_batch: the look-ahead and theta's step share one batch.
        layers: numbers from 0 or a range such as "0-1"; None = all.
        groups: languages that share a module, such as [[en, fr], [ru]]; None = one for each.

    Reference:
        Wang, Lipton, Tsvetkov. On Negative Interference in Multilingual Models: Findings and A
        Meta-Learning Treatment. EMNLP 2020, Algorithm 1. https://arxiv.org/abs/2010.03017

        @inproceedings{wang-etal-2020-negative,
          title = {On Negative Interference in Multilingual Models: Findings and A Meta-Learning
                   Treatment},
          author = {Wang, Zirui and Lipton, Zachary C. and Tsvetkov, Yulia},
          booktitle = {Proceedings of EMNLP},
          year = {2020}
        }
    """

    name: ClassVar[str] = "meta_adapters"
    parts: ClassVar[tuple[str, ...]] = ("sampler", "modules", "step")
    separate: ClassVar[bool] = False
    builds_on: ClassVar[tuple[str, ...]] = ("language_adapters",)
    claim: ClassVar[str] = (
        "Above plain adapters within a language and zero-shot: the modules' update lowers the "
        "validation loss of all languages after a step of the shared weights."
    )

    modules: Literal["adapter", "feed_forward", "attention", "layer_norm"] = "adapter"
    bottleneck: Annotated[int, Field(ge=1)] = 48
    initialise: Literal["linear", "zero_up"] = "linear"
    form: Literal["language", "mixed"] = "mixed"
    hypergradient: Literal["exact", "finite_difference", "first_order"] = "exact"
    inner_rate: Annotated[float, Field(gt=0)] | Literal["current"] = 0.1
    inner_preconditioner: Literal["none", "adam"] = "none"
    module_learning_rate: Annotated[float, Field(gt=0)] | None = None
    validation: Literal["held_out", "train"] = "held_out"
    held_out: Annotated[float, Field(gt=0, lt=1)] = 0.02
    only_other_languages: bool = False
    order: Literal["modules_first", "shared_first"] = "modules_first"
    shared_step_moves: Literal["shared", "all"] = "shared"
    reuse_batch: bool = False
    layers: Layers = None
    groups: Groups = None

    def __post_init__(self) -> None:
        if self.only_other_languages and self.hypergradient == "first_order":
            raise InputError(
                expected="a gradient that is not zero everywhere",
                found="only_other_languages with hypergradient first_order: what other languages "
                "say is in the second-order part alone",
                where="treatments.meta_adapters",
                next_step="Use exact or finite_difference, or leave only_other_languages out.",
            )
        if self.only_other_languages and self.form == "mixed":
            raise InputError(
                expected="form: language, where the other languages have batches of their own",
                found="only_other_languages with form: mixed",
                where="treatments.meta_adapters",
                next_step="Add form: language, or leave only_other_languages out.",
            )

    def apply(self, plan: TrainingPlan) -> TrainingPlan:
        """Return the plan with modules, a divided corpus and the meta step.

        Raises:
            InputError: one language only, or a part that another treatment replaced.
        """
        if len(plan.languages) < 2:
            raise InputError(
                expected="two languages or more: the modules learn from the other languages",
                found=", ".join(map(str, plan.languages)),
                where="treatments.meta_adapters",
                next_step="Add a language to the mixture.",
            )
        plan.refuse_claimed(self.name, self.parts)
        if not isinstance(plan.sampler, TextSampling):
            raise InputError(
                expected="a plan of running text, of which a part is held out",
                found=f"`{type(plan.sampler).__name__}`",
                where="treatments.meta_adapters",
                next_step="Use it in a study with `treat: pretraining`.",
            )
        assert isinstance(plan.step, OptimizerStep)
        text = plan.sampler
        return plan.replace_parts(
            self.name,
            sampler=self._training(text),
            modules=(*plan.modules, self._modules(plan.languages)),
            step=self._step(plan, plan.step, text),
        )

    def _modules(self, languages: tuple[Language, ...]) -> ModuleSpec:
        """Return one module per language or group."""
        slots = slots_of(self.groups, languages, treatment=self.name)
        options = {"bottleneck": self.bottleneck, "initialise": self.initialise}
        return ModuleSpec(
            self.modules, slots, self.layers, options if self.modules == "adapter" else {}
        )

    def _step(self, plan: TrainingPlan, plain: OptimizerStep, text: TextSampling) -> MetaStep:
        """Return the meta step with the optimizer of the plain one."""
        rate = self.module_learning_rate or plain.optimizer.learning_rate
        return MetaStep(
            inner=None if self.reuse_batch else self._training(text, draw=1),
            validation=self._validation(len(plan.languages)),
            shared=plain.optimizer,
            specific=dataclasses.replace(plain.optimizer, learning_rate=rate),
            schedule=plain.schedule,
            warm_up=plain.warm_up,
            clip=plain.clip,
            hypergradient=self.hypergradient,
            inner_rate=None if self.inner_rate == "current" else self.inner_rate,
            inner_preconditioner=self.inner_preconditioner,
            only_other_languages=self.only_other_languages,
            order=self.order,
            shared_step_moves=self.shared_step_moves,
        )

    def _training(self, text: TextSampling, *, draw: int = 0) -> SamplerSpec:
        """Return batches of the training part: mixed, or of one language each."""
        mixed = self._part(text, "train", draw=draw)
        return mixed if self.form == "mixed" else SingleLanguageSampling(mixed)

    def _validation(self, n_languages: int) -> tuple[PartSampling, ...]:
        """Return a batch of each language, or one batch of all in equal parts."""
        equal = TextSampling(0.0)
        part = self.validation
        if self.form == "mixed":
            return (self._part(equal, part, draw=2),)
        return tuple(self._part(equal, part, draw=2, only=one) for one in range(n_languages))

    def _part(
        self,
        text: TextSampling,
        part: Literal["train", "held_out"],
        *,
        draw: int = 0,
        only: int | None = None,
    ) -> PartSampling:
        """Return a sampler over one part of the text; nothing is held out to validate on train."""
        held_out = self.held_out if self.validation == "held_out" else 0.0
        return PartSampling(text, held_out, part, only, draw)

    def candidates(self) -> tuple[MetaAdapters, ...]:
        """Return itself."""
        return (self,)


@dataclass(frozen=True)
class MetaStep:
    """Names the step of Algorithm 1, and its mixed-batch form.

    With batches of one language, language i: phi_i moves by the gradient of the mean validation
    loss of all languages after a look-ahead of theta on language i, then theta moves by the
    training loss under the new phi_i. With mixed batches the same is done for all languages at
    once: one look-ahead on the mixed batch, one mixed validation batch.

    Attributes:
        shared: optimizer of theta.
        specific: optimizer of phi, with moments of its own.
        schedule: a key of `SCHEDULES`, for both.
        warm_up: share of the updates with a rising learning rate.
        clip: largest global L2 norm of the gradient of theta, and of phi.
        hypergradient: a key of `HYPERGRADIENTS`.
        inner_rate: beta; None = the current learning rate of theta (the authors' default).
        inner_preconditioner: `none` = plain look-ahead (the paper), `adam` = D from theta's second
            moments, so that it is as long as a real update.
        radius: r of the finite difference.
        inner: where the batch of the look-ahead comes from; None = the batch of theta's step.
        validation: where the mixed validation batch comes from, or that of each language.
        only_other_languages: J leaves out language i itself.
        order: `modules_first` as in the paper, `shared_first` as in the authors' code.
        shared_step_moves: `shared` = theta (the paper), `all` = phi_i too (the authors' code).
    """

    inner: SamplerSpec | None
    validation: tuple[SamplerSpec, ...]
    shared: AdamWSettings = field(default_factory=AdamWSettings)
    specific: AdamWSettings = field(default_factory=AdamWSettings)
    schedule: str = "cosine"
    warm_up: float = 0.1
    clip: float = 1.0
    hypergradient: str = "exact"
    inner_rate: float | None = None
    inner_preconditioner: Literal["none", "adam"] = "none"
    radius: float = 0.01
    only_other_languages: bool = False
    order: Literal["modules_first", "shared_first"] = "modules_first"
    shared_step_moves: Literal["shared", "all"] = "shared"

    @property
    def passes(self) -> float:
        """Forward-backward passes per update: inner + validation + what `mixed` costs + theta's."""
        if self.hypergradient == "first_order":
            return 3.0
        return 1.0 + len(self.validation) - self.only_other_languages + 2.0 + 1.0

    @property
    def samplers(self) -> tuple[SamplerSpec, ...]:
        """Where the batches of the look-ahead and of validation come from."""
        return (*(() if self.inner is None else (self.inner,)), *self.validation)

    def build(self, context: BuildContext) -> RunningMetaStep:
        """Return the step of one run."""
        from isogloss.treatments.steps.meta_adapters.step import RunningMetaStep

        return RunningMetaStep(self, context)

    def warnings(self, plan: TrainingPlan, context: BuildContext) -> tuple[str, ...]:
        """Return a warning where the held-out validation text is so little that it is memorised."""
        return memorised(self.validation, plan, context)
