"""L2-SP: weight decay towards the pretrained weights instead of towards zero."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from isogloss.training import BuildContext, OptimizerStep, SamplerSpec, TrainingPlan

if TYPE_CHECKING:
    from torch import Tensor

    from isogloss.data import Batch
    from isogloss.objectives import LanguageLosses
    from isogloss.training import RunningOptimizerStep, StepContext


@dataclass(frozen=True)
class L2SP:
    """Adds (strength / 2) ||theta - theta_0||^2 to the loss; theta_0: the run's first weights.

    The penalty is on the encoder, in place of its weight decay: nothing draws it to zero. A task's
    head, which is new, has no penalty. It is meant for runs that start from a pretrained model. The
    slots of languages that are absent from a batch stay where they are.

    Differs from the paper: there the new head is drawn towards zero with a strength of its own;
    here it has the weight decay of the plan.

    Attributes:
        strength: of the penalty; the paper's alpha.

    Reference:
        Li, Grandvalet, Davoine. Explicit Inductive Bias for Transfer Learning with Convolutional
        Networks. ICML 2018, equation 2. https://arxiv.org/abs/1802.01483

        @inproceedings{li-etal-2018-explicit,
          title = {Explicit Inductive Bias for Transfer Learning with Convolutional Networks},
          author = {Li, Xuhong and Grandvalet, Yves and Davoine, Franck},
          booktitle = {Proceedings of ICML},
          year = {2018}
        }
    """

    name: ClassVar[str] = "l2_sp"
    parts: ClassVar[tuple[str, ...]] = ("step",)
    separate: ClassVar[bool] = False
    claim: ClassVar[str] = "The weights stay nearer to where the run began than without it."

    strength: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 0.01

    def apply(self, plan: TrainingPlan) -> TrainingPlan:
        """Return the plan with the penalty in its step."""
        return plan.replace_parts(self.name, step=L2SPStep(plan.step, self.strength))  # type: ignore[arg-type]

    def candidates(self) -> tuple[L2SP, ...]:
        """Return itself."""
        return (self,)


@dataclass(frozen=True)
class L2SPStep:
    """Names the plain step with the penalty.

    Attributes:
        plain: the step that the penalty is added to.
        strength: of the penalty.
    """

    plain: OptimizerStep
    strength: float

    @property
    def passes(self) -> float:
        """One pass."""
        return 1.0

    @property
    def samplers(self) -> tuple[SamplerSpec, ...]:
        """Return nothing: it draws no batches of its own."""
        return ()

    def build(self, context: BuildContext) -> RunningL2SP:
        """Return the step of one run."""
        from isogloss.training import RunningOptimizerStep
        from isogloss.treatments.regularisation.anchor import Anchor

        plain = RunningOptimizerStep(
            self.plain, without_decay=lambda model: Anchor(model).parameters
        )
        return RunningL2SP(plain, self.strength)

    def warnings(self, plan: TrainingPlan, context: BuildContext) -> tuple[str, ...]:
        """Return the warnings of the step that is wrapped."""
        return self.plain.warnings(plan, context)


class RunningL2SP:
    """The plain step with the penalty's gradient added; see `Step` for the contract."""

    def __init__(self, plain: RunningOptimizerStep, strength: float) -> None:
        self._plain, self._strength = plain, strength
        self.learning_rate = plain.learning_rate
        self.metrics, self.finish = plain.metrics, plain.finish

    def start(self, context: StepContext) -> None:
        """Remember the weights that the run begins with."""
        from isogloss.treatments.regularisation.anchor import Anchor

        self._plain.start(context)
        self._anchor = Anchor(context.model)

    def update(self, update: int, batch: Batch) -> LanguageLosses:
        """Forward, backward, add strength (theta - theta_0) to the gradient, clip, step."""
        import torch

        losses = self._plain.accumulate(update, batch)
        with torch.no_grad():
            for name, theta in self._anchor.parameters.items():
                if theta.grad is not None:
                    theta.grad.add_(theta - self._anchor.values[name], alpha=self._strength)
        self._plain.move(update, batch)
        return losses

    def evaluation(self) -> AbstractContextManager[object]:
        """Return an empty context: the weights in training are the weights."""
        return self._plain.evaluation()

    def state(self) -> dict[str, Tensor]:
        """Return the optimizer's state and the first weights."""
        return {**self._plain.state(), **self._anchor.state()}

    def load_state(self, state: dict[str, Tensor]) -> None:
        """Take back what `state` returned."""
        anchor = self._anchor.state()
        self._anchor.load_state(state)
        self._plain.load_state({k: v for k, v in state.items() if k not in anchor})
