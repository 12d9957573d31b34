"""Sequential Reptile: slow weights behind a walk through batches of one language each."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from isogloss.training import SingleLanguageSampling, TrainingPlan
from isogloss.treatments.steps.slow_weights.spec import SlowWeightsStep, inner_steps


@dataclass(frozen=True)
class SequentialReptile:
    """One inner walk over batches of all languages, one language a batch, then a slow step.

    theta starts at phi and takes K optimizer steps, each on a batch of one language; then
    phi <- phi + eta (theta - phi). With plain gradient steps of rate alpha, languages drawn with
    probabilities p, E[phi - theta_K] descends

        sum_t p_t L_t  -  alpha (K - 1) / 4  sum_{s,t} p_s p_t <g_s, g_t>   + O(alpha^2),

    so the inner products of different languages' gradients g grow, too.

    What the formula does not say: K plain joint steps with the same outer update have the same
    term, the two differ from the next order in alpha on; and with eta = 1 this is training with
    single-language batches. So compare it with `lookahead`, `single_language_batches`,
    `reptile` and `fish`, at one K and eta.

    Differs from the paper: languages get exact shares of the K batches, in an order drawn by lot,
    instead of one draw a batch, so that budgets are the same in every run. This replaces
    K (K - 1) / 2 Hbar gbar in the second-order term by
    (K^2 Hbar gbar - K sum_t p_t H_t g_t) / 2 (H: Hessians, bars: means): a little more weight on
    pairs of different languages. The paper's K, eta and exponent could not be looked up.

    Attributes:
        inner_steps: K; None = a fortieth of the training, because phi goes only a share eta of
            each inner walk: with few outer updates it stays near where it began.
        outer_learning_rate: eta.
        exponent: languages in proportion to size^exponent; None = as the untreated plan.
        optimizer_state: at an outer update "carry" the optimizer's moments over, or "reset" them.

    Reference:
        Lee, Lee, Lee, Hwang. Sequential Reptile: Inter-Task Gradient Alignment for Multilingual
        Learning. ICLR 2022, Algorithm 1. https://arxiv.org/abs/2110.02600

        @inproceedings{lee-etal-2022-sequential,
          title = {Sequential Reptile: Inter-Task Gradient Alignment for Multilingual Learning},
          author = {Lee, Seanie and Lee, Hae Beom and Lee, Juho and Hwang, Sung Ju},
          booktitle = {Proceedings of ICLR},
          year = {2022}
        }
    """

    name: ClassVar[str] = "sequential_reptile"
    parts: ClassVar[tuple[str, ...]] = ("sampler", "step")
    separate: ClassVar[bool] = False
    builds_on: ClassVar[tuple[str, ...]] = ("single_language_batches", "lookahead")
    claim: ClassVar[str] = (
        "In expectation an outer update also raises the inner products of different languages' "
        "gradients."
    )

    inner_steps: Annotated[int, Field(ge=1)] | None = None
    outer_learning_rate: Annotated[float, Field(gt=0, le=1)] = 0.1
    exponent: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    optimizer_state: Literal["carry", "reset"] = "carry"

    def apply(self, plan: TrainingPlan) -> TrainingPlan:
        """Return the plan with single-language batches and slow weights."""
        n_inner = inner_steps(self.inner_steps, plan)
        return plan.replace_parts(
            self.name,
            sampler=SingleLanguageSampling(plan.sampler, n_inner, self.exponent),
            step=SlowWeightsStep(
                plan.step, n_inner, self.outer_learning_rate, self.optimizer_state
            ),
        )

    def candidates(self) -> "tuple[SequentialReptile, ...]":
        """Return itself."""
        return (self,)
