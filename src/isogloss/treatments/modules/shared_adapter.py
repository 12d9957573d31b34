"""One set of adapters that all languages use: the control for what adapters add in capacity."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from isogloss.models import ModuleSpec
from isogloss.training import TrainingPlan
from isogloss.treatments.modules.placement import Layers


@dataclass(frozen=True)
class SharedAdapter:
    """Two bottleneck adapters per layer that every language runs through.

    The same adapters as `language_adapters`, once: as many numbers as one language has there. What
    `language_adapters` gains over this is due to their being language-specific.

    Attributes:
        bottleneck: width of the adapter.
        initialise: "linear" (as the authors' code) or "zero_up" (starts as the identity).
        layers: numbers from 0 or a range such as "0-1"; None = all.

    Reference:
        Wang, Lipton, Tsvetkov. On Negative Interference in Multilingual Models: Findings and A
        Meta-Learning Treatment. EMNLP 2020, row "+share adpt". https://arxiv.org/abs/2010.03017

        @inproceedings{wang-etal-2020-negative,
          title = {On Negative Interference in Multilingual Models: Findings and A Meta-Learning
                   Treatment},
          author = {Wang, Zirui and Lipton, Zachary C. and Tsvetkov, Yulia},
          booktitle = {Proceedings of EMNLP},
          year = {2020}
        }
    """

    name: ClassVar[str] = "shared_adapter"
    parts: ClassVar[tuple[str, ...]] = ("modules",)
    separate: ClassVar[bool] = False
    claim: ClassVar[str] = (
        "Capacity alone: the adapters are the same for all languages, and scores stay near those "
        "of untreated joint training."
    )

    bottleneck: Annotated[int, Field(ge=1)] = 48
    initialise: Literal["linear", "zero_up"] = "linear"
    layers: Layers = None

    def apply(self, plan: TrainingPlan) -> TrainingPlan:
        """Return the plan with one adapter slot for all languages."""
        adapter = ModuleSpec.for_all(
            "adapter",
            len(plan.languages),
            layers=self.layers,
            bottleneck=self.bottleneck,
            initialise=self.initialise,
        )
        return plan.replace_parts(self.name, modules=(*plan.modules, adapter))

    def candidates(self) -> "tuple[SharedAdapter, ...]":
        """Return itself."""
        return (self,)
